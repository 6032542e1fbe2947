/** Smallest table; a power of two like all the others. */
const MIN_SLOTS = 8;

/**
 * Where to look for a key first: the top bits of a product with the golden ratio (Fibonacci hashing). The top ones,
 * because they depend on all bits of the key; the keys of cells differ in high bits (the town) as in low ones.
 */
function hash(wanted: number, shift: number): number {
  return Math.imul(wanted, 0x9e3779b1) >>> shift;
}

/** Bits to drop of 32 so that a table of `slots` is left. */
function shiftFor(slots: number): number {
  return 32 - Math.log2(slots);
}

function powerOfTwo(atLeast: number): number {
  let size = MIN_SLOTS;
  while (size < atLeast) size *= 2;
  return size;
}

/**
 * Sums by integer key (0 … 2³¹−2), most of which are absent: an open-addressing hash table in two typed
 * arrays, a fifth of the memory of a `Map` of numbers and no work for the garbage collector.
 *
 * A sum that returns to zero counts as absent; its slot is given back when the table is next rebuilt.
 */
export class SparseSum {
  /** key + 1 by slot; 0 is a free slot. */
  keys = new Int32Array(MIN_SLOTS);
  values = new Float64Array(MIN_SLOTS);
  private used = 0;
  private shift = shiftFor(MIN_SLOTS);

  /** Adds to a key's sum and returns the new sum. */
  add(key: number, delta: number): number {
    const { keys } = this;
    const mask = keys.length - 1;
    const wanted = key + 1;
    let slot = hash(wanted, this.shift);
    for (;;) {
      const found = keys[slot];
      if (found === wanted) return (this.values[slot] = this.values[slot]! + delta);
      if (found === 0) break;
      slot = (slot + 1) & mask;
    }
    if (delta === 0) return 0;
    keys[slot] = wanted;
    this.values[slot] = delta;
    this.used++;
    if (this.used * 4 > keys.length * 3) this.rebuild();
    return delta;
  }

  get(key: number): number {
    const { keys } = this;
    const mask = keys.length - 1;
    const wanted = key + 1;
    let slot = hash(wanted, this.shift);
    for (;;) {
      const found = keys[slot];
      if (found === wanted) return this.values[slot]!;
      if (found === 0) return 0;
      slot = (slot + 1) & mask;
    }
  }

  /** Number of sums that are not zero; counts them, so not for hot paths. */
  count(): number {
    let count = 0;
    for (const value of this.values) if (value !== 0) count++;
    return count;
  }

  /** Keys of the sums that are not zero, ascending. */
  sortedKeys(): Int32Array {
    const result = new Int32Array(this.count());
    let n = 0;
    for (let slot = 0; slot < this.keys.length; slot++) {
      if (this.values[slot] !== 0) result[n++] = this.keys[slot]! - 1;
    }
    return result.sort();
  }

  copyFrom(other: SparseSum): void {
    this.keys = other.keys.slice();
    this.values = other.values.slice();
    this.used = other.used;
    this.shift = other.shift;
  }

  get bytes(): number {
    return this.keys.length * 12;
  }

  private rebuild(): void {
    const { keys, values } = this;
    const live = this.count();
    const size = powerOfTwo(live * 2);
    const mask = size - 1;
    const shift = shiftFor(size);
    const newKeys = new Int32Array(size);
    const newValues = new Float64Array(size);
    for (let from = 0; from < keys.length; from++) {
      if (values[from] === 0) continue;
      const key = keys[from]!;
      let slot = hash(key, shift);
      while (newKeys[slot] !== 0) slot = (slot + 1) & mask;
      newKeys[slot] = key;
      newValues[slot] = values[from]!;
    }
    this.keys = newKeys;
    this.values = newValues;
    this.used = live;
    this.shift = shift;
  }
}
