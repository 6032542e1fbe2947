/** A record: hash, order key (32 bits each), length in bytes (16 bits; top bit: two bytes a character), the id. */
const RECORD_HEADER = 10;
const WIDE = 0x8000;

/** Latin-1 in lower case, which is Latin-1 again. */
const LOWER = Uint8Array.from({ length: 256 }, (_, code) => String.fromCharCode(code).toLowerCase().charCodeAt(0));

/** Ids that are kept whole, one after the other in one buffer; each is known by its offset. */
export class RawIds {
  /** Whether any goes beyond Latin-1. */
  hasWide = false;
  private arena = Buffer.alloc(0);
  private end = 0;

  get hasAny(): boolean {
    return this.end > 0;
  }

  /** @returns where it is. @throws RangeError for ids of 32 KiB and more */
  append(id: string, hash: number, orderKey: number): number {
    // Lone surrogates are legal in JSON and would not survive UTF-8; so one byte a character or two.
    let wide = false;
    for (let i = 0; i < id.length && !wide; i++) wide = id.charCodeAt(i) > 0xff;
    this.hasWide ||= wide;
    const bytes = wide ? id.length * 2 : id.length;
    if (bytes >= WIDE) throw new RangeError('alert id too long');
    const offset = this.end;
    const end = offset + RECORD_HEADER + bytes;
    if (end > this.arena.length) {
      const larger = Buffer.alloc(Math.max(end, this.arena.length + Math.max(65_536, this.arena.length >>> 2)));
      this.arena.copy(larger, 0, 0, offset);
      this.arena = larger;
    }
    this.arena.writeUInt32LE(hash, offset);
    this.arena.writeUInt32LE(orderKey, offset + 4);
    this.arena.writeUInt16LE(bytes | (wide ? WIDE : 0), offset + 8);
    this.arena.write(id, offset + RECORD_HEADER, wide ? 'utf16le' : 'latin1');
    this.end = end;
    return offset;
  }

  id(offset: number): string {
    const length = this.arena.readUInt16LE(offset + 8);
    const start = offset + RECORD_HEADER;
    return length & WIDE
      ? this.arena.toString('utf16le', start, start + (length & ~WIDE))
      : this.arena.toString('latin1', start, start + length);
  }

  hash(offset: number): number {
    return this.arena.readUInt32LE(offset);
  }

  orderKey(offset: number): number {
    return this.arena.readUInt32LE(offset + 4);
  }

  /** Whether an id contains a text, which is in lower case. `bytes`: the text in Latin-1, if it can be. */
  contains(offset: number, text: string, bytes: Uint8Array | undefined): boolean {
    const { arena } = this;
    const length = arena[offset + 8]! | (arena[offset + 9]! << 8);
    if (length & WIDE) return this.id(offset).toLowerCase().includes(text);
    if (!bytes) return false;
    const last = offset + RECORD_HEADER + length - bytes.length;
    const first = bytes[0]!;
    for (let start = offset + RECORD_HEADER; start <= last; start++) {
      if (LOWER[arena[start]!] !== first) continue;
      let matched = 1;
      while (matched < bytes.length && LOWER[arena[start + matched]!] === bytes[matched]) matched++;
      if (matched === bytes.length) return true;
    }
    return false;
  }
}
