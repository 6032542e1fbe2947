import { TopSlots, type SlotOrder } from './topSlots.ts';

/**
 * The first slots of a set in an order: exactly its first few, however the set changes. Nothing is kept until somebody has
 * asked once. From then on slots are inserted where they belong, or passed over with one comparison; when removals have made
 * the list too short, it is filled anew.
 */
export class FirstSlots {
  private readonly slots: Uint32Array;
  private count = 0;
  /** Whether the set has no more than these. */
  private complete = false;
  private readonly kept: number;
  private readonly order: SlotOrder;

  /** @param kept how many are kept at most: more than are asked for, so that removals seldom make it too short */
  constructor(kept: number, order: SlotOrder) {
    this.kept = kept;
    this.order = order;
    this.slots = new Uint32Array(kept + 1);
  }

  insert(slot: number): void {
    const { slots, count, order } = this;
    if (!this.complete && (count === 0 || order(slot, slots[count - 1]!) > 0)) return;
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
    if (count === this.kept) this.complete = false;
    else this.count++;
  }

  /** Removes a slot, which must still have the values that it was inserted with. */
  remove(slot: number): void {
    const { slots, count } = this;
    if (count === 0 || this.order(slot, slots[count - 1]!) > 0) return;
    const at = slots.subarray(0, count).indexOf(slot);
    if (at < 0) return;
    slots.copyWithin(at, at + 1, count);
    this.count--;
  }

  /** The first `n` slots, or undefined if so many are not known: then `fill` first (it suffices up to `kept`). */
  take(n: number): Uint32Array | undefined {
    if (n > this.count && !this.complete) return undefined;
    return this.slots.subarray(0, Math.min(n, this.count));
  }

  /** Fills the list anew; `each` calls its argument with every slot of the set. */
  fill(each: (visit: (slot: number) => void) => void): void {
    const top = new TopSlots(this.kept, this.order);
    let size = 0;
    each((slot) => {
      size++;
      top.offer(slot);
    });
    const first = top.take();
    this.slots.set(first);
    this.count = first.length;
    this.complete = size <= first.length;
  }

  /** The first `n` slots; `each` as for `fill`, which is called where they are not known. */
  first(n: number, each: (visit: (slot: number) => void) => void): Uint32Array {
    const known = this.take(n);
    if (known) return known;
    this.fill(each);
    return this.take(n)!;
  }
}
