/**
 * How many terms end when, by place (what a place is, the caller says). A heap of distinct moments over a map of counts: taking a term back only lowers
 * its count, and a moment without terms is thrown away when its turn comes.
 */
export class DueQueue {
  private heap: number[] = [];
  private readonly terms = new Map<number, Map<number, number>>();

  /** Adds `by` (may be negative) terms of a place that end at `dueAt`, epoch ms. */
  add(dueAt: number, place: number, by: number): void {
    let places = this.terms.get(dueAt);
    if (!places) {
      this.terms.set(dueAt, (places = new Map<number, number>()));
      this.push(dueAt);
    }
    const count = (places.get(place) ?? 0) + by;
    if (count !== 0) places.set(place, count);
    else if (places.size > 1) places.delete(place);
    else this.terms.delete(dueAt);
  }

  /** Removes the terms that end before `now` and hands them over. */
  takeBefore(now: number, use: (place: number, count: number, dueAt: number) => void): void {
    while (this.heap.length > 0 && this.heap[0]! < now) {
      const dueAt = this.pop();
      const places = this.terms.get(dueAt);
      this.terms.delete(dueAt);
      places?.forEach((count, place) => use(place, count, dueAt));
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
