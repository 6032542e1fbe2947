import { Bitset } from './bitset.ts';
import type { SlotOrder } from './topSlots.ts';

/** Entries of the base between two fences. */
const FENCE = 256;
/** Entries handled in one step of compaction: about a tenth of a millisecond. */
const STEP = 4096;
/** Runs that are sorted before they are merged, and how many in one step. */
const RUN = 256;
const RUNS = 4;

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
  private readonly keys: () => Float64Array | Uint32Array;
  /** Orders slots of the same value. */
  private readonly ties: SlotOrder;

  constructor(keys: () => Float64Array | Uint32Array, ties: SlotOrder) {
    this.keys = keys;
    this.ties = ties;
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
      if (this.pending.count <= Math.max(1024, this.baseCount >>> 5)) return false;
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
    const { base, baseCount, stale } = this;
    let at = this.seek(isAfter);
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

  /** A place in the base before which `isAfter` holds for no entry that counts, and from which on for all. */
  private seek(isAfter: (key: number, slot: number) => boolean): number {
    let low = 0;
    let high = Math.ceil(this.baseCount / FENCE);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isAfter(this.fenceKeys[middle]!, this.base[middle * FENCE]!)) high = middle;
      else low = middle + 1;
    }
    const keys = this.keys();
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
    const { count } = frozen;
    // Values are copied, since sorting must not see them change.
    let keys = new Float64Array(count);
    let slots = new Uint32Array(count);
    for (let start = 0; start < count; start += STEP) {
      const end = Math.min(count, start + STEP);
      const column = this.keys();
      for (let i = start; i < end; i++) {
        const slot = frozen.slots[i]!;
        slots[i] = slot;
        keys[i] = column[slot]!;
      }
      yield;
    }
    const { ties } = this;
    const positions = new Uint32Array(RUN);
    let otherKeys = new Float64Array(count);
    let otherSlots = new Uint32Array(count);
    for (let start = 0; start < count; start += RUN) {
      const end = Math.min(count, start + RUN);
      const run = positions.subarray(0, end - start);
      for (let i = 0; i < run.length; i++) run[i] = start + i;
      run.sort((a, b) => keys[a]! - keys[b]! || ties(slots[a]!, slots[b]!));
      for (let i = 0; i < run.length; i++) {
        otherKeys[start + i] = keys[run[i]!]!;
        otherSlots[start + i] = slots[run[i]!]!;
      }
      if ((start / RUN) % RUNS === RUNS - 1) yield;
    }
    [keys, otherKeys] = [otherKeys, keys];
    [slots, otherSlots] = [otherSlots, slots];
    let done = 0;
    for (let width = RUN; width < count; width *= 2) {
      for (let start = 0; start < count; start += 2 * width) {
        const middle = Math.min(count, start + width);
        const end = Math.min(count, middle + width);
        let a = start;
        let b = middle;
        for (let to = start; to < end; ) {
          const until = Math.min(end, to + STEP - done);
          done += until - to;
          for (; to < until; to++) {
            const first = b >= end || (a < middle && (keys[a]! - keys[b]! || ties(slots[a]!, slots[b]!)) <= 0);
            const from = first ? a++ : b++;
            otherKeys[to] = keys[from]!;
            otherSlots[to] = slots[from]!;
          }
          if (done === STEP) {
            done = 0;
            yield;
          }
        }
      }
      [keys, otherKeys] = [otherKeys, keys];
      [slots, otherSlots] = [otherSlots, slots];
    }

    const { base, baseCount, stale } = this;
    const merged = new Uint32Array(baseCount + count);
    const fences = new Float64Array(Math.ceil(merged.length / FENCE));
    let length = 0;
    let i = 0;
    let j = 0;
    while (i < baseCount || j < count) {
      const column = this.keys();
      for (let step = 0; step < STEP && (i < baseCount || j < count); step++) {
        if (i < baseCount && stale.has(base[i]!)) {
          i++;
          continue;
        }
        if (j < count && fresh.has(slots[j]!)) {
          j++;
          continue;
        }
        let key: number;
        let slot: number;
        const oldSlot = base[i]!;
        const oldKey = i < baseCount ? column[oldSlot]! : Infinity;
        if (j >= count || (i < baseCount && (oldKey - keys[j]! || ties(oldSlot, slots[j]!)) <= 0)) {
          slot = oldSlot;
          key = oldKey;
          i++;
        } else {
          slot = slots[j]!;
          key = keys[j]!;
          j++;
        }
        if (length % FENCE === 0) fences[length / FENCE] = key;
        merged[length++] = slot;
      }
      yield;
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

class SlotList {
  slots = new Uint32Array(256);
  count = 0;

  /** Slots 0 … size − 1. */
  static upTo(size: number): SlotList {
    const list = new SlotList();
    list.slots = new Uint32Array(Math.max(256, size));
    for (let slot = 0; slot < size; slot++) list.slots[slot] = slot;
    list.count = size;
    return list;
  }

  push(slot: number): void {
    if (this.count === this.slots.length) {
      const larger = new Uint32Array(this.count * 2);
      larger.set(this.slots);
      this.slots = larger;
    }
    this.slots[this.count++] = slot;
  }
}
