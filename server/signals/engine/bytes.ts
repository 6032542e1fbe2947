/**
 * Numbers and texts as bytes, as short as they can be without a loss. Whole numbers take 7 bits a byte, small ones first; times count
 * from 2026 in seconds where they are whole seconds.
 */

const TIME_BASE = Date.UTC(2026, 0, 1);
const WHOLE = /^(?:0|[1-9]\d{0,14})$/;

/** Writes into one buffer, which grows; `take` copies what was written. */
export class ByteWriter {
  private bytes = Buffer.allocUnsafeSlow(4096);
  private at = 0;

  /** How much was written since the last time. */
  get length(): number {
    return this.at;
  }

  /** What was written since the last time; a view, good until more is written. */
  written(): Buffer {
    return this.bytes.subarray(0, this.at);
  }

  /** The buffer that is written into, good until more is written: what it has up to `length`. */
  get buffer(): Buffer {
    return this.bytes;
  }

  /** Begins again. */
  clear(): void {
    this.at = 0;
  }

  /** A copy of all that was written since the last time. */
  take(): Buffer {
    const taken = Buffer.from(this.bytes.subarray(0, this.at));
    this.at = 0;
    return taken;
  }

  /** @param value a whole number from 0 to 2^53 - 1 */
  uint(value: number): void {
    this.room(8);
    const { bytes } = this;
    while (value > 0x7fff_ffff) {
      bytes[this.at++] = (value % 128) | 128;
      value = Math.floor(value / 128);
    }
    while (value > 127) {
      bytes[this.at++] = (value & 127) | 128;
      value >>>= 7;
    }
    bytes[this.at++] = value;
  }

  /** @param value a whole number of at most 52 bits, with its sign */
  int(value: number): void {
    this.uint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.uint(length);
    this.utf8(value, length);
  }

  /** A text, of which whole decimal numbers take little room. */
  id(value: string): void {
    if (WHOLE.test(value)) return this.uint(2 * Number(value) + 1);
    const length = Buffer.byteLength(value);
    this.uint(2 * length);
    this.utf8(value, length);
  }

  /** Epoch ms, whole. */
  time(value: number): void {
    const since = value - TIME_BASE;
    this.int(since % 1000 === 0 ? (since / 1000) * 2 : since * 2 + 1);
  }

  /** Thousandths, of which whole units take less. */
  thousandths(value: number): void {
    this.uint(value % 1000 === 0 ? (value / 1000) * 2 : value * 2 + 1);
  }

  /** Any number; one with at most 7 decimals takes less than one that needs all digits. */
  decimal(value: number): void {
    const scaled = Math.round(value * 1e7);
    if (Math.abs(scaled) < 2 ** 50 && scaled / 1e7 === value) return this.int(scaled * 2);
    this.int(1);
    this.room(8);
    this.bytes.writeDoubleLE(value, this.at);
    this.at += 8;
  }

  /** Bytes as they are, without their length. */
  copy(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** A part of some bytes as they are. */
  range(bytes: Uint8Array, from: number, to: number): void {
    this.room(to - from);
    const target = this.bytes;
    let { at } = this;
    // Short ones, mostly: a view of them would cost more than they do.
    for (let i = from; i < to; i++) target[at++] = bytes[i]!;
    this.at = at;
  }

  private utf8(value: string, length: number): void {
    this.room(length);
    this.at += this.bytes.write(value, this.at, length);
  }

  private room(length: number): void {
    if (this.at + length <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.bytes.length, this.at + length));
    larger.set(this.bytes.subarray(0, this.at));
    this.bytes = larger;
  }
}

/** Reads what a ByteWriter wrote, in the same order. Past the end everything is 0 or ''. */
export class ByteReader {
  /** Where it reads on. */
  at: number;
  private bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.at = 0;
  }

  /** Goes on elsewhere: one reader for many texts costs less than one for each. */
  reset(bytes: Buffer, at: number): void {
    this.bytes = bytes;
    this.at = at;
  }

  /** All was read, and nothing past the end. */
  get isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  /** Writes what was read from a place on. */
  copyTo(writer: ByteWriter, from: number): void {
    writer.range(this.bytes, from, this.at);
  }

  uint(): number {
    const { bytes } = this;
    let byte = bytes[this.at++] ?? 0;
    if (byte < 128) return byte;
    let value = byte & 127;
    let scale = 128;
    do {
      byte = bytes[this.at++] ?? 0;
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte >= 128);
    return value;
  }

  int(): number {
    const value = this.uint();
    return value % 2 ? -(value + 1) / 2 : value / 2;
  }

  text(): string {
    return this.utf8(this.uint());
  }

  id(): string {
    const value = this.uint();
    return value % 2 ? String((value - 1) / 2) : this.utf8(value / 2);
  }

  skipText(): void {
    const length = this.uint();
    this.at += length;
  }

  skipId(): void {
    const value = this.uint();
    if (value % 2 === 0) this.at += value / 2;
  }

  /** A copy of what has not been read. */
  rest(): Buffer {
    return Buffer.from(this.bytes.subarray(this.at));
  }

  time(): number {
    const value = this.int();
    return TIME_BASE + (value % 2 === 0 ? (value / 2) * 1000 : (value - 1) / 2);
  }

  thousandths(): number {
    const value = this.uint();
    return value % 2 ? (value - 1) / 2 : (value / 2) * 1000;
  }

  decimal(): number {
    const value = this.int();
    if (value % 2 === 0) return value / 2 / 1e7;
    this.at += 8;
    return this.bytes.readDoubleLE(this.at - 8);
  }

  private utf8(length: number): string {
    this.at += length;
    return this.bytes.toString('utf8', this.at - length, this.at);
  }
}
