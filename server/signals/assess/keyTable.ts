const CHUNK = 1 << 20;
/** More than any key takes: names have at most a few hundred characters, of 3 bytes at most each. */
const LONGEST = 0xffff;
/** Before the text: its length, 2 bytes. */
const HEAD = 2;

/**
 * Texts with small whole numbers, both ways, outside of the heap: about 15 bytes each beside the text. None is ever taken out.
 * Texts are told by their UTF-8.
 */
export class KeyTable {
  private readonly chunks: Buffer[] = [];
  /** By chunk: up to where it is written. */
  private readonly ends: number[] = [];
  /** 1 + where it begins, counted over all chunks. */
  private start = new Uint32Array(1024);
  /** Open addressing: 1 + number, 0 for none. A power of two. */
  private slots = new Int32Array(2048);
  private count = 0;
  private greatest = -1;
  /** The text that is being looked for. */
  private probe = Buffer.allocUnsafeSlow(256);
  private probeLength = 0;

  /** One more than the greatest number. */
  get size(): number {
    return this.greatest + 1;
  }

  /** -1 where there is none. */
  find(text: string): number {
    return this.slots[this.slotOf(this.hash(text))]! - 1;
  }

  /** The number that a text of another table has here; -1 where there is none. @param n its number there, which it has */
  findOf(other: KeyTable, n: number): number {
    const at = other.start[n]! - 1;
    const from = at % CHUNK;
    const chunk = other.chunks[(at - from) / CHUNK]!;
    const length = lengthAt(chunk, from);
    if (length > this.probe.length) this.probe = Buffer.allocUnsafeSlow(length);
    for (let i = 0; i < length; i++) this.probe[i] = chunk[from + HEAD + i]!;
    this.probeLength = length;
    return this.slots[this.slotOf(hashOf(this.probe, 0, length))]! - 1;
  }

  text(n: number): string | undefined {
    const start = this.start[n];
    if (!start) return undefined;
    const from = (start - 1) % CHUNK;
    const chunk = this.chunks[(start - 1 - from) / CHUNK]!;
    return chunk.toString('utf8', from + HEAD, from + HEAD + lengthAt(chunk, from));
  }

  /** The number of a text; if it has none, the next one. */
  intern(text: string): number {
    const slot = this.slotOf(this.hash(text));
    const found = this.slots[slot]! - 1;
    return found < 0 ? this.add(slot, this.size) : found;
  }

  /** Gives a text the number that it has elsewhere. @throws RangeError when it has another one, or another text has that number */
  place(text: string, n: number): void {
    const slot = this.slotOf(this.hash(text));
    const found = this.slots[slot]! - 1;
    if (found === n) return;
    if (found >= 0 || this.start[n]) throw new RangeError(`number ${n} cannot be that of ${text}`);
    this.add(slot, n);
  }

  /** The order of two texts by code unit, by their numbers, as `<` has it. */
  compare(a: number, b: number): number {
    return a === b ? 0 : compareUtf8(this.bytes(a), this.bytes(b));
  }

  /** Likewise of a text by its number, and any text in UTF-8. */
  compareTo(n: number, text: Uint8Array): number {
    return compareUtf8(this.bytes(n), text);
  }

  /** Numbers of the texts that have `needle` in them, from their byte `after` on; an empty one is in none. */
  search(needle: Buffer, after: number): Set<number> {
    const found = new Set<number>();
    // `indexOf` finds nothing at every place, also behind the end.
    if (needle.length === 0) return found;
    this.chunks.forEach((whole, i) => {
      const chunk = whole.subarray(0, this.ends[i]);
      let from = 0;
      for (let hit = chunk.indexOf(needle); hit >= 0; hit = chunk.indexOf(needle, hit)) {
        let to = from + HEAD + lengthAt(chunk, from);
        while (to <= hit) {
          from = to;
          to += HEAD + lengthAt(chunk, from);
        }
        const within = hit >= from + HEAD + after && hit + needle.length <= to;
        if (within) found.add(this.find(chunk.toString('utf8', from + HEAD, to)));
        // What is not within one, as a length looks like it, may be followed by what is.
        hit = within ? to : hit + 1;
      }
    });
    return found;
  }

