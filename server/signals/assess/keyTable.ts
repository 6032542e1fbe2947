const CHUNK = 1 << 18;
/** More than any key takes: names have at most a few hundred characters, of 3 bytes at most each. */
const LONGEST = CHUNK;

/**
 * Texts with small whole numbers, both ways, outside of the heap: about 20 bytes each beside the text. None is ever taken out.
 * Texts are told by their UTF-8.
 */
export class KeyTable {
  private readonly chunks: Buffer[] = [];
  private end = CHUNK;
  private start = new Uint32Array(1024);
  /** 0 for a number that no text has. */
  private length = new Uint32Array(1024);
  private hashes = new Int32Array(1024);
  /** Open addressing: 1 + number, 0 for none. A power of two. */
  private slots = new Int32Array(2048);
  private count = 0;
  private greatest = -1;
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

  text(n: number): string | undefined {
    const length = this.length[n];
    if (!length) return undefined;
    const from = this.start[n]! % CHUNK;
    return this.chunks[(this.start[n]! - from) / CHUNK]!.toString('utf8', from, from + length);
  }

  /** The number of a text; if it has none, the next one. */
  intern(text: string): number {
    const hash = this.hash(text);
    const found = this.slots[this.slotOf(hash)]! - 1;
    return found < 0 ? this.add(hash, this.size) : found;
  }

  /** Gives a text the number that it has elsewhere. @throws RangeError when it has another one, or another text has that number */
  place(text: string, n: number): void {
    const hash = this.hash(text);
    const found = this.slots[this.slotOf(hash)]! - 1;
    if (found === n) return;
    if (found >= 0 || this.length[n]) throw new RangeError(`number ${n} cannot be that of ${text}`);
    this.add(hash, n);
  }

  private add(hash: number, n: number): number {
    if (n >= this.length.length) this.grow(n);
    if (2 * (this.count + 1) > this.slots.length) this.widen();
    if (this.end + this.probeLength > CHUNK) {
      this.chunks.push(Buffer.allocUnsafeSlow(CHUNK));
      this.end = 0;
    }
    this.probe.copy(this.chunks.at(-1)!, this.end, 0, this.probeLength);
    this.start[n] = (this.chunks.length - 1) * CHUNK + this.end;
    this.end += this.probeLength;
    this.length[n] = this.probeLength;
    this.hashes[n] = hash;
    this.slots[this.slotOf(hash)] = n + 1;
    this.count++;
    this.greatest = Math.max(this.greatest, n);
    return n;
  }

  /** Puts a text into the probe. */
  private hash(text: string): number {
    if (text.length * 3 > this.probe.length) {
      if (text.length * 3 > LONGEST) throw new RangeError(`a text of ${text.length} characters is too long for a key`);
      this.probe = Buffer.allocUnsafeSlow(text.length * 3);
    }
    const { probe } = this;
    const length = (this.probeLength = probe.write(text));
    let hash = 0x811c9dc5;
    for (let i = 0; i < length; i++) hash = Math.imul(hash ^ probe[i]!, 0x01000193);
    return hash ^ (hash >>> 15);
  }

  /** Where the probe is, or where it would go. */
  private slotOf(hash: number): number {
    const mask = this.slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const n = this.slots[slot]! - 1;
      if (n < 0 || (this.hashes[n] === hash && this.isProbe(n))) return slot;
    }
  }

  private isProbe(n: number): boolean {
    const { probe, probeLength } = this;
    if (this.length[n] !== probeLength) return false;
    const from = this.start[n]! % CHUNK;
    const chunk = this.chunks[(this.start[n]! - from) / CHUNK]!;
    return probe.compare(chunk, from, from + probeLength, 0, probeLength) === 0;
  }

  private widen(): void {
    const old = this.slots;
    this.slots = new Int32Array(old.length * 2);
    const mask = this.slots.length - 1;
    for (const held of old) {
      if (!held) continue;
      let slot = this.hashes[held - 1]! & mask;
      while (this.slots[slot]) slot = (slot + 1) & mask;
      this.slots[slot] = held;
    }
  }

  private grow(n: number): void {
    const size = Math.max(n + 1, Math.ceil(this.length.length * 1.5));
    const start = new Uint32Array(size);
    start.set(this.start);
    this.start = start;
    const length = new Uint32Array(size);
    length.set(this.length);
    this.length = length;
    const hashes = new Int32Array(size);
    hashes.set(this.hashes);
    this.hashes = hashes;
  }
}
