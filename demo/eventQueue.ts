/** Smallest key first (binary heap); equal keys in the order in which they came. */
export class EventQueue<T> {
  readonly #keys: number[] = [];
  readonly #orders: number[] = [];
  readonly #items: T[] = [];
  #count = 0;

  get size(): number {
    return this.#items.length;
  }

  /** Key of the first item; `Infinity` when there is none. */
  get nextKey(): number {
    return this.#keys[0] ?? Infinity;
  }

  push(key: number, item: T): void {
    let i = this.#items.length;
    const order = this.#count++;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.#after(parent, key, order)) break;
      this.#move(parent, i);
      i = parent;
    }
    this.#put(i, key, order, item);
  }

  pop(): T | undefined {
    const size = this.#items.length;
    if (!size) return undefined;
    const first = this.#items[0]!;
    const key = this.#keys.pop()!;
    const order = this.#orders.pop()!;
    const item = this.#items.pop()!;
    if (size > 1) {
      let i = 0;
      for (let child = 1; child < size - 1; child = 2 * i + 1) {
        if (child + 1 < size - 1 && this.#after(child, this.#keys[child + 1]!, this.#orders[child + 1]!)) child++;
        if (this.#after(child, key, order)) break;
        this.#move(child, i);
        i = child;
      }
      this.#put(i, key, order, item);
    }
    return first;
  }

  /** Whether the item at `i` comes after one of this key and order. */
  #after(i: number, key: number, order: number): boolean {
    const own = this.#keys[i]!;
    return own > key || (own === key && this.#orders[i]! > order);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#keys[from]!, this.#orders[from]!, this.#items[from]!);
  }

  #put(i: number, key: number, order: number, item: T): void {
    this.#keys[i] = key;
    this.#orders[i] = order;
    this.#items[i] = item;
  }
}
