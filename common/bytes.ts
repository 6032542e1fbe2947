/**
 * Numbers and strings as bytes, one after the other: what checkpoints are written in. Integers are LEB128, seven bits a
 * byte, low ones first. Needs Node (`Buffer`); pages have no use for it.
 */
export class ByteWriter {
  private bytes = Buffer.allocUnsafe(65_536);
  /** How much has been written; set to 0 to begin anew. */
  length = 0;

  private room(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + more));
    this.bytes.copy(larger, 0, 0, this.length);
    this.bytes = larger;
  }

  /** An integer 0 … 2⁵³. */
  number(value: number): void {
    this.room(9);
    let rest = value;
    // Beyond 31 bits the shifts of JavaScript lose digits, so divide until the rest fits.
    while (rest >= 0x8000_0000) {
      this.bytes[this.length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 128) {
      this.bytes[this.length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.bytes[this.length++] = rest;
  }

  /** An integer −2⁵² … 2⁵². */
  signed(value: number): void {
    this.number(value < 0 ? -2 * value - 1 : 2 * value);
  }

  double(value: number): void {
    this.room(8);
    this.length = this.bytes.writeDoubleLE(value, this.length);
  }

  /** Well-formed text: a lone surrogate comes back as U+FFFD. */
  text(value: string): void {
    const size = Buffer.byteLength(value);
    this.number(size);
    this.room(size);
    this.length += this.bytes.write(value, this.length);
  }

  /** Any string, lone surrogates included. */
  string(value: string): void {
    const plain = value.isWellFormed();
    const size = plain ? Buffer.byteLength(value) : value.length * 2;
    this.number(size * 2 + (plain ? 0 : 1));
    this.room(size);
    this.length += this.bytes.write(value, this.length, plain ? 'utf8' : 'utf16le');
  }

  /** Many strings as one text, so that reading them takes one decoding. */
  strings(list: readonly string[]): void {
    this.number(list.length);
    for (const one of list) this.number(one.length);
    this.string(list.join(''));
  }

  fixed32(value: number): void {
    this.room(4);
    this.length = this.bytes.writeUInt32LE(value, this.length);
  }

  /** Writes what `write` writes with its length in bytes before it. */
  sized(write: () => void): void {
    const start = this.length;
    this.room(4);
    this.length += 4;
    write();
    this.bytes.writeUInt32LE(this.length - start - 4, start);
  }

  /** What has been written, until more is. */
  written(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  /** A copy of what was written; the writer is empty afterwards. */
  take(): Buffer {
    const copy = Buffer.from(this.written());
    this.length = 0;
    return copy;
  }
}

/** Reads what `ByteWriter` wrote. Every method throws a `RangeError` past the end. */
export class ByteReader {
  private readonly bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  number(): number {
    const { bytes } = this;
    let at = this.at;
    let byte = bytes[at++]!;
    if (byte < 128) {
      this.at = at;
      return byte;
    }
    let value = byte & 127;
    byte = bytes[at++]!;
    value |= (byte & 127) << 7;
    if (byte >= 128) {
      byte = bytes[at++]!;
      value |= (byte & 127) << 14;
      if (byte >= 128) {
        byte = bytes[at++]!;
        value |= (byte & 127) << 21;
        let unit = 0x1000_0000;
        while (byte >= 128) {
          if (unit > 2 ** 49) throw new RangeError('malformed number');
          byte = bytes[at++]!;
          value += (byte & 127) * unit;
          unit *= 128;
        }
      }
    }
    // A byte past the end is no number, so every loop above has ended with it.
    if (at > bytes.length) throw new RangeError('cut off');
    this.at = at;
    return value;
  }

  signed(): number {
    const value = this.number();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  double(): number {
    const value = this.bytes.readDoubleLE(this.at);
    this.at += 8;
    return value;
  }

  fixed32(): number {
    const value = this.bytes.readUInt32LE(this.at);
    this.at += 4;
    return value;
  }

  text(): string {
    return this.characters(this.number(), 'utf8');
  }

  /** Passes over a text if it is this one in UTF-8, without making a string of it; returns whether it is. */
  passText(wanted: Uint8Array): boolean {
    const { bytes, at } = this;
    const size = this.number();
    const start = this.at;
    let same = size === wanted.length && start + size <= bytes.length;
    // From its end: codes of one kind begin alike.
    for (let i = size - 1; same && i >= 0; i--) same = bytes[start + i] === wanted[i];
    this.at = same ? start + size : at;
    return same;
  }

  string(): string {
    const head = this.number();
    return this.characters(Math.floor(head / 2), head % 2 === 0 ? 'utf8' : 'utf16le');
  }

  /** Strings that are slices of one text: whoever keeps one must copy it (`ownString`), or keeps the whole text alive. */
  strings(): string[] {
    const ends: number[] = [];
    let end = 0;
    for (let n = this.number(); n > 0; n--) ends.push((end += this.number()));
    const text = this.string();
    let start = 0;
    return ends.map((next) => {
      const slice = text.slice(start, next);
      start = next;
      return slice;
    });
  }

  private characters(size: number, encoding: 'utf8' | 'utf16le'): string {
    const end = this.at + size;
    if (end > this.bytes.length) throw new RangeError('cut off');
    const text = this.bytes.toString(encoding, this.at, end);
    this.at = end;
    return text;
  }
}

/** A copy that shares nothing with the text it was cut from. */
export function ownString(slice: string): string {
  // One byte a character where that is enough: the engine keeps the width it is given.
  const bytes = Buffer.from(slice, 'latin1');
  const narrow = bytes.toString('latin1');
  return narrow === slice ? narrow : Buffer.from(slice, 'utf16le').toString('utf16le');
}
