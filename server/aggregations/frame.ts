import { OPEN_STAGES, STAGES, type WindowName } from '../../contract/codes.ts';
import { toRfc3339 } from '../../common/regionTime.ts';
import type { Frame, LastEvent } from '../../contract/frame.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { RegionRow } from '../alerts/row.ts';
import type { CubeView, GaugesView } from './cubeView.ts';
import { briefsOf, frameOf } from './figures.ts';

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
  lists: FrameLists;
  /** What is watched in the scope; undefined where nothing is. */
  monitor?: Frame['monitor'] | undefined;
}

/** What a frame shows of single alerts of its scope, as the caller knows them. */
export interface FrameLists {
  /** The 50 most recently raised. */
  readonly latest: readonly RegionRow[];
  /** The 30 whose term runs with the earliest end. */
  readonly agenda: readonly RegionRow[];
  /** When the oldest open alert of a town (or of an area) was raised, epoch ms; undefined where none is open. */
  oldestOpenAt(town: string): number | undefined;
  /** By channel, epoch ms; undefined for a town. */
  readonly lastByChannel: ReadonlyMap<string, { raisedAt: number; changedAt: number }> | undefined;
}

/**
 * The frame of a scope and window at `now` (contract §4). Parts that have not changed since the last frame of the same
 * scope and window are the same objects, so a frame is to be read, never written to. Throws `UnknownScopeError`.
 */
export function buildFrame({ pack, scope, window, now, seq, cube, gauges, lists, monitor }: FrameQuery): Frame {
  const { dictionary } = cube;
  const { sums, town, previous, lastYear } = cube.roll(scope, window, now);
  gauges.advance(now);
  const { open, byStage, overdue, dueToday, overdueByStage, supervised } = gauges.scope(
    town === undefined ? undefined : scope,
  );
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
    latest: lists.latest,
  });
  frame.totals.overdue = overdue;
  frame.totals.dueToday = dueToday;
  frame.totals.supervised = supervised;
  for (const [code, row] of Object.entries(frame.byTown)) {
    row.days = gauges.days(code, now);
    const oldest = lists.oldestOpenAt(code);
    if (oldest !== undefined) row.oldestOpenAt = toRfc3339(oldest);
  }
  frame.agenda = briefsOf(pack, lists.agenda, now);
  if (lists.lastByChannel) frame.lastByChannel = lastTimes(lists.lastByChannel);
  if (monitor) frame.monitor = monitor;
  frame.byStage = Object.fromEntries(STAGES.map((stage) => [stage, byStage[stage]]));
  frame.overdueByStage = Object.fromEntries(OPEN_STAGES.map((stage) => [stage, overdueByStage[stage]]));
  return frame;
}

function lastTimes(last: ReadonlyMap<string, { raisedAt: number; changedAt: number }>): Record<string, LastEvent> {
  return Object.fromEntries(
    Array.from(last, ([channel, { raisedAt, changedAt }]) => [
      channel,
      { raisedAt: toRfc3339(raisedAt), changedAt: toRfc3339(changedAt) },
    ]),
  );
}
