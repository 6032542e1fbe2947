import type { SubjectKey } from '../../../common/subjectKey.ts';
import { KeyTable } from '../assess/keyTable.ts';
import { ByteStore } from './byteStore.ts';
import { NEVER, type Subject } from './subject.ts';
import { decodeSubject, encodeSubject, newSubject } from './subjectCodec.ts';
import type { Words } from './words.ts';

/**
 * All subjects of a region in the engine's memory, as the bytes that Redis has of them, outside of the heap. A subject is decoded while
 * a batch needs it.
 */
export class SubjectTable {
  private readonly keys = new KeyTable();
  private readonly stored = new ByteStore();
  private due = new Int32Array(1024);
  /** By day: subjects that were to be looked at on it when they were last put. */
  private readonly timers = new Map<number, number[]>();
  private readonly words: Words;

  constructor(words: Words) {
    this.words = words;
  }

  /** One more than the greatest number given. */
  get size(): number {
    return this.keys.size;
  }

  has(key: SubjectKey): boolean {
    return this.keys.find(key) >= 0;
  }

  /** Undefined for a number that was never stored. */
  keyOf(n: number): SubjectKey | undefined {
    return this.keys.text(n) as SubjectKey | undefined;
  }

  /** A copy, to be changed and put back; a new one where there is none. */
  open(key: SubjectKey): Subject {
    const n = this.keys.intern(key);
    this.reach(n);
    const bytes = this.stored.get(n);
    return bytes ? decodeSubject(key, bytes, this.words) : newSubject(key, n);
  }

  /** @returns its bytes, to be stored */
  put(subject: Subject): Buffer {
    const bytes = encodeSubject(subject, this.words);
    this.stored.put(subject.n, bytes);
    this.setTimer(subject.n, subject.due);
    return bytes;
  }

  /** As it was stored. */
  load(key: SubjectKey, bytes: Buffer, { n, due }: Pick<Subject, 'n' | 'due'>): void {
    this.keys.place(key, n);
    this.reach(n);
    this.stored.put(n, bytes);
    this.setTimer(n, due);
  }

  /** Takes out the numbers of all subjects that are to be looked at on `day` or were before. */
  takeDue(day: number): number[] {
    const found: number[] = [];
    for (const [on, numbers] of this.timers) {
      if (on > day) continue;
      this.timers.delete(on);
      for (const n of numbers) if (this.due[n] === on) found.push(n);
    }
    return found;
  }

  private reach(n: number): void {
    if (n < this.due.length) return;
    const larger = new Int32Array(Math.max(n + 1, Math.ceil(this.due.length * 1.5)));
    larger.set(this.due);
    this.due = larger;
  }

  private setTimer(n: number, due: number): void {
    if (this.due[n] === due) return;
    this.due[n] = due;
    if (due === NEVER) return;
    const numbers = this.timers.get(due);
    if (numbers) numbers.push(n);
    else this.timers.set(due, [n]);
  }
}
