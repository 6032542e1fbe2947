/** A growable set of slots, one bit each. Int32 words, because V8 keeps int32 unboxed in bit arithmetic. */
export class Bitset {
  words = new Int32Array(0);
  /** How many bits are set. */
  count = 0;

  /** Makes room for slots below `capacity` (a multiple of 32). */
  grow(capacity: number): void {
    const words = new Int32Array(capacity >>> 5);
    words.set(this.words);
    this.words = words;
  }

  has(slot: number): boolean {
    return (this.words[slot >>> 5]! & (1 << (slot & 31))) !== 0;
  }

  /** Adds a slot; returns whether it was new. */
  add(slot: number): boolean {
    const at = slot >>> 5;
    const word = this.words[at]!;
    const next = word | (1 << (slot & 31));
    if (next === word) return false;
    this.words[at] = next;
    this.count++;
    return true;
  }

  /** Removes a slot; returns whether it was there. */
  remove(slot: number): boolean {
    const at = slot >>> 5;
    const word = this.words[at]!;
    const next = word & ~(1 << (slot & 31));
    if (next === word) return false;
    this.words[at] = next;
    this.count--;
    return true;
  }

  clear(): void {
    this.words.fill(0);
    this.count = 0;
  }
}

export function popcount(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  x = (x + (x >>> 4)) & 0x0f0f0f0f;
  return Math.imul(x, 0x01010101) >>> 24;
}

export function countBits(words: Int32Array, length: number): number {
  let count = 0;
  for (let i = 0; i < length; i++) {
    const word = words[i]!;
    if (word !== 0) count += popcount(word);
  }
  return count;
}

/** Calls `visit` with every slot of the first `length` words, ascending. */
export function forEachBit(words: Int32Array, length: number, visit: (slot: number) => void): void {
  for (let i = 0; i < length; i++) {
    let word = words[i]!;
    while (word !== 0) {
      const lowest = word & -word;
      visit((i << 5) + 31 - Math.clz32(lowest));
      word ^= lowest;
    }
  }
}
