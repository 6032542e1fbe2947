import { floorTo } from '../../common/regionTime.ts';
import { GRAIN_MS, GRAINS, numbersOf, type Grain, type Range } from './grains.ts';

/** Which buckets make up a span of the past: the finest that are still kept, each moment in one of them. */

/** What says how far back the buckets of a grain are kept. */
interface Kept {
  /** Start of the oldest bucket of a grain that is kept. */
  keptFrom(grain: Grain): number;
}

/** Buckets of one grain. */
export interface Part {
  grain: Grain;
  range: Range;
}

/**
 * The buckets that make up `range` (bounds for bucket starts, laid down for buckets of `grain`), where those still
 * are: an hour of minutes counts as kept while its first minute is, a day of hours while its first hour is. What is
 * no longer kept comes from the next coarser grain, whose buckets are in or out by their own start against the same
 * bounds.
 */
export function cover(grain: Grain, range: Range, cube: Kept): Part[] {
  const coarser = GRAINS[GRAINS.indexOf(grain) + 1];
  if (!coarser || range.lo >= range.hi) return [{ grain, range }];
  const size = GRAIN_MS[coarser];
  const kept = cube.keptFrom(grain);
  const from = kept === -Infinity ? kept : floorTo(kept + size - 1, size);
  if (from <= range.lo) return [{ grain, range }];
  const older = cover(coarser, { lo: range.lo, hi: Math.min(range.hi, from) }, cube);
  return from < range.hi ? [...older, { grain, range: { lo: from, hi: range.hi } }] : older;
}

/**
 * The buckets of a span that ends at `at`: of its own grain as far as the bucket in which `at` lies, and that one cut
 * by the finest buckets kept, the last of which counts whole.
 */
export function coverUntil(grain: Grain, lo: number, at: number, cube: Kept): Part[] {
  const cur = floorTo(at, GRAIN_MS[grain]);
  const finer = GRAINS[GRAINS.indexOf(grain) - 1];
  if (!finer) return cover(grain, { lo, hi: cur + GRAIN_MS[grain] }, cube);
  // Where the finer grain is no longer kept, its cover is one bucket of this grain.
  return [...cover(grain, { lo, hi: cur }, cube), ...coverUntil(finer, cur, at, cube)];
}

/** The moments that buckets make up, from the start of the first to the end of the last: of none, none (`lo` = `hi`). */
export function momentsOf(parts: readonly Part[]): Range {
  const found = parts
    .map(({ grain, range: { lo, hi } }) => {
      const size = GRAIN_MS[grain];
      const up = (ms: number) => (Number.isFinite(ms) ? floorTo(ms + size - 1, size) : ms);
      return { lo: up(lo), hi: up(hi) };
    })
    .filter(({ lo, hi }) => lo < hi);
  if (found.length === 0) return { lo: 0, hi: 0 };
  return { lo: Math.min(...found.map(({ lo }) => lo)), hi: Math.max(...found.map(({ hi }) => hi)) };
}

/** Numbers of buckets, `first` ≤ n < `end`. */
export interface Run {
  first: number;
  end: number;
}
/** By index of `GRAINS`: the buckets of a span, in ascending runs that have none in common. */
export type Cover = readonly (readonly Run[])[];
export const NOTHING: Cover = GRAINS.map(() => []);

/** Parts as runs. No two parts have a bucket in common, as each moment is covered once. */
export function coverOf(parts: readonly Part[]): Cover {
  return GRAINS.map((grain) =>
    parts
      .filter((part) => part.grain === grain)
      .map(({ range }) => numbersOf(grain, range))
      .filter(({ first, end }) => first < end)
      .sort((a, b) => a.first - b.first),
  );
}

/** The buckets of `runs` that are not among `others`. */
export function without(runs: readonly Run[], others: readonly Run[]): Run[] {
  let left = runs.slice();
  // By hand: a step of a replay asks this two dozen times.
  for (const other of others) {
    const next: Run[] = [];
    for (const run of left) {
      if (other.end <= run.first || run.end <= other.first) {
        next.push(run);
        continue;
      }
      if (run.first < other.first) next.push({ first: run.first, end: other.first });
      if (other.end < run.end) next.push({ first: other.end, end: run.end });
    }
    left = next;
  }
  return left;
}

/** How many buckets there are, if each is there. */
export const sizeOf = (runs: readonly Run[]): number => runs.reduce((sum, { first, end }) => sum + end - first, 0);

/**
 * The same moments in fewer buckets: wherever a cover has all finer buckets of one, up to the grain `coarsest`, that one stands for them.
 * Every increment that the finer ones have taken is in it, and no other, as they are still kept.
 */
export function inCoarser(cover: Cover, coarsest: Grain): Cover {
  const runs = cover.map((each) => [...each]);
  for (let i = 0; i < GRAINS.indexOf(coarsest); i++) {
    const ratio = GRAIN_MS[GRAINS[i + 1]!] / GRAIN_MS[GRAINS[i]!];
    const finer: Run[] = [];
    for (const { first, end } of runs[i]!) {
      const whole = { first: Math.ceil(first / ratio), end: Math.floor(end / ratio) };
      if (whole.first >= whole.end) {
        finer.push({ first, end });
        continue;
      }
      runs[i + 1]!.push(whole);
      if (first < whole.first * ratio) finer.push({ first, end: whole.first * ratio });
      if (whole.end * ratio < end) finer.push({ first: whole.end * ratio, end });
    }
    runs[i] = finer;
  }
  return runs;
}
