import type { SubjectKey } from '../../../common/subjectKey.ts';
import { ByteWriter } from './bytes.ts';
import { writeFinding } from './findingCodec.ts';
import { writeRegistration } from './registrationCodec.ts';
import type { Finding, Registration } from './subject.ts';
import type { Words } from './words.ts';

/** A subject as lists and figures need it. */
export interface SubjectRow {
  key: SubjectKey;
  n: number;
  /** It is watched: registered or observed, and does not answer as somebody else. */
  shown: boolean;
  /** UNCHANGED: the one that an earlier row had, or that was stored. */
  registration?: Registration | typeof UNCHANGED | undefined;
  /** What it is called by those who observed it, where it is not registered. */
  name?: string | undefined;
  found?: Finding | undefined;
}
export const UNCHANGED = 1;

/** Flags of a row. One that is not shown has nothing else. */
export const ROW = { shown: 1, unchanged: 2, registered: 4, found: 8, named: 16 } as const;

/**
 * Rows of an entry of the engine's feed, as bytes (bytes.ts): number, flags, then what there is of it. The key is in those that may be new to
 * who reads the feed; registrations and findings are written as they are stored. As texts, or as objects, they would be most of
 * what the collectors of both ends have to copy.
 */
export class FeedRows {
  /** How many rows. */
  count = 0;
  private readonly writer = new ByteWriter();

  clear(): void {
    this.count = 0;
    this.writer.clear();
  }

  /** All rows, one after the other: a view, good until the next one. */
  get written(): Buffer {
    return this.writer.written();
  }

  add({ key, n, shown, registration, name, found }: SubjectRow, words: Words): void {
    const { writer } = this;
    const unchanged = registration === UNCHANGED;
    const named = !registration && name !== undefined;
    const known = unchanged ? ROW.unchanged : registration ? ROW.registered : named ? ROW.named : 0;
    this.begin(key, n, shown, known | (found ? ROW.found : 0));
    if (!shown) return;
    if (named) writer.text(name);
    // The rest of what was registered is asked for by nobody who reads this.
    if (registration && !unchanged) writeRegistration(writer, { ...registration, more: undefined }, words);
    if (found) writeFinding(writer, found, words);
  }

  /**
   * The row of a subject of which others know all but what was found now, or which is called by its key.
   * @param registered whether it is, which they know
   * @param finding so many bytes from the beginning of `bytes`
   */
  addFound(key: SubjectKey, n: number, shown: boolean, registered: boolean, bytes: Uint8Array, finding: number): void {
    this.begin(key, n, shown, (registered ? ROW.unchanged : 0) | ROW.found);
    if (shown) this.writer.range(bytes, 0, finding);
  }

  private begin(key: SubjectKey, n: number, shown: boolean, has: number): void {
    this.count++;
    const { writer } = this;
    writer.uint(n);
    writer.uint(shown ? ROW.shown | has : 0);
    if (shown && !(has & ROW.unchanged)) writer.text(key);
  }
}
