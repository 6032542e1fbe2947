/**
 * How many terms end when, by town. A heap of distinct moments over a map of counts: taking a term back only lowers
 * its count, and a moment without terms is thrown away when its turn comes.
 */
export class DueQueue {
  private heap: number[] = [];
  private readonly terms = new Map<number, Map<number, number>>();

  /** Adds `by` (may be negative) terms of a town that end at `dueAt`, epoch ms. */
  add(dueAt: number, town: number, by: number): void {
    let towns = this.terms.get(dueAt);
    if (!towns) {
      this.terms.set(dueAt, (towns = new Map<number, number>()));
      this.push(dueAt);
    }
    const count = (towns.get(town) ?? 0) + by;
    if (count !== 0) towns.set(town, count);
    else if (towns.size > 1) towns.delete(town);
    else this.terms.delete(dueAt);
  }

  /** Removes the terms that end before `now` and hands them over. */
  takeBefore(now: number, use: (town: number, count: number, dueAt: number) => void): void {
    while (this.heap.length > 0 && this.heap[0]! < now) {
      const dueAt = this.pop();
      const towns = this.terms.get(dueAt);
      this.terms.delete(dueAt);
      towns?.forEach((count, town) => use(town, count, dueAt));
    }
  }

  private push(moment: number): void {
    // Moments whose terms were all taken back pile up when terms change often; then the heap is built anew.
    if (this.heap.length > 2 * this.terms.size + 64) {
      this.heap = [...this.terms.keys()].sort((a, b) => a - b);
      return;
    }
    const { heap } = this;
    let at = heap.length;
    heap.push(moment);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]! <= moment) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = moment;
  }

  private pop(): number {
    const { heap } = this;
    const top = heap[0]!;
    const last = heap.pop()!;
    const size = heap.length;
    if (size === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= last) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}
