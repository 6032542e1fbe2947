/** A moment at which something is to be looked at. */
interface Timer<Key> {
  at: number;
  key: Key;
}

/**
 * Keys by the moment at which their turn comes, the earliest first. A key that gets another moment is put in again: whoever takes one asks
 * whether its moment still holds.
 */
export class TimerHeap<Key> {
  private readonly heap: Timer<Key>[] = [];

  get size(): number {
    return this.heap.length;
  }

  /** The earliest moment; undefined where nothing waits. */
  get first(): Timer<Key> | undefined {
    return this.heap[0];
  }

  add(at: number, key: Key): void {
    const { heap } = this;
    let place = heap.length;
    heap.push({ at, key });
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (heap[parent]!.at <= at) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = { at, key };
  }

  /** Takes the earliest out. */
  take(): Timer<Key> | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.at < heap[child]!.at) child++;
      if (heap[child]!.at >= last.at) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = last;
    return first;
  }

  clear(): void {
    this.heap.length = 0;
  }
}
