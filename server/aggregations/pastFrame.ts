import { ExactSums } from '../../common/exactSums.ts';
import { MEASURES, type WindowName } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import type { RegionPack } from '../../contract/region.ts';
import { DAY_MS, floorTo, startOfMonth } from '../../common/regionTime.ts';
import type { RegionRow } from '../alerts/row.ts';
import { MEASURE_SHIFT } from './bucketCodec.ts';
import type { CubeView } from './cubeView.ts';
import { townOf } from './dictionary.ts';
import { frameOf } from './figures.ts';
import { cover, coverUntil, type Part } from './cover.ts';
import { MEASURE_INDEX } from './increments.ts';
import { OpenCounts } from './openCounts.ts';
import { WINDOW_RULES, windowRanges } from './windows.ts';
import { WindowSums } from './windowSums.ts';

export interface PastFrameQuery {
  pack: RegionPack;
  /** Region (6 digits) or town (9). */
  scope: string;
  window: WindowName;
  /** The moment shown, epoch ms; not after the cube's clock. */
  at: number;
  seq: number;
  cube: CubeView;
  /** The 50 alerts of the scope most recently raised by `at`. */
  latest: readonly RegionRow[];
}

/**
 * The situation as it stood at `at`, in today's facts (contract §4). Where the contract leaves room, this is decided:
 *
 * - Lower bounds, and both bounds of the comparisons, are those of §3 with `cur` computed from `at`.
 * - The window ends at `at`: buckets after it are out, those of the window's own grain before it are in, and the one
 *   in which `at` lies is cut by finer buckets while they are kept: a day by hours, an hour by minutes. The finest bucket
 *   in which `at` lies counts whole, so the frame shows the end of that minute (or hour, or day).
 * - Where the window's own grain is no longer kept, the next coarser one stands in, a whole bucket of it at a time,
 *   in or out by its own start. So a `24h` of two weeks ago goes by hours, one of last spring by days.
 * - Retention goes by the cube's clock.
 * - `open` is what was raised by then less what was closed by then, from all buckets there are, cut like the window `all`.
 * - A step of `series` is the one in which a bucket starts, however coarse the bucket.
 *
 * Throws `UnknownScopeError`.
 */
export function buildPastFrame({ pack, scope, window, at, seq, cube, latest }: PastFrameQuery): Frame {
  const { dictionary } = cube;
  const town = cube.townOfScope(scope);
  const { grain, step } = WINDOW_RULES[window];
  const ranges = windowRanges(window, at);

  const today = floorTo(at, DAY_MS);
  const isLate =
    window === 'all' &&
    cube.count('day', { lo: today, hi: Infinity }) < cube.count('day', { lo: -Infinity, hi: today });
  // Of all that ever was, take what is known now and go back, where that is shorter.
  const sums = isLate ? cube.roll(scope, 'all', cube.now).sums.copy() : new WindowSums(dictionary, step, town);
  const add = ({ grain, range }: Part, sign: 1 | -1) =>
    cube.visit(grain, range, { town }, (start, columns) => sums.addBucket(start, columns, sign));
  if (isLate) add({ grain: 'day', range: { lo: today, hi: Infinity } }, -1);
  for (const part of coverUntil(grain, isLate ? today : ranges.main.lo, at, cube)) add(part, 1);

  const open = openAt(at, town, cube);
  const previous = ranges.previous && totals(cover(grain, ranges.previous, cube), town, cube);
  const lastYear = ranges.lastYear && totals([{ grain: 'day', range: ranges.lastYear }], town, cube);
  return frameOf({ pack, scope, town, window, at, seq, dictionary, sums, open, previous, lastYear, latest });
}

/** What had been raised by `at` less what had been closed by then, from all buckets there are. */
export function openAt(at: number, town: number | undefined, cube: CubeView): OpenCounts {
  const open = new OpenCounts(cube.dictionary);
  const month = startOfMonth(at);
  cube.visitOpenBefore(month, (cell, net) => {
    if (town === undefined || townOf(cell) === town) open.add(cell, net);
  });
  for (const { grain, range } of coverUntil('day', month, at, cube)) {
    cube.visit(grain, range, { town, cellsOnly: true }, (_, { cells }) => {
      for (let i = 0; i < cells.length; i++) {
        const key = cells.keys[i]! - 1;
        if (key < 0) continue;
        const measure = key & 15;
        if (measure !== MEASURE_INDEX.raised && measure !== MEASURE_INDEX.closed) continue;
        const cell = key >>> MEASURE_SHIFT;
        if (town !== undefined && townOf(cell) !== town) continue;
        open.add(cell, measure === MEASURE_INDEX.raised ? cells.values[i]! : -cells.values[i]!);
      }
    });
  }
  return open;
}

/** The nine totals of some buckets. */
function totals(parts: readonly Part[], town: number | undefined, cube: CubeView): ExactSums {
  const sums = new ExactSums(MEASURES.length);
  for (const { grain, range } of parts) cube.visitTotals(grain, range, town, (totals) => sums.addAll(totals, 1));
  return sums;
}
