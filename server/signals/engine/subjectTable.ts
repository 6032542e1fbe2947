import type { SubjectKey } from '../../../common/subjectKey.ts';
import { NEVER, type Subject } from './subject.ts';
import { decodeSubject, encodeSubject, newSubject } from './subjectCodec.ts';
import type { Words } from './words.ts';

/**
 * All subjects of a region in the engine's memory, as text in bytes (a character each): about what they take in Redis. A subject is
 * decoded while a batch needs it.
 */
export class SubjectTable {
  private readonly keys: SubjectKey[] = [];
  private readonly texts: string[] = [];
  private readonly numbers = new Map<SubjectKey, number>();
  private due = new Int32Array(1024);
  /** By day: subjects that were to be looked at on it when they were last put. */
  private readonly timers = new Map<number, number[]>();
  private readonly words: Words;

  constructor(words: Words) {
    this.words = words;
  }

  /** One more than the greatest number given. */
  get size(): number {
    return this.keys.length;
  }

  has(key: SubjectKey): boolean {
    return this.numbers.has(key);
  }

  /** Undefined for a number that was never stored. */
  keyOf(n: number): SubjectKey | undefined {
    return this.keys[n];
  }

  /** A copy, to be changed and put back; a new one where there is none. */
  open(key: SubjectKey): Subject {
    const n = this.numbers.get(key);
    if (n === undefined) {
      const made = newSubject(key, this.keys.length);
      this.place(key, made.n);
      return made;
    }
    const text = this.texts[n]!;
    return text === '' ? newSubject(key, n) : decodeSubject(key, Buffer.from(text, 'latin1').toString(), this.words);
  }

  /** @returns its text in UTF-8, to be stored */
  put(subject: Subject): Buffer {
    const bytes = Buffer.from(encodeSubject(subject, this.words));
    this.texts[subject.n] = bytes.toString('latin1');
    this.setTimer(subject.n, subject.due);
    return bytes;
  }

  /** As it was stored. */
  load(key: SubjectKey, bytes: Buffer, { n, due }: Pick<Subject, 'n' | 'due'>): void {
    this.place(key, n);
    this.texts[n] = bytes.toString('latin1');
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

  private place(key: SubjectKey, n: number): void {
    this.numbers.set(key, n);
    this.keys[n] = key;
    this.texts[n] ??= '';
    if (n < this.due.length) return;
    const larger = new Int32Array(Math.max(n + 1, this.due.length * 2));
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
