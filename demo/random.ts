/**
 * Seeded chance. Every alert draws from its own stream, keyed by seed and number, so that any of them
 * can be made again without those before it: this is what lets the feed go on after a restart.
 */

/** SplitMix32 (public domain): spreads a 32-bit word over all its bits. */
function mix(word: number): number {
  let z = (word + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}

/** One 32-bit word from any numbers; those beyond 32 bits count whole. */
export function hash(...keys: number[]): number {
  let h = 0x2545f491;
  for (const key of keys) {
    h = mix(h ^ (key | 0));
    h = mix(h ^ Math.floor(key / 4294967296));
  }
  return h;
}

/** `hash` of a text. */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h);
}

/** sfc32 (C. Doty-Humphrey, public domain): small, fast, passes PractRand. */
export class Random {
  #a = 0;
  #b = 0;
  #c = 0;
  #n = 1;

  constructor(...keys: number[]) {
    this.reseed(...keys);
  }

  /** Starts the stream of these keys; the same keys give the same stream. */
  reseed(...keys: number[]): this {
    const h = hash(...keys);
    this.#a = mix(h);
    this.#b = mix(h ^ 0x5bd1e995);
    this.#c = mix(h ^ 0x1b873593);
    this.#n = 1;
    for (let i = 0; i < 4; i++) this.next();
    return this;
  }

  /** In [0, 1). */
  next(): number {
    const t = (this.#a + this.#b + this.#n) | 0;
    this.#n = (this.#n + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0;
    return (t >>> 0) / 4294967296;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** Integer in [low, high]. */
  int(low: number, high: number): number {
    return low + Math.floor((high - low + 1) * this.next());
  }

  chance(p: number): boolean {
    return this.next() < p;
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.next() * from.length)]!;
  }

  /** Standard normal (Box–Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** A waiting time of this mean: Erlang of order 2, without its extremes (0.15 to 3 means). */
  wait(mean: number): number {
    const x = -Math.log((1 - this.next()) * (1 - this.next())) / 2;
    return mean * Math.min(3, Math.max(0.15, x));
  }

  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.int(0, i);
      [items[i], items[j]] = [items[j]!, items[i]!];
    }
    return items;
  }
}

/** Draws items by weight. */
export class Weighted<T> {
  readonly #items: T[] = [];
  readonly #upTo: number[] = [];
  readonly total: number;

  constructor(entries: Iterable<readonly [T, number]>) {
    let sum = 0;
    for (const [item, weight] of entries) {
      if (!(weight > 0)) continue;
      this.#items.push(item);
      this.#upTo.push((sum += weight));
    }
    if (!this.#items.length) throw new Error('nothing to draw from: every weight is zero');
    this.total = sum;
  }

  pick(random: Random): T {
    const x = random.next() * this.total;
    let low = 0;
    let high = this.#upTo.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#upTo[middle]! > x) high = middle;
      else low = middle + 1;
    }
    return this.#items[low]!;
  }
}

/** Whole shares of `total` in proportion to `weights`, summing to it exactly (largest remainders). */
export function apportion(total: number, weights: readonly number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  if (!weights.length || !(sum > 0)) return weights.map(() => 0);
  const exact = weights.map((weight) => (total * weight) / sum);
  const shares = exact.map(Math.floor);
  const order = exact.map((_, i) => i).sort((i, j) => exact[j]! - shares[j]! - (exact[i]! - shares[i]!) || i - j);
  let left = total - shares.reduce((a, b) => a + b, 0);
  for (const i of order) {
    if (left-- <= 0) break;
    shares[i]!++;
  }
  return shares;
}
