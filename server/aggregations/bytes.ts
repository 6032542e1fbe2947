/** A growing buffer for the bucket codec. Numbers are LEB128: seven bits a byte, low ones first. */
export class ByteWriter {
  private bytes = Buffer.allocUnsafe(65_536);
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

  text(value: string): void {
    const size = Buffer.byteLength(value);
    this.number(size);
    this.room(size);
    this.bytes.write(value, this.length);
    this.length += size;
  }

  fixed32(value: number): void {
    this.room(4);
    this.bytes.writeUInt32LE(value, this.length);
    this.length += 4;
  }

  /** Writes what `write` writes with its length in bytes before it. */
  sized(write: () => void): void {
    const start = this.length;
    this.room(4);
    this.length += 4;
    write();
    this.bytes.writeUInt32LE(this.length - start - 4, start);
  }

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
          byte = bytes[at++]!;
          value += (byte & 127) * unit;
          unit *= 128;
        }
      }
    }
    this.at = at;
    return value;
  }

  fixed32(): number {
    const value = this.bytes.readUInt32LE(this.at);
    this.at += 4;
    return value;
  }

  text(): string {
    const size = this.number();
    const value = this.bytes.toString('utf8', this.at, this.at + size);
    this.at += size;
    return value;
  }
}
