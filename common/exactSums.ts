/**
 * A sum of integers in two lanes: `high · SPAN + low`. Both lanes have the sign of the sum and `|low| < SPAN`, so a sum has
 * one form only, and what is added and taken away again comes back to the letter, however far beyond 2⁵³ it went between.
 */
export const SPAN = 2 ** 52;

/**
 * Adds `high · SPAN + low` to the sum at `at`. The slow way, for sums that have left the low lane; integers only, of any
 * size in `low`.
 */
export function addWide(lows: Float64Array, highs: Float64Array, at: number, low: number, high: number): void {
  let upper = highs[at]! + high + Math.trunc(low / SPAN);
  // Two numbers below SPAN: exact as a double.
  let lower = lows[at]! + (low % SPAN);
  upper += Math.trunc(lower / SPAN);
  lower %= SPAN;
  if (upper > 0 && lower < 0) {
    upper -= 1;
    lower += SPAN;
  } else if (upper < 0 && lower > 0) {
    upper += 1;
    lower -= SPAN;
  }
  // + 0, so that no −0 is left.
  lows[at] = lower + 0;
  highs[at] = upper + 0;
}

/** A row of exact sums of integers by index. Without a high lane, which few ever need, adding is one addition and a comparison. */
export class ExactSums {
  low: Float64Array;
  /** Undefined until a sum leaves the low lane. */
  high: Float64Array | undefined;

  constructor(length: number) {
    this.low = new Float64Array(length);
  }

  get length(): number {
    return this.low.length;
  }

  /** Adds `high · SPAN + low`, integers, to the sum at `at`. */
  add(at: number, low: number, high = 0): void {
    const sum = this.low[at]! + low;
    if (this.high === undefined && high === 0 && Math.abs(sum) < SPAN) this.low[at] = sum;
    else addWide(this.low, (this.high ??= new Float64Array(this.low.length)), at, low, high);
  }

  /** Adds (sign 1) or takes away (sign −1) all sums of `other`, which is no longer than this. */
  addAll(other: ExactSums, sign: 1 | -1): void {
    for (let at = 0; at < other.low.length; at++) this.add(at, sign * other.low[at]!, sign * (other.high?.[at] ?? 0));
  }

  /** The sum as a number: exact to 2⁵³, beyond it the nearest there is. 0 past the end. */
  value(at: number): number {
    // SPAN is a power of two: only the addition rounds.
    return (this.high?.[at] ?? 0) * SPAN + (this.low[at] ?? 0);
  }

  isZero(at: number): boolean {
    return (this.low[at] ?? 0) === 0 && (this.high?.[at] ?? 0) === 0;
  }

  clear(): void {
    this.low.fill(0);
    this.high = undefined;
  }

  /** Makes room for `length` sums; new ones are 0. */
  grow(length: number): void {
    this.low = grown(this.low, length);
    if (this.high) this.high = grown(this.high, length);
  }

  copy(): ExactSums {
    const copy = new ExactSums(0);
    copy.low = this.low.slice();
    copy.high = this.high?.slice();
    return copy;
  }
}

function grown(lane: Float64Array, length: number): Float64Array {
  const larger = new Float64Array(length);
  larger.set(lane);
  return larger;
}

/** The sum of integers, none of them negative, as a number: exact to 2⁵³, beyond it the nearest there is. */
export function exactTotal<T>(list: readonly T[], valueOf: (item: T) => number): number {
  let sum = 0;
  for (const item of list) sum += valueOf(item);
  if (sum <= Number.MAX_SAFE_INTEGER) return sum;
  return Number(list.reduce((total, item) => total + BigInt(valueOf(item)), 0n));
}
