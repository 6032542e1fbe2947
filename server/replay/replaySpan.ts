import { MAX_REPLAY_STEPS, REPLAY_STEP_MS, type ReplayStep } from '../../contract/replayLimits.ts';
import { DAY_MS, floorTo, toRfc3339 } from '../../common/regionTime.ts';
import type { CubeView } from '../aggregations/cubeView.ts';
import { bucketStart, KEPT_MS, keptFrom, type Grain } from '../aggregations/grains.ts';
import type { ReplaySpan } from '../aggregations/replay.ts';
import { HttpProblem } from '../platform/http/problem.ts';

/** The span of a replay, and what may be asked for (contract §4). Moments in epoch ms. */

/** The buckets that each step needs. */
const GRAIN_OF: Record<ReplayStep, Grain> = { minute: 'minute', '5m': 'minute', hour: 'hour', day: 'day' };

/** Start of the first day of which a cube knows anything; while it knows nothing, of today. */
export function beginningOf(cube: CubeView, now: number): number {
  return cube.beginning() ?? floorTo(now, DAY_MS);
}

/** The earliest moment from which a replay may go by this step. */
export function earliestOf(cube: CubeView, step: ReplayStep, now: number): number {
  const grain = GRAIN_OF[step];
  return Math.max(beginningOf(cube, now), cube.keptFrom(grain), keptFrom(grain, now));
}

/**
 * The moments of a replay: `from`, and those at whole steps after it up to `to`.
 * @throws HttpProblem 400 for a span that is none, 422 for more than 1,500 steps
 */
export function spanOf(from: number, to: number, step: ReplayStep): ReplaySpan {
  if (from > to)
    throw new HttpProblem(
      400,
      'Span is empty',
      `from ${toRfc3339(from)} must not be after to ${toRfc3339(to)}`,
      'from',
    );
  const stepMs = REPLAY_STEP_MS[step];
  const steps = Math.floor((to - from) / stepMs);
  if (steps > MAX_REPLAY_STEPS)
    throw new HttpProblem(
      422,
      'Too many steps',
      `from ${toRfc3339(from)} to ${toRfc3339(to)} there are ${steps} steps of ${step}, and one replay has ${MAX_REPLAY_STEPS} at most: ask for a shorter span, or a longer step`,
      'step',
    );
  return { from, stepMs, steps };
}

/**
 * Refuses what the past no longer tells.
 * @throws HttpProblem 422 for a step finer than the buckets still kept at `from`, 400 for a `from` before the beginning
 */
export function assertKnown(cube: CubeView, from: number, step: ReplayStep, now: number): void {
  const grain = GRAIN_OF[step];
  const kept = Math.max(cube.keptFrom(grain), keptFrom(grain, now));
  if (bucketStart(grain, from) < kept) {
    const coarser = grain === 'minute' ? 'hour' : 'day';
    throw new HttpProblem(
      422,
      'Step is too fine',
      `figures by the ${grain} are kept for ${KEPT_MS[grain] / DAY_MS >= 3 ? `${KEPT_MS[grain] / DAY_MS} days` : '50 hours'}, since ${toRfc3339(kept)}: let the replay begin later, or use the step "${coarser}"`,
      'step',
    );
  }
  const beginning = beginningOf(cube, now);
  if (from < beginning)
    throw new HttpProblem(
      400,
      'Before the beginning',
      `nothing is known before ${toRfc3339(beginning)}, and from is ${toRfc3339(from)}`,
      'from',
      { beginning: toRfc3339(beginning) },
    );
}
