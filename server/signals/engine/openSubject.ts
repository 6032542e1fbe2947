import type { SubjectKey } from '../../../common/subjectKey.ts';
import type { AlertMark } from './alertMarks.ts';
import { ByteReader } from './bytes.ts';
import { readHeadcount, readRegistration } from './registrationCodec.ts';
import { NEVER, type Finding, type KeptObservation, type Registration, type Subject } from './subject.ts';
import type { Words } from './words.ts';

/** A subject that a batch needs: its registration stays as bytes until somebody asks for it. */
export class OpenSubject implements Subject {
  readonly key: SubjectKey;
  readonly n: number;
  observations: KeptObservation[] = [];
  alerts: AlertMark[] = [];
  owner: SubjectKey | undefined;
  found: Finding | undefined;
  scores: [day: number, tenths: number][] = [];
  due = NEVER;
  /** Its registration as it was stored, while that holds. */
  packed: Buffer | undefined;
  private read: Registration | undefined;
  private readonly words: Words;

  constructor(key: SubjectKey, n: number, words: Words) {
    this.key = key;
    this.n = n;
    this.words = words;
  }

  get isRegistered(): boolean {
    return this.packed !== undefined || this.read !== undefined;
  }

  get registration(): Registration | undefined {
    if (this.packed) this.read ??= readRegistration(new ByteReader(this.packed), this.words);
    return this.read;
  }

  set registration(registration: Registration | undefined) {
    this.packed = undefined;
    this.read = registration;
  }

  /** Of its registration. */
  get headcount(): number | undefined {
    return this.packed && !this.read ? readHeadcount(new ByteReader(this.packed)) : this.read?.headcount;
  }
}
