import { TopSlots, type SlotOrder } from './topSlots.ts';

/** What a scope's frame asks for (contract §4). */
export const LATEST = 50;
/** Kept beyond that, so that amendments seldom empty the list below what is asked for. */
const KEPT = 128;

/**
 * The most recently raised alerts of one scope: exactly its first `count` in the order of the frame's `latest`. Late
 * arrivals are inserted, or passed over with one comparison; when removals have made it too short it is filled anew.
 */
export class LatestList {
  private readonly slots = new Uint32Array(KEPT + 1);
  private count = 0;
  /** Whether the scope has no more than these. */
  private complete = true;
  private readonly raisedAt: () => Float64Array;
  private readonly order: SlotOrder;

  /** `order`: raisedAt descending, then alertId ascending. */
  constructor(raisedAt: () => Float64Array, order: SlotOrder) {
    this.raisedAt = raisedAt;
    this.order = order;
  }

  insert(slot: number): void {
    const { slots, count, order } = this;
    if (!this.complete) {
      if (count === 0) return;
      const last = slots[count - 1]!;
      if (this.raisedAt()[slot]! < this.raisedAt()[last]! || order(slot, last) > 0) return;
    }
    let low = 0;
    // Most alerts are the newest when they come.
    let high = count === 0 || order(slot, slots[0]!) < 0 ? 0 : count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (order(slots[middle]!, slot) < 0) low = middle + 1;
      else high = middle;
    }
    slots.copyWithin(low + 1, low, count);
    slots[low] = slot;
    if (count === KEPT) this.complete = false;
    else this.count++;
  }

  /** Removes a slot, whose raisedAt must still be what it was inserted with. */
  remove(slot: number): void {
    const at = this.slots.subarray(0, this.count).indexOf(slot);
    if (at < 0) return;
    this.slots.copyWithin(at, at + 1, this.count);
    this.count--;
  }

  /** The first `n` slots, or undefined if so many are not known: then `fill` first (it suffices up to KEPT). */
  take(n: number): Uint32Array | undefined {
    if (n > this.count && !this.complete) return undefined;
    return this.slots.subarray(0, Math.min(n, this.count));
  }

  /** Fills the list anew; `each` calls its argument with every slot of the scope, of which there are `size`. */
  fill(size: number, each: (visit: (slot: number) => void) => void): void {
    const top = new TopSlots(KEPT, this.order);
    each((slot) => top.offer(slot));
    const first = top.take();
    this.slots.set(first);
    this.count = first.length;
    this.complete = size <= first.length;
  }

  static readonly capacity = KEPT;
}