  private bytes(n: number): Buffer {
    const at = this.start[n]! - 1;
    const from = at % CHUNK;
    const chunk = this.chunks[(at - from) / CHUNK]!;
    return chunk.subarray(from + HEAD, from + HEAD + lengthAt(chunk, from));
  }

  /** Puts the probe where it was looked for and not found. */
  private add(slot: number, n: number): number {
    const { probe, probeLength } = this;
    if (n >= this.start.length) this.grow(n);
    let last = this.chunks.length - 1;
    if (last < 0 || this.ends[last]! + HEAD + probeLength > CHUNK) {
      last = this.chunks.push(Buffer.allocUnsafeSlow(CHUNK)) - 1;
      this.ends.push(0);
    }
    const chunk = this.chunks[last]!;
    const from = this.ends[last]!;
    chunk[from] = probeLength;
    chunk[from + 1] = probeLength >>> 8;
    probe.copy(chunk, from + HEAD, 0, probeLength);
    this.start[n] = 1 + last * CHUNK + from;
    this.ends[last] = from + HEAD + probeLength;
    this.slots[slot] = n + 1;
    this.greatest = Math.max(this.greatest, n);
    if (4 * ++this.count > 3 * this.slots.length) this.widen();
    return n;
  }

  /** Puts a text into the probe. */
  private hash(text: string): number {
    if (text.length * 3 > this.probe.length) {
      if (text.length * 3 > LONGEST) throw new RangeError(`a text of ${text.length} characters is too long for a key`);
      this.probe = Buffer.allocUnsafeSlow(text.length * 3);
    }
    this.probeLength = this.probe.write(text);
    return hashOf(this.probe, 0, this.probeLength);
  }

  /** Where the probe is, or where it would go. */
  private slotOf(hash: number): number {
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const n = this.slots[slot]! - 1;
      if (n < 0 || this.isProbe(n)) return slot;
    }
  }

  private isProbe(n: number): boolean {
    const { probe, probeLength } = this;
    const at = this.start[n]! - 1;
    const from = at % CHUNK;
    const chunk = this.chunks[(at - from) / CHUNK]!;
    if (lengthAt(chunk, from) !== probeLength) return false;
    // From its end: keys of one region begin alike.
    for (let i = probeLength - 1; i >= 0; i--) if (chunk[from + HEAD + i] !== probe[i]) return false;
    return true;
  }

  private widen(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2);
    const mask = this.slots.length - 1;
    for (const held of old) {
      if (!held) continue;
      const at = this.start[held - 1]! - 1;
      const from = at % CHUNK;
      const chunk = this.chunks[(at - from) / CHUNK]!;
      let slot = hashOf(chunk, from + HEAD, from + HEAD + lengthAt(chunk, from)) & mask;
      while (this.slots[slot]) slot = (slot + 1) & mask;
      this.slots[slot] = held;
    }
  }

  private grow(n: number): void {
    const start = new Uint32Array(Math.max(n + 1, Math.ceil(this.start.length * 1.25)));
    start.set(this.start);
    this.start = start;
  }
}

const lengthAt = (bytes: Buffer, at: number): number => bytes[at]! + bytes[at + 1]! * 0x100;

/** FNV-1a; its upper bits go into the lower ones, which alone count in a table. */
function hashOf(bytes: Buffer, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash ^ (hash >>> 15);
}

/** The order of UTF-16 code units, of texts in UTF-8: there, what is beyond 0xFFFF comes before what is from 0xE000 on. */
function compareUtf8(a: Uint8Array, b: Uint8Array): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) if (a[i] !== b[i]) return byCodeUnit(a[i]!) - byCodeUnit(b[i]!);
  return a.length - b.length;
}
const byCodeUnit = (first: number): number => (first === 0xee || first === 0xef ? first + 0x10 : first);
