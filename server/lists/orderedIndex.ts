import { Bitset } from './bitset.ts';
import { SlotList } from './slotList.ts';
import { sortSlots, STEP, type SortKeys } from './sortSlots.ts';

/** Entries of the base between two fences. */
const FENCE = 256;

/**
 * All slots in the order of a column, cheap to keep: a sorted *base*, and a list of *pending* slots that are new or
 * whose value changed since (their entries in the base are stale and skipped). A change costs one bit test; a reader
 * walks the base and looks at the pending slots, too; `compaction` merges them into the base in small steps, while
 * changes and readers go on.
 *
 * Nothing is built before the first `activate`; until the first compaction has ended, `ready` is false.
 */
export class OrderedIndex {
  ready = false;
  private active = false;
  /** Whether anybody has read since the last compaction began. */
  private read = false;
  private base = new Uint32Array(0);
  private baseCount = 0;
  /** Value and slot of every FENCE-th entry when it was placed: searchable although entries go stale. */
  private fenceKeys = new Float64Array(0);
  /** Slots whose entry in the base does not count. */
  private stale = new Bitset();
  private pending = new SlotList();
  /** During compaction: the slots being merged, and those that changed (again) since it began. */
  private frozen: SlotList | undefined;
  private fresh: Bitset | undefined;
  private running: Generator<undefined, void> | undefined;
  private capacity = 0;
  private readonly sortKeys: SortKeys;

  constructor(sortKeys: SortKeys) {
    this.sortKeys = sortKeys;
  }

  grow(capacity: number): void {
    this.capacity = capacity;
    if (!this.active) return;
    this.stale.grow(capacity);
    this.fresh?.grow(capacity);
  }

  get isActive(): boolean {
    return this.active;
  }

  /** Begins to follow the column; `size` slots exist. */
  activate(size: number): void {
    if (this.active) return;
    this.active = true;
    this.stale.grow(this.capacity);
    this.begin(SlotList.upTo(size));
  }

  /** To be called for a new slot, and whenever a slot's value has changed. */
  touch(slot: number): void {
    if (!this.active) return;
    const { fresh } = this;
    if (fresh) {
      if (!fresh.add(slot)) return;
      this.stale.add(slot);
    } else if (!this.stale.add(slot)) return;
    this.pending.push(slot);
  }

  /** Slots to be looked at besides the base. */
  get pendingCount(): number {
    return this.pending.count + (this.frozen?.count ?? 0);
  }

  /** Does a step of compaction, if there is reason to; returns whether there is more to do. */
  step(): boolean {
    if (!this.active) return false;
    if (!this.running) {
      // What is not read can wait longer.
      if (this.pending.count <= Math.max(1024, this.baseCount >>> (this.read ? 5 : 3))) return false;
      this.read = false;
      const frozen = this.pending;
      this.pending = new SlotList();
      this.begin(frozen);
    }
    if (this.running!.next().done) this.running = undefined;
    return true;
  }

  forEachPending(visit: (slot: number) => void): void {
    const { frozen, fresh } = this;
    if (frozen && fresh) {
      for (let i = 0; i < frozen.count; i++) {
        const slot = frozen.slots[i]!;
        if (!fresh.has(slot)) visit(slot);
      }
    }
    const { slots, count } = this.pending;
    for (let i = 0; i < count; i++) visit(slots[i]!);
  }

  /**
   * Walks the base from the first entry for which `isAfter` holds (it must hold for all later ones, too), upwards or,
   * with `down`, from the last entry for which it does not, downwards; until `visit` returns false.
   */
  walk(isAfter: (key: number, slot: number) => boolean, down: boolean, visit: (slot: number) => boolean): void {
    this.walkFrom(this.seek(isAfter), down, visit);
  }

  /** Walks from a place in the base, upwards with its entry, downwards with the one before. */
  walkFrom(at: number, down: boolean, visit: (slot: number) => boolean): void {
    this.read = true;
    const { base, baseCount, stale } = this;
    if (down) {
      while (--at >= 0) {
        const slot = base[at]!;
        if (!stale.has(slot) && !visit(slot)) return;
      }
      return;
    }
    for (; at < baseCount; at++) {
      const slot = base[at]!;
      if (!stale.has(slot) && !visit(slot)) return;
    }
  }

