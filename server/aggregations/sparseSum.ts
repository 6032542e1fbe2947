import { addWide, SPAN } from '../../common/exactSums.ts';

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
 * Exact sums (common/exactSums.ts) by integer key (0 … 2³¹−2), most of which are absent: an open-addressing hash table in two
 * typed arrays, a fifth of the memory of a `Map` of numbers and no work for the garbage collector.
 *
 * A sum that returns to zero counts as absent; its slot is given back when the table is next rebuilt.
 */
export class SparseSum {
  /** key + 1 by slot; 0 is a free slot. */
  keys = new Int32Array(MIN_SLOTS);
  values = new Float64Array(MIN_SLOTS);
  /** The high lane of the values, once one of them has needed it. */
  highs: Float64Array | undefined;
  private used = 0;
  private shift = shiftFor(MIN_SLOTS);

  /** Adds `high · SPAN + delta` to a key's sum and returns the new sum, as a number. */
  add(key: number, delta: number, high = 0): number {
    const { keys } = this;
    const mask = keys.length - 1;
    const wanted = key + 1;
    let slot = hash(wanted, this.shift);
    for (;;) {
      const found = keys[slot];
      if (found === wanted) {
        // As in `addAt`; the call costs more than the addition, and this is the hottest place of the cube.
        const sum = this.values[slot]! + delta;
        if (high === 0 && this.highs === undefined && Math.abs(sum) < SPAN) return (this.values[slot] = sum);
        return this.addAt(slot, delta, high);
      }
      if (found === 0) break;
      slot = (slot + 1) & mask;
    }
    if (delta === 0 && high === 0) return 0;
    keys[slot] = wanted;
    const sum = this.addAt(slot, delta, high);
    this.used++;
    if (this.used * 4 > keys.length * 3) this.rebuild();
    return sum;
  }

  private addAt(slot: number, delta: number, high: number): number {
    const sum = this.values[slot]! + delta;
    if (this.highs === undefined && high === 0 && Math.abs(sum) < SPAN) return (this.values[slot] = sum);
    addWide(this.values, (this.highs ??= new Float64Array(this.values.length)), slot, delta, high);
    return this.highs[slot]! * SPAN + this.values[slot]!;
  }

  /** Slot of a key; −1 when it is absent. */
  find(key: number): number {
    const { keys } = this;
    const mask = keys.length - 1;
    const wanted = key + 1;
    let slot = hash(wanted, this.shift);
    for (;;) {
      const found = keys[slot];
      if (found === wanted) return slot;
      if (found === 0) return -1;
      slot = (slot + 1) & mask;
    }
  }

  /** A key's sum as a number: exact to 2⁵³, beyond it the nearest there is. */
  get(key: number): number {
    const slot = this.find(key);
    return slot < 0 ? 0 : (this.highs?.[slot] ?? 0) * SPAN + this.values[slot]!;
  }

  private isZero(slot: number): boolean {
    return this.values[slot] === 0 && (this.highs === undefined || this.highs[slot] === 0);
  }

  /** Number of sums that are not zero; counts them, so not for hot paths. */
  count(): number {
    let count = 0;
    for (let slot = 0; slot < this.keys.length; slot++) if (!this.isZero(slot)) count++;
    return count;
  }

  /** Keys of the sums that are not zero, ascending. */
  sortedKeys(): Int32Array {
    const result = new Int32Array(this.count());
    let n = 0;
    for (let slot = 0; slot < this.keys.length; slot++) {
      if (!this.isZero(slot)) result[n++] = this.keys[slot]! - 1;
    }
    return result.sort();
  }

  copyFrom(other: SparseSum): void {
    this.keys = other.keys.slice();
    this.values = other.values.slice();
    this.highs = other.highs?.slice();
    this.used = other.used;
    this.shift = other.shift;
  }

  private rebuild(): void {
    const { keys, values, highs } = this;
    const live = this.count();
    const size = powerOfTwo(live * 2);
    const mask = size - 1;
    const shift = shiftFor(size);
    const newKeys = new Int32Array(size);
    const newValues = new Float64Array(size);
    const newHighs = highs?.some((high) => high !== 0) ? new Float64Array(size) : undefined;
    for (let from = 0; from < keys.length; from++) {
      if (this.isZero(from)) continue;
      const key = keys[from]!;
      let slot = hash(key, shift);
      while (newKeys[slot] !== 0) slot = (slot + 1) & mask;
      newKeys[slot] = key;
      newValues[slot] = values[from]!;
      if (newHighs) newHighs[slot] = highs![from]!;
    }
    this.keys = newKeys;
    this.values = newValues;
    this.highs = newHighs;
    this.used = live;
    this.shift = shift;
  }
}
