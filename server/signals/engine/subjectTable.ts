import type { SubjectKey } from '../../../common/subjectKey.ts';
import { KeyTable } from '../assess/keyTable.ts';
import { ByteStore } from './byteStore.ts';
import { NEVER, type Subject } from './subject.ts';
import type { OpenSubject } from './openSubject.ts';
import { encodeSubject, openSubject } from './subjectCodec.ts';
import type { Words } from './words.ts';

/**
 * All subjects of a region in the engine's memory, as the bytes that Redis has of them, outside of the heap. A subject is decoded while
 * a batch needs it.
 */
export class SubjectTable {
  /** By their numbers; for whoever else goes by them. */
  readonly keys = new KeyTable();
  /** Whether anything is kept under a name. */
  hasNames = false;
  private readonly stored = new ByteStore();
  /** By number: the day on which it is to be looked at. */
  private due = new Int32Array(1024).fill(NEVER);
  /** Those that are to be looked at on this day or were before have been taken. */
  private taken = -Infinity;
  /** None that has not been taken is due before. */
  private soonest = NEVER;
  /** Those that were put with a day that had been taken. */
  private late: number[] = [];
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
  open(key: SubjectKey): OpenSubject {
    const n = this.numberOf(key);
    return openSubject(key, n, this.stored.get(n), this.words);
  }

  /** @returns its bytes, to be stored */
  put(subject: Subject): Buffer {
    const bytes = encodeSubject(subject, this.words);
    this.stored.put(subject.n, bytes);
    this.setTimer(subject.n, subject.due);
    return bytes;
  }

  /** Puts the bytes of a subject. @param length so many of them @param due the day that they say */
  putBytes(n: number, bytes: Uint8Array, length: number, due: number): void {
    this.stored.put(n, bytes, length);
    this.setTimer(n, due);
  }

  /** Copies the bytes of a subject. @returns their length, 0 where there are none, -1 where they are more than `most` */
  copyTo(n: number, target: Uint8Array, most: number): number {
    return this.stored.copyTo(n, target, most);
  }

  /** The number of a key, from now on if it had none. */
  numberOf(key: SubjectKey): number {
    const n = this.keys.intern(key);
    this.hasNames ||= key.startsWith('N:');
    this.reach(n);
    return n;
  }

  /** As it was stored. */
  load(key: SubjectKey, bytes: Buffer, { n, due }: Pick<Subject, 'n' | 'due'>): void {
    this.keys.place(key, n);
    this.hasNames ||= key.startsWith('N:');
    this.reach(n);
    this.stored.put(n, bytes);
    this.setTimer(n, due);
  }

  /** Takes out the numbers of all subjects that are to be looked at on `day` or were before. */
  takeDue(day: number): number[] {
    const found = this.late.filter((n) => this.due[n]! <= this.taken);
    this.late = [];
    if (day < this.soonest || day <= this.taken) return found;
    this.soonest = NEVER;
    for (let n = 0; n < this.due.length; n++) {
      const on = this.due[n]!;
      if (on > day) this.soonest = Math.min(this.soonest, on);
      else if (on > this.taken) found.push(n);
    }
    this.taken = day;
    return found;
  }

  private reach(n: number): void {
    if (n < this.due.length) return;
    const larger = new Int32Array(Math.max(n + 1, Math.ceil(this.due.length * 1.25))).fill(NEVER, this.due.length);
    larger.set(this.due);
    this.due = larger;
  }

  private setTimer(n: number, due: number): void {
    if (this.due[n] === due) return;
    this.due[n] = due;
    if (due <= this.taken) this.late.push(n);
    else this.soonest = Math.min(this.soonest, due);
  }
}