  /**
   * Passes over as many whole blocks of the base as `most` slots allow, from its beginning or, with `down`, its end.
   * @param words the slots that count; undefined: all
   * @param pendingBefore how many of the pending slots that count come before a slot; asked of later and later ones
   * @returns where to walk on from, and how many slots have been passed: in all, and pending ones of these
   */
  passOver(
    down: boolean,
    words: Int32Array | undefined,
    most: number,
    pendingBefore: (slot: number) => number,
  ): { at: number; passed: number; pending: number } {
    const { base, baseCount, stale } = this;
    let at = down ? baseCount : 0;
    let inBase = 0;
    let passed = 0;
    for (;;) {
      const end = down ? Math.max(0, at - FENCE) : Math.min(baseCount, at + FENCE);
      if (end === at) return { at, passed, pending: passed - inBase };
      const [low, high] = down ? [end, at] : [at, end];
      let count = 0;
      let last = -1;
      for (let i = low; i < high; i++) {
        const slot = base[i]!;
        if (stale.has(slot)) continue;
        // The block's last in the direction of the walk.
        if (!down || last < 0) last = slot;
        if (!words || (words[slot >>> 5]! & (1 << (slot & 31))) !== 0) count++;
      }
      const after = last < 0 ? passed + count : inBase + count + pendingBefore(last);
      if (after > most) return { at, passed, pending: passed - inBase };
      inBase += count;
      passed = after;
      at = end;
    }
  }

  /** A place in the base before which `isAfter` holds for no entry that counts, and from which on for all. */
  private seek(isAfter: (key: number, slot: number) => boolean): number {
    let low = 0;
    let high = Math.ceil(this.baseCount / FENCE);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isAfter(this.fenceKeys[middle]!, this.base[middle * FENCE]!)) high = middle;
      else low = middle + 1;
    }
    const keys = this.sortKeys.keys();
    const end = Math.min(low * FENCE, this.baseCount);
    for (let at = Math.max(0, (low - 1) * FENCE); at < end; at++) {
      const slot = this.base[at]!;
      if (!this.stale.has(slot) && isAfter(keys[slot]!, slot)) return at;
    }
    return end;
  }

  private begin(frozen: SlotList): void {
    this.frozen = frozen;
    this.fresh = new Bitset();
    this.fresh.grow(this.capacity);
    this.running = this.compaction(frozen, this.fresh);
  }

  /**
   * Sorts the frozen slots by their values as they are now, merges them with the base, and puts the result in its
   * place. A slot that changes meanwhile is in `fresh`: it is left out where it is met, and counts as stale otherwise,
   * so its changing value is never compared.
   */
  private *compaction(frozen: SlotList, fresh: Bitset): Generator<undefined, void> {
    const { keys, tieKeys, slots } = yield* sortSlots(frozen, this.sortKeys);
    const { count } = frozen;
    const { tieKey, ties } = this.sortKeys;
    // Block by block between fences: what is stale goes, what is new goes where its value belongs. Only blocks that get
    // something new have their values looked at, which is what a merge would otherwise spend its time on.
    const { base, baseCount, fenceKeys, stale } = this;
    const merged = new Uint32Array(baseCount + count);
    const fences = new Float64Array(Math.ceil(merged.length / FENCE));
    const block = new Uint32Array(FENCE);
    const blocks = Math.max(1, Math.ceil(baseCount / FENCE));
    let length = 0;
    let next = 0;
    let work = 0;
    for (let b = 0; b < blocks; b++) {
      let filled = 0;
      const end = Math.min(baseCount, (b + 1) * FENCE);
      for (let at = b * FENCE; at < end; at++) {
        const slot = base[at]!;
        if (!stale.has(slot)) block[filled++] = slot;
      }
      work += FENCE;
      let from = 0;
      const last = b === blocks - 1;
      const fence = last ? 0 : base[end]!;
      while (
        next < count &&
        (last || (keys[next]! - fenceKeys[b + 1]! || tieKeys[next]! - tieKey(fence) || ties(slots[next]!, fence)) < 0)
      ) {
        const slot = slots[next]!;
        const key = keys[next++]!;
        if (fresh.has(slot)) continue;
        const column = this.sortKeys.keys();
        let low = from;
        let high = filled;
        while (low < high) {
          const middle = (low + high) >>> 1;
          const other = block[middle]!;
          if ((column[other]! - key || tieKey(other) - tieKeys[next - 1]! || ties(other, slot)) < 0) low = middle + 1;
          else high = middle;
        }
        for (; from < low; from++) {
          if (length % FENCE === 0) fences[length / FENCE] = column[block[from]!]!;
          merged[length++] = block[from]!;
        }
        if (length % FENCE === 0) fences[length / FENCE] = key;
        merged[length++] = slot;
        work += 8;
        if (work >= STEP) {
          work = 0;
          yield;
          // What changed meanwhile must not be compared any more.
          let kept = from;
          for (let i = from; i < filled; i++) if (!fresh.has(block[i]!)) block[kept++] = block[i]!;
          filled = kept;
        }
      }
      const column = this.sortKeys.keys();
      for (; from < filled; from++) {
        if (length % FENCE === 0) fences[length / FENCE] = column[block[from]!]!;
        merged[length++] = block[from]!;
      }
      if (work >= STEP) {
        work = 0;
        yield;
      }
    }
    this.base = merged;
    this.baseCount = length;
    this.fenceKeys = fences;
    this.stale = fresh;
    this.frozen = undefined;
    this.fresh = undefined;
    this.ready = true;
  }
}
