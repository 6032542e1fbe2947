/** Where an enterprise stands in a group: rank 1 has the most alerts raised. */
export interface Standing {
  code: string;
  rank: number;
  of: number;
}

const NONE = -1;
const UNKNOWN = -2;

/**
 * By enterprise: how many alerts it has, and which was raised last (that alert's industry and town are the
 * enterprise's). The latest is found again only when asked for after its alert went elsewhere.
 */
export class Standings {
  readonly counts: number[] = [];
  private readonly latest: number[] = [];
  private readonly unknown = new Set<number>();
  private readonly before: (a: number, b: number) => number;

  /** `before`: the order of `latest`, raisedAt descending, then alertId. */
  constructor(before: (a: number, b: number) => number) {
    this.before = before;
  }

  add(key: number, slot: number): void {
    while (this.counts.length <= key) {
      this.counts.push(0);
      this.latest.push(NONE);
    }
    this.counts[key]!++;
    this.raisedChanged(key, slot);
  }

  /** To be called before a slot's enterprise or raisedAt changes; then `add` or `raisedChanged`. */
  forget(key: number, slot: number): void {
    if (this.latest[key] === slot) {
      this.latest[key] = UNKNOWN;
      this.unknown.add(key);
    }
  }

  remove(key: number, slot: number): void {
    this.counts[key]!--;
    this.forget(key, slot);
  }

  raisedChanged(key: number, slot: number): void {
    const latest = this.latest[key]!;
    if (latest === NONE || (latest >= 0 && latest !== slot && this.before(slot, latest) < 0)) this.latest[key] = slot;
  }

  /** Latest alert of an enterprise, or -1. `eachOf` calls its argument with every slot and its enterprise's key. */
  settle(each: (visit: (slot: number, key: number) => void) => void): void {
    if (this.unknown.size === 0) return;
    for (const key of this.unknown) this.latest[key] = NONE;
    each((slot, key) => {
      if (this.unknown.has(key)) this.raisedChanged(key, slot);
    });
    this.unknown.clear();
  }

  latestOf(key: number): number {
    return this.latest[key] ?? NONE;
  }

  /** Rank among the enterprises for which `sameGroup(latest slot)` holds. */
  rank(key: number, sameGroup: (slot: number) => boolean): { rank: number; of: number } {
    const mine = this.counts[key]!;
    let rank = 1;
    let of = 0;
    for (let other = 0; other < this.latest.length; other++) {
      const slot = this.latest[other]!;
      if (slot < 0 || !sameGroup(slot)) continue;
      of++;
      if (this.counts[other]! > mine) rank++;
    }
    return { rank, of };
  }
}

