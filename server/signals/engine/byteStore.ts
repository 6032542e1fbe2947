const CHUNK = 1 << 20;
/** Places are multiples of so many bytes: 32 bits reach 16 GiB. */
const UNIT = 4;
/** Before the bytes: the number, 4 bytes, and their length, 2. */
const HEAD = 6;
/** What is larger has a buffer of its own. */
const LARGE = 1 << 15;
/** Of all chunks, so large a part may be dead before the deadest one is cleared. */
const DEAD_PART = 1 / 8;
const NOWHERE = 0;

/**
 * Bytes by small whole numbers, outside of the heap: a million short ones cost the collector nothing, and little more than their length
 * in memory. They are written one after the other; what is put again with another length leaves a dead place behind, and
 * chunks with much that is dead are written again without it.
 */
export class ByteStore {
  private readonly chunks: Buffer[] = [];
  /** By chunk: up to where it is written, and how much of that is dead. */
  private readonly ends: number[] = [];
  private readonly dead: number[] = [];
  private readonly spare: number[] = [];
  private current = -1;
  private deadInAll = 0;
  /** 1 + unit where it begins, counted over all chunks. */
  private start = new Uint32Array(1024);
  private readonly large = new Map<number, Buffer>();

  /** What it takes, bytes, without the places of the numbers. */
  get size(): number {
    let large = 0;
    for (const bytes of this.large.values()) large += bytes.length;
    return this.chunks.length * CHUNK + large;
  }

  /** A view, good until the next `put`; undefined where there is nothing. */
  get(n: number): Buffer | undefined {
    const start = this.start[n];
    if (!start) return this.large.get(n);
    const at = (start - 1) * UNIT;
    const from = at % CHUNK;
    const chunk = this.chunks[(at - from) / CHUNK]!;
    return chunk.subarray(from + HEAD, from + HEAD + lengthAt(chunk, from));
  }

  /** Copies what there is into a buffer, from its beginning. @returns its length, 0 where there is nothing; -1 where there is more than `most` */
  copyTo(n: number, target: Uint8Array, most: number): number {
    const start = this.start[n];
    if (!start) return this.large.has(n) ? -1 : 0;
    const at = (start - 1) * UNIT;
    const from = at % CHUNK;
    const chunk = this.chunks[(at - from) / CHUNK]!;
    const length = lengthAt(chunk, from);
    if (length > most) return -1;
    for (let i = 0, j = from + HEAD; i < length; i++, j++) target[i] = chunk[j]!;
    return length;
  }

  /** @param length so many of them, from the beginning */
  put(n: number, bytes: Uint8Array, length = bytes.length): void {
    if (n >= this.start.length) this.grow(n);
    if (length > LARGE) {
      this.delete(n);
      this.large.set(n, Buffer.from(bytes.subarray(0, length)));
      return;
    }
    if (this.large.size) this.large.delete(n);
    if (!this.overwrite(n, bytes, length)) {
      this.delete(n);
      this.append(n, bytes, 0, length);
    }
  }

  delete(n: number): void {
    if (this.large.size) this.large.delete(n);
    const start = this.start[n];
    if (!start) return;
    const at = (start - 1) * UNIT;
    const from = at % CHUNK;
    const chunk = (at - from) / CHUNK;
    this.bury(chunk, sizeOf(lengthAt(this.chunks[chunk]!, from)));
    this.start[n] = NOWHERE;
  }

  /** Calls back with the number of each whose bytes have `needle` in them, in no order; an empty one is in none. */
  search(needle: Buffer, found: (n: number) => void): void {
    // `indexOf` finds nothing at every place, also behind the end.
    if (needle.length === 0) return;
    for (let chunk = 0; chunk < this.chunks.length; chunk++) {
      const bytes = this.chunks[chunk]!.subarray(0, this.ends[chunk]);
      let from = 0;
      for (let hit = bytes.indexOf(needle); hit >= 0; hit = bytes.indexOf(needle, hit)) {
        let length = lengthAt(bytes, from);
        while (from + sizeOf(length) <= hit) {
          from += sizeOf(length);
          length = lengthAt(bytes, from);
        }
        const within = hit >= from + HEAD && hit + needle.length <= from + HEAD + length;
        const n = numberAt(bytes, from);
        if (within && this.start[n] === startOf(chunk, from)) found(n);
        // What is not within it, as a head looks like it, may be followed by what is.
        hit = within ? from + sizeOf(length) : hit + 1;
      }
    }
    for (const [n, bytes] of this.large) if (bytes.includes(needle)) found(n);
  }

