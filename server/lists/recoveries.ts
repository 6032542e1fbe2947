import type { RecoveryTuple } from '../alerts/row.ts';

/**
 * Recoveries by slot: chains in a pool of typed arrays, because few alerts have any and most of those have one.
 * Entry 0 means none.
 */
export class Recoveries {
  /** By slot: first entry. */
  private first = new Uint32Array(0);
  private at = new Float64Array(64);
  private fen = new Float64Array(64);
  private workers = new Uint32Array(64);
  private next = new Uint32Array(64);
  private end = 1;
  private free = 0;
  /** Of the slots whose chains have been extended: the last entry, how many there are, and their sum. */
  private readonly long = new Map<number, { last: number; count: number; fen: number }>();

  grow(capacity: number): void {
    const first = new Uint32Array(capacity);
    first.set(this.first);
    this.first = first;
  }

  has(slot: number): boolean {
    return this.first[slot] !== 0;
  }

  /** Whether one of an alert's recoveries lies in `[from, to)`. */
  anyIn(slot: number, from: number, to: number): boolean {
    for (let entry = this.first[slot]!; entry !== 0; entry = this.next[entry]!) {
      const at = this.at[entry]!;
      if (at >= from && at < to) return true;
    }
    return false;
  }

  list(slot: number): RecoveryTuple[] | undefined {
    let entry = this.first[slot]!;
    if (entry === 0) return undefined;
    const list: RecoveryTuple[] = [];
    for (; entry !== 0; entry = this.next[entry]!) list.push([this.at[entry]!, this.fen[entry]!, this.workers[entry]!]);
    return list;
  }

  fenOf(slot: number): number {
    const long = this.long.size > 0 ? this.long.get(slot) : undefined;
    if (long) return long.fen;
    let sum = 0;
    for (let entry = this.first[slot]!; entry !== 0; entry = this.next[entry]!) sum += this.fen[entry]!;
    return sum;
  }

  workersOf(slot: number): number {
    let sum = 0;
    for (let entry = this.first[slot]!; entry !== 0; entry = this.next[entry]!) sum += this.workers[entry]!;
    return sum;
  }

  equals(slot: number, list: readonly RecoveryTuple[]): boolean {
    let entry = this.first[slot]!;
    for (const [at, fen, workers] of list) {
      if (entry === 0 || this.at[entry] !== at || this.fen[entry] !== fen || this.workers[entry] !== workers)
        return false;
      entry = this.next[entry]!;
    }
    return entry === 0;
  }

  /**
   * Puts `list` after the first `kept`, in the place of what stands there: the work is that of `list` if they are all there are.
   * @returns whether anything has changed
   * @throws RangeError if there are fewer
   */
  extend(slot: number, kept: number, list: readonly RecoveryTuple[]): boolean {
    const long = this.longOf(slot);
    if (long.count < kept) throw new RangeError(`there are ${long.count} recoveries, not the ${kept} to keep`);
    if (long.count > kept) {
      this.set(slot, [...(this.list(slot) ?? []).slice(0, kept), ...list]);
      return true;
    }
    for (const [at, fen, workers] of list) {
      const entry = this.take();
      this.at[entry] = at;
      this.fen[entry] = fen;
      this.workers[entry] = workers;
      this.next[entry] = 0;
      if (long.last === 0) this.first[slot] = entry;
      else this.next[long.last] = entry;
      long.last = entry;
      long.count++;
      long.fen += fen;
    }
    return list.length > 0;
  }

  private longOf(slot: number): { last: number; count: number; fen: number } {
    let long = this.long.get(slot);
    if (long) return long;
    long = { last: 0, count: 0, fen: 0 };
    for (let entry = this.first[slot]!; entry !== 0; entry = this.next[entry]!) {
      long.last = entry;
      long.count++;
      long.fen += this.fen[entry]!;
    }
    this.long.set(slot, long);
    return long;
  }

  set(slot: number, list: readonly RecoveryTuple[]): void {
    this.long.delete(slot);
    for (let entry = this.first[slot]!; entry !== 0;) {
      const next = this.next[entry]!;
      this.next[entry] = this.free;
      this.free = entry;
      entry = next;
    }
    let following = 0;
    for (let i = list.length - 1; i >= 0; i--) {
      const [at, fen, workers] = list[i]!;
      const entry = this.take();
      this.at[entry] = at;
      this.fen[entry] = fen;
      this.workers[entry] = workers;
      this.next[entry] = following;
      following = entry;
    }
    this.first[slot] = following;
  }

  private take(): number {
    const reused = this.free;
    if (reused !== 0) {
      this.free = this.next[reused]!;
      return reused;
    }
    if (this.end === this.at.length) {
      const length = this.end + Math.max(64, this.end >>> 2);
      const at = new Float64Array(length);
      at.set(this.at);
      this.at = at;
      const fen = new Float64Array(length);
      fen.set(this.fen);
      this.fen = fen;
      const workers = new Uint32Array(length);
      workers.set(this.workers);
      this.workers = workers;
      const next = new Uint32Array(length);
      next.set(this.next);
      this.next = next;
    }
    return this.end++;
  }
}
