import { coverOf, inCoarser, NOTHING, sizeOf, without, type Cover, type Part } from './cover.ts';
import { GRAINS, startOfNumber, type Grain, type Range } from './grains.ts';

/** A sum over buckets, as `Sliding` moves it. What is read is yielded between, so that others have their turn. */
export interface SlidingSum {
  /** Up to this grain a bucket says as much as all the finer ones in it. */
  readonly coarsest: Grain;
  clear(): void;
  /** Adds (sign 1) or takes away (sign −1) every bucket of a range; yields after each. */
  read(grain: Grain, range: Range, sign: 1 | -1): Generator<undefined, void>;
}

/**
 * A sum over the buckets of a span that moves: a step costs the buckets that come and those that go, or all, where those are
 * fewer (the turn of a month).
 */
export class Sliding {
  private readonly sum: SlidingSum;
  private cover: Cover;

  /** @param covered what the sum holds already */
  constructor(sum: SlidingSum, covered: readonly Part[] = []) {
    this.sum = sum;
    this.cover = covered.length > 0 ? coverOf(covered) : NOTHING;
  }

  *moveTo(parts: readonly Part[]): Generator<undefined, void> {
    const before = this.cover;
    const after = coverOf(parts);
    this.cover = after;
    const gone = before.map((runs, grain) => without(runs, after[grain]!));
    const come = after.map((runs, grain) => without(runs, before[grain]!));
    const anew = sizeOf(gone.flat()) > sizeOf(after.flat()) - sizeOf(come.flat());
    if (anew) this.sum.clear();
    else yield* this.readAll(inCoarser(gone, this.sum.coarsest), -1);
    yield* this.readAll(inCoarser(anew ? after : come, this.sum.coarsest), 1);
  }

  private *readAll(cover: Cover, sign: 1 | -1): Generator<undefined, void> {
    for (const [i, runs] of cover.entries()) {
      const grain = GRAINS[i]!;
      for (const { first, end } of runs)
        yield* this.sum.read(grain, { lo: startOfNumber(grain, first), hi: startOfNumber(grain, end) }, sign);
    }
  }
}
