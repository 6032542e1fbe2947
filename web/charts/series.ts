import { parseRfc3339 } from '../../common/regionTime.ts';
import type { Frame, SeriesStep } from '../../contract/frame.ts';
import { startOfStep, timeAxis, type Step, type TimeAxis } from '../../common/charts/timeAxis.ts';

/**
 * The moment up to which a frame's axis runs, epoch ms. A frame is only sent when a figure changes, so on a live
 * wall the server's clock is ahead of it, and what has passed since is known to be empty. A stale frame
 * proves nothing after its own moment, nor does one of the past (told by its missing `byStage`, contract §4).
 */
export function asOf(frame: Pick<Frame, 'at' | 'byStage'>, now: number, live: boolean): number {
  const at = parseRfc3339(frame.at) ?? now;
  return live && frame.byStage ? Math.max(at, now) : at;
}

/**
 * The frame's series laid on its window's axis: one entry a step, empty where nothing happened. With a coarser `step` than
 * the series' own, entries gather all the steps in them. What a rolling window holds of a step before its first whole one is on no
 * axis, so the entries may add up to less than the frame's totals.
 */
export function onAxis(
  frame: Pick<Frame, 'window' | 'series'>,
  at: number,
  step: Step,
): { axis: TimeAxis; entries: (readonly SeriesStep[])[] } {
  const bySteps = new Map<number, SeriesStep[]>();
  let first = at;
  for (const [key, entry] of Object.entries(frame.series)) {
    const start = parseRfc3339(key);
    if (start === undefined) continue;
    first = Math.min(first, start);
    const drawn = startOfStep(start, step);
    const gathered = bySteps.get(drawn);
    if (gathered) gathered.push(entry);
    else bySteps.set(drawn, [entry]);
  }
  const axis = timeAxis(frame.window, at, first, step);
  return { axis, entries: axis.starts.map((start) => bySteps.get(start) ?? []) };
}
