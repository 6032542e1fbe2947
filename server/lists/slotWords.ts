import { ZONE, type Zones } from './alertColumns.ts';
import type { Bitset } from './bitset.ts';

const ZONE_WORDS = ZONE / 32;

/** A set of slots under construction: one condition after the other takes slots out of it. Reused from query to query. */
export class SlotWords {
  words = new Int32Array(0);
  /** How many words count. */
  length = 0;
  /** Whether any condition has been put; until then, what the words hold means nothing. */
  started = false;
  private size = 0;

  /** Begins with `size` slots, of which nothing is known; `capacity` is room for those to come. */
  begin(size: number, capacity: number): void {
    this.size = size;
    this.length = Math.ceil(size / 32);
    if (this.words.length < capacity >>> 5) this.words = new Int32Array(capacity >>> 5);
    this.started = false;
  }

  /** Begins with all slots. */
  fillAll(): void {
    this.words.fill(-1, 0, this.length);
    const rest = this.size & 31;
    if (rest !== 0) this.words[this.length - 1] = (1 << rest) - 1;
    this.started = true;
  }

  /** Keeps slots that are in both sets, or in the one. */
  keepBoth({ words: a }: Bitset, b: Bitset | undefined): void {
    const { words, length } = this;
    if (!b) {
      if (!this.started) words.set(a.subarray(0, length));
      else for (let i = 0; i < length; i++) words[i] = words[i]! & a[i]!;
    } else {
      const other = b.words;
      if (!this.started) for (let i = 0; i < length; i++) words[i] = a[i]! & other[i]!;
      else for (let i = 0; i < length; i++) words[i] = words[i]! & a[i]! & other[i]!;
    }
    this.started = true;
  }

  /** Keeps slots that are in any of the sets; `not`: in none. */
  keepSets(sets: readonly Bitset[], not: boolean): void {
    const { words, length } = this;
    if (!this.started) {
      if (not) this.fillAll();
      else {
        words.set(sets[0]!.words.subarray(0, length));
        for (let s = 1; s < sets.length; s++) {
          const other = sets[s]!.words;
          for (let i = 0; i < length; i++) words[i] = words[i]! | other[i]!;
        }
        this.started = true;
        return;
      }
    }
    if (not) {
      for (const set of sets) {
        const other = set.words;
        for (let i = 0; i < length; i++) words[i] = words[i]! & ~other[i]!;
      }
    } else {
      const others = sets.map((set) => set.words);
      for (let i = 0; i < length; i++) {
        const word = words[i]!;
        if (word === 0) continue;
        let union = 0;
        for (const other of others) union |= other[i]!;
        words[i] = word & union;
      }
    }
  }

  /** Keeps slots whose value lies in `[from, to)`. */
  keepRange(column: Float64Array, zones: Zones, from: number, to: number): void {
    const { words } = this;
    this.keepZones(zones, from, to, (first, last) => {
      for (let i = first; i < last; i++) {
        let rest = words[i]!;
        let kept = rest;
        while (rest !== 0) {
          const bit = rest & -rest;
          rest ^= bit;
          const value = column[(i << 5) + 31 - Math.clz32(bit)]!;
          if (!(value >= from && value < to)) kept ^= bit;
        }
        words[i] = kept;
      }
    });
  }

  /** Decides zones as wholes where their bounds allow it, and calls `decide` for the words of the others. */
  keepZones(
    { min, max }: Zones,
    from: number,
    to: number,
    decide: (firstWord: number, lastWord: number) => void,
  ): void {
    for (let zone = 0, first = 0; first < this.length; zone++, first += ZONE_WORDS) {
      const last = Math.min(this.length, first + ZONE_WORDS);
      if (max[zone]! < from || min[zone]! >= to) this.words.fill(0, first, last);
      else if (!(min[zone]! >= from && max[zone]! < to)) decide(first, last);
    }
  }

  /** Keeps slots that pass a test, in a range of words. */
  keepIf(test: (slot: number) => boolean, first = 0, last = this.length): void {
    const { words } = this;
    for (let i = first; i < last; i++) {
      let rest = words[i]!;
      let kept = rest;
      while (rest !== 0) {
        const bit = rest & -rest;
        rest ^= bit;
        if (!test((i << 5) + 31 - Math.clz32(bit))) kept ^= bit;
      }
      words[i] = kept;
    }
  }

  /** Begins with slots found by an index. */
  startWith(each: (visit: (slot: number) => void) => void): void {
    const { words } = this;
    words.fill(0, 0, this.length);
    each((slot) => {
      words[slot >>> 5] = words[slot >>> 5]! | (1 << (slot & 31));
    });
    this.started = true;
  }
}
