/** Slots in the order in which they came. */
export class SlotList {
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
