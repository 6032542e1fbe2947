/** Compares two slots: negative when `a` comes first. */
export type SlotOrder = (a: number, b: number) => number;

/**
 * The first `n` slots of those offered, in an order. Keeps a few times `n` and cuts back by quickselect, so that an
 * offer costs the same whatever order they come in.
 */
export class TopSlots {
  private readonly n: number;
  private readonly order: SlotOrder;
  private readonly buffer: Uint32Array;
  private count = 0;
  /** The n-th of those seen at the last cut: nothing after it can matter. */
  private last = -1;

  constructor(n: number, order: SlotOrder) {
    this.n = n;
    this.order = order;
    this.buffer = new Uint32Array(n * 4 + 64);
  }

  offer(slot: number): void {
    if (this.last >= 0 && this.order(slot, this.last) > 0) return;
    this.buffer[this.count++] = slot;
    if (this.count === this.buffer.length) this.cut();
  }

  /** A slot after which nothing needs to be offered any more, or -1 as long as everything must. */
  get bound(): number {
    return this.last;
  }

  /** The first `n`, in order. */
  take(): Uint32Array {
    const sorted = this.buffer.slice(0, this.count).sort(this.order);
    return sorted.subarray(0, this.n);
  }

  private cut(): void {
    const { buffer, order } = this;
    const target = this.n - 1;
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const pivot = buffer[(low + high) >>> 1]!;
      let i = low;
      let j = high;
      while (i <= j) {
        while (order(buffer[i]!, pivot) < 0) i++;
        while (order(buffer[j]!, pivot) > 0) j--;
        if (i <= j) {
          const slot = buffer[i]!;
          buffer[i++] = buffer[j]!;
          buffer[j--] = slot;
        }
      }
      if (target <= j) high = j;
      else if (target >= i) low = i;
      else break;
    }
    this.count = this.n;
    this.last = buffer[target]!;
  }
}
