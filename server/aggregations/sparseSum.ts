/** Smallest table; a power of two like all the others. */
const MIN_SLOTS = 8;

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

  /** Adds to a key's sum and returns the new sum. */
  add(key: number, delta: number): number {
    const { keys } = this;
    const mask = keys.length - 1;
    const wanted = key + 1;
    let slot = (Math.imul(wanted, 0x9e3779b1) >>> 7) & mask;
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
    let slot = (Math.imul(wanted, 0x9e3779b1) >>> 7) & mask;
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
  }

  get bytes(): number {
    return this.keys.length * 12;
  }

  private rebuild(): void {
    const { keys, values } = this;
    const live = this.count();
    const size = powerOfTwo(live * 2);
    const mask = size - 1;
    const newKeys = new Int32Array(size);
    const newValues = new Float64Array(size);
    for (let from = 0; from < keys.length; from++) {
      if (values[from] === 0) continue;
      const key = keys[from]!;
      let slot = (Math.imul(key, 0x9e3779b1) >>> 7) & mask;
      while (newKeys[slot] !== 0) slot = (slot + 1) & mask;
      newKeys[slot] = key;
      newValues[slot] = values[from]!;
    }
    this.keys = newKeys;
    this.values = newValues;
    this.used = live;
  }
}
