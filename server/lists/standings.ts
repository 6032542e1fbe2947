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
  private keys = 0;
  /** By enterprise, side by side: alerts, latest slot (or NONE, UNKNOWN). */
  private table = new Int32Array(128);
  private readonly unknown = new Set<number>();
  private readonly before: (a: number, b: number) => number;

  /** `before`: the order of `latest`, raisedAt descending, then alertId. */
  constructor(before: (a: number, b: number) => number) {
    this.before = before;
  }

  /** How many alerts an enterprise has. */
  count(key: number): number {
    return key < this.keys ? this.table[key * 2]! : 0;
  }

  add(key: number, slot: number): void {
    if (key >= this.keys) {
      if (key * 2 >= this.table.length) {
        const larger = new Int32Array((key + 1) * 4);
        larger.set(this.table);
        this.table = larger;
      }
      for (let added = this.keys; added <= key; added++) this.table[added * 2 + 1] = NONE;
      this.keys = key + 1;
    }
    this.table[key * 2]!++;
    this.raisedChanged(key, slot);
  }

  /** To be called before a slot's raisedAt changes; then `raisedChanged`. */
  forget(key: number, slot: number): void {
    if (this.table[key * 2 + 1] === slot) {
      this.table[key * 2 + 1] = UNKNOWN;
      this.unknown.add(key);
    }
  }

  /** To be called before a slot goes to another enterprise. */
  remove(key: number, slot: number): void {
    this.table[key * 2]!--;
    this.forget(key, slot);
  }

  raisedChanged(key: number, slot: number): void {
    const latest = this.table[key * 2 + 1]!;
    if (latest === NONE || (latest >= 0 && latest !== slot && this.before(slot, latest) < 0))
      this.table[key * 2 + 1] = slot;
  }

  /** Finds the latest alerts that are not known. `each` calls its argument with every slot and its enterprise's key. */
  settle(each: (visit: (slot: number, key: number) => void) => void): void {
    if (this.unknown.size === 0) return;
    for (const key of this.unknown) this.table[key * 2 + 1] = NONE;
    each((slot, key) => {
      if (this.unknown.has(key)) this.raisedChanged(key, slot);
    });
    this.unknown.clear();
  }

  /** Latest alert of an enterprise, or −1; after `settle`. */
  latestOf(key: number): number {
    return this.table[key * 2 + 1]!;
  }

  /** Rank among the enterprises for which `sameGroup(latest slot)` holds; after `settle`. */
  rank(key: number, sameGroup: (slot: number) => boolean): { rank: number; of: number } {
    const mine = this.count(key);
    let rank = 1;
    let of = 0;
    for (let other = 0; other < this.keys; other++) {
      const slot = this.table[other * 2 + 1]!;
      if (slot < 0 || !sameGroup(slot)) continue;
      of++;
      if (this.table[other * 2]! > mine) rank++;
    }
    return { rank, of };
  }
}
