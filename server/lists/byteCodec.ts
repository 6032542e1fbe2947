/** Writes numbers and strings compactly, one after the other. */
export class ByteWriter {
  private buffer = Buffer.allocUnsafe(65_536);
  private end = 0;

  private room(bytes: number): void {
    if (this.end + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.end + bytes, this.buffer.length * 2));
    this.buffer.copy(larger, 0, 0, this.end);
    this.buffer = larger;
  }

  /** An integer from 0 to 2^53 − 1: seven bits a byte, lowest first. */
  unsigned(value: number): void {
    this.room(8);
    let rest = value;
    while (rest >= 0x10000000) {
      this.buffer[this.end++] = (rest % 128) | 0x80;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 0x80) {
      this.buffer[this.end++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.buffer[this.end++] = rest;
  }

  /** An integer from −2^52 to 2^52. */
  signed(value: number): void {
    this.unsigned(value < 0 ? -2 * value - 1 : 2 * value);
  }

  double(value: number): void {
    this.room(8);
    this.end = this.buffer.writeDoubleLE(value, this.end);
  }

  /** Any string, lone surrogates included. */
  string(text: string): void {
    let bytes = Buffer.byteLength(text, 'utf8');
    const plain = text.isWellFormed();
    if (!plain) bytes = text.length * 2;
    this.unsigned(bytes * 2 + (plain ? 0 : 1));
    this.room(bytes);
    this.end += this.buffer.write(text, this.end, plain ? 'utf8' : 'utf16le');
  }

  /** Many strings as one text, so that reading them takes one decoding. */
  strings(list: readonly string[]): void {
    this.unsigned(list.length);
    for (const text of list) this.unsigned(text.length);
    this.string(list.join(''));
  }

  finish(): Buffer {
    return Buffer.from(this.buffer.subarray(0, this.end));
  }
}

/** Reads what ByteWriter wrote. @throws RangeError past the end. */
export class ByteReader {
  private readonly buffer: Buffer;
  private at: number;

  constructor(buffer: Buffer, start = 0) {
    this.buffer = buffer;
    this.at = start;
  }

  unsigned(): number {
    const { buffer } = this;
    let byte = buffer[this.at++];
    if (byte === undefined) throw new RangeError('truncated');
    if (byte < 0x80) return byte;
    let value = byte & 0x7f;
    let unit = 128;
    do {
      byte = buffer[this.at++];
      if (byte === undefined || unit > 2 ** 49) throw new RangeError('malformed number');
      value += (byte & 0x7f) * unit;
      unit *= 128;
    } while (byte >= 0x80);
    return value;
  }

  signed(): number {
    const value = this.unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  double(): number {
    const value = this.buffer.readDoubleLE(this.at);
    this.at += 8;
    return value;
  }

  /**
   * Strings that are slices of one text: whoever keeps one must copy it (`ownString`), or keeps the whole text alive.
   */
  strings(): string[] {
    const ends: number[] = [];
    let end = 0;
    for (let n = this.unsigned(); n > 0; n--) ends.push((end += this.unsigned()));
    const text = this.string();
    let start = 0;
    return ends.map((next) => {
      const slice = text.slice(start, next);
      start = next;
      return slice;
    });
  }

  string(): string {
    const head = this.unsigned();
    const bytes = Math.floor(head / 2);
    const end = this.at + bytes;
    if (end > this.buffer.length) throw new RangeError('truncated');
    const text = this.buffer.toString(head % 2 === 0 ? 'utf8' : 'utf16le', this.at, end);
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
