import { STAGES, type WindowName } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { RegionRow } from '../alerts/row.ts';
import type { CubeView, GaugesView } from './cubeView.ts';
import { frameOf } from './figures.ts';

export interface FrameQuery {
  pack: RegionPack;
  /** Region (6 digits) or town (9). */
  scope: string;
  window: WindowName;
  /** Epoch ms. */
  now: number;
  seq: number;
  cube: CubeView;
  gauges: GaugesView;
  /** The 50 most recently raised alerts of the scope, as the caller knows them. */
  latest: readonly RegionRow[];
}

/**
 * The frame of a scope and window at `now` (contract §4). Parts that have not changed since the last frame of the same
 * scope and window are the same objects, so a frame is to be read, never written to. Throws `UnknownScopeError`.
 */
export function buildFrame({ pack, scope, window, now, seq, cube, gauges, latest }: FrameQuery): Frame {
  const { dictionary } = cube;
  const { sums, town, previous, lastYear } = cube.roll(scope, window, now);
  gauges.advance(now);
  const { open, byStage, overdue } = gauges.scope(town === undefined ? undefined : scope);
  const frame = frameOf({
    pack,
    scope,
    town,
    window,
    at: now,
    seq,
    dictionary,
    sums,
    open,
    previous,
    lastYear,
    latest,
  });
  frame.totals.overdue = overdue;
  frame.byStage = Object.fromEntries(STAGES.map((stage) => [stage, byStage[stage]]));
  return frame;
}
