import type { ScriptTail } from '../../platform/redis/script.ts';

const RETURN = 13;
const NEWLINE = 10;
const DOLLAR = 36;
const ZERO = 48;
/** More than `$`, a length and two ends of lines take. */
const FRAME = 24;

/**
 * Subjects that a batch writes, each with its key, as Redis is sent them: two arguments each, one after the other in one buffer. A buffer
 * and two arguments for each of them would live until they are stored, and be most of what the collector has to copy.
 */
export class SubjectWrites {
  /** How many subjects. */
  count = 0;
  private bytes = Buffer.allocUnsafeSlow(1 << 16);
  private end = 0;

  clear(): void {
    this.count = 0;
    this.end = 0;
  }

  /** @param bytes from `from` to `to`; they are copied */
  add(key: string, bytes: Uint8Array, from: number, to: number): void {
    this.count++;
    // A character of a key has at most 3 bytes.
    this.room(3 * key.length + to - from + 2 * FRAME);
    const length = Buffer.byteLength(key);
    this.head(length);
    this.end += this.bytes.write(key, this.end, length);
    this.line();
    this.head(to - from);
    const target = this.bytes;
    let { end } = this;
    for (let i = from; i < to; i++) target[end++] = bytes[i]!;
    this.end = end;
    this.line();
  }

  /** As arguments of a script: a view, good until `clear`. */
  get tail(): ScriptTail {
    return { count: 2 * this.count, bytes: this.bytes.subarray(0, this.end) };
  }

  /** Once more what was added. */
  *entries(): Iterable<[key: string, bytes: Buffer]> {
    let at = 0;
    const next = (): Buffer => {
      const line = this.bytes.indexOf(RETURN, at);
      const length = Number(this.bytes.toString('latin1', at + 1, line));
      at = line + 2 + length + 2;
      return Buffer.from(this.bytes.subarray(line + 2, line + 2 + length));
    };
    while (at < this.end) yield [next().toString(), next()];
  }

  private head(length: number): void {
    const { bytes } = this;
    bytes[this.end++] = DOLLAR;
    let scale = 1;
    while (length >= scale * 10) scale *= 10;
    for (; scale >= 1; scale = Math.floor(scale / 10)) bytes[this.end++] = ZERO + (Math.floor(length / scale) % 10);
    this.line();
  }

  private line(): void {
    this.bytes[this.end++] = RETURN;
    this.bytes[this.end++] = NEWLINE;
  }

  private room(length: number): void {
    if (this.end + length <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.bytes.length, this.end + length));
    larger.set(this.bytes.subarray(0, this.end));
    this.bytes = larger;
  }
}
