import type { RegionPack } from '../../contract/region.ts';
import { cover } from './cover.ts';
import type { CubeView } from './cubeView.ts';
import { rowsOf, type FrameRows } from './figures.ts';
import { openAt } from './pastFrame.ts';
import type { Step } from './windows.ts';
import { WindowSums } from './windowSums.ts';

/**
 * The figures of any span `from` ≤ t < `to`, in today's facts, as a frame has them of its window: totals, tiers, towns, industries,
 * channels, series. `open` is what stood open at its end. From hours while they are kept, else from days, so both ends must lie on
 * full hours, and at midnight where hours are no longer kept. Epoch ms; `to` is not after the cube's clock. Throws `UnknownScopeError`.
 */
export function spanRows(
  cube: CubeView,
  { pack, scope, from, to, step }: { pack: RegionPack; scope: string; from: number; to: number; step: Step },
): Pick<FrameRows, 'totals' | 'byTier' | 'byTown' | 'byIndustry' | 'byChannel' | 'series'> {
  const { dictionary } = cube;
  const town = cube.townOfScope(scope);
  const sums = new WindowSums(dictionary, step, town);
  for (const { grain, range } of cover('hour', { lo: from, hi: to }, cube))
    cube.visit(grain, range, { town }, (start, columns) => sums.addBucket(start, columns, 1));
  const open = openAt(to - 1, town, cube);
  // The window is not told: a span is none of them.
  return rowsOf({
    pack,
    scope,
    town,
    window: 'all',
    at: to,
    seq: 0,
    dictionary,
    sums,
    open,
    previous: undefined,
    lastYear: undefined,
  });
}