  /** Bytes that take as much room as those before take their place. */
  private overwrite(n: number, bytes: Uint8Array, length: number): boolean {
    const start = this.start[n];
    if (!start) return false;
    const at = (start - 1) * UNIT;
    const from = at % CHUNK;
    const chunk = this.chunks[(at - from) / CHUNK]!;
    if (sizeOf(lengthAt(chunk, from)) !== sizeOf(length)) return false;
    writeEntry(chunk, from, n, bytes, 0, length);
    return true;
  }

  private append(n: number, bytes: Uint8Array, at: number, length: number): void {
    const size = sizeOf(length);
    if (this.current < 0 || this.ends[this.current]! + size > CHUNK) this.next();
    const from = this.ends[this.current]!;
    writeEntry(this.chunks[this.current]!, from, n, bytes, at, length);
    this.ends[this.current] = from + size;
    this.start[n] = startOf(this.current, from);
  }

  /** Goes on in an empty chunk. */
  private next(): void {
    let chunk = this.spare.pop();
    if (chunk === undefined) {
      chunk = this.chunks.push(Buffer.allocUnsafeSlow(CHUNK)) - 1;
      this.ends.push(0);
      this.dead.push(0);
    }
    this.current = chunk;
    this.clearDeadest();
  }

  private bury(chunk: number, size: number): void {
    this.dead[chunk]! += size;
    this.deadInAll += size;
  }

  /** One chunk at most, so that no `put` takes long; more would only be due if nothing were put. */
  private clearDeadest(): void {
    if (this.deadInAll <= this.chunks.length * CHUNK * DEAD_PART) return;
    let deadest = -1;
    for (let i = 0; i < this.dead.length; i++)
      if (i !== this.current && (deadest < 0 || this.dead[i]! > this.dead[deadest]!)) deadest = i;
    if (deadest < 0) return;
    // What is alive in it has room in the chunk that has just been begun.
    const bytes = this.chunks[deadest]!;
    for (let from = 0; from < this.ends[deadest]!;) {
      const length = lengthAt(bytes, from);
      const n = numberAt(bytes, from);
      if (this.start[n] === startOf(deadest, from)) this.append(n, bytes, from + HEAD, length);
      from += sizeOf(length);
    }
    this.deadInAll -= this.dead[deadest]!;
    this.dead[deadest] = 0;
    this.ends[deadest] = 0;
    this.spare.push(deadest);
  }

  private grow(n: number): void {
    const start = new Uint32Array(Math.max(n + 1, Math.ceil(this.start.length * 1.25)));
    start.set(this.start);
    this.start = start;
  }
}

const sizeOf = (length: number): number => Math.ceil((HEAD + length) / UNIT) * UNIT;
const startOf = (chunk: number, from: number): number => 1 + (chunk * CHUNK + from) / UNIT;
const numberAt = (bytes: Buffer, at: number): number =>
  bytes[at]! + bytes[at + 1]! * 0x100 + bytes[at + 2]! * 0x1_0000 + bytes[at + 3]! * 0x100_0000;
const lengthAt = (bytes: Buffer, at: number): number => bytes[at + 4]! + bytes[at + 5]! * 0x100;

function writeEntry(chunk: Buffer, to: number, n: number, bytes: Uint8Array, at: number, length: number): void {
  chunk[to] = n;
  chunk[to + 1] = n >>> 8;
  chunk[to + 2] = n >>> 16;
  chunk[to + 3] = n >>> 24;
  chunk[to + 4] = length;
  chunk[to + 5] = length >>> 8;
  // Short ones, mostly: a view of them would cost more than they do.
  for (let i = to + HEAD, j = at, end = at + length; j < end; i++, j++) chunk[i] = bytes[j]!;
}
