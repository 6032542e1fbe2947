import type { BriefingContent } from '../../contract/briefings.ts';
import { MAX_FROZEN, type BriefingList } from '../../contract/briefingLimits.ts';
import type { WindowName } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import { DAY_MS, floorTo, parseRfc3339, toRfc3339 } from '../../common/regionTime.ts';
import { coverUntil, momentsOf } from '../aggregations/cover.ts';
import { WINDOW_RULES, windowRanges } from '../aggregations/windows.ts';
import { openAt } from '../lists/openAt.ts';
import { HttpProblem } from '../platform/http/problem.ts';
import type { RegionView } from '../region/region.ts';
import { firstOf, listQueries, openBefore, toldOf, type Frozen } from './freeze.ts';
import { historyOf } from './history.ts';

/** The frame that was kept of the hour (of a town: of the day) in which a moment lies, as it was shown then. */
export type Kept = (scope: string, at: number) => Promise<Frame | undefined>;

/** Of the past, alerts to which something happened in the window are known as lists, and who stood open. Who was late or due then is not. */
const HAPPENED = ['raised', 'audited', 'recovered', 'closed'] as const satisfies readonly BriefingList[];

/**
 * A moment of the past that a situation is asked of, epoch ms.
 * @throws HttpProblem 400 for one that has not come, and for one before anything is known
 */
export function momentAsked(view: RegionView, text: string, now: number): number {
  const at = parseRfc3339(text);
  if (at === undefined) throw new HttpProblem(400, 'Parameter is not valid', `at is no moment: ${text}`, 'at');
  if (at > now) throw new HttpProblem(400, 'Moment is in the future', `at ${text} has not come yet`, 'at');
  const beginning = view.cube.beginning();
  if (beginning === undefined || at < beginning)
    throw new HttpProblem(
      400,
      'Before the beginning',
      beginning === undefined
        ? 'nothing is known yet of the past'
        : `nothing is known before ${toRfc3339(beginning)}, and at is ${text}`,
      'at',
      beginning === undefined ? {} : { beginning: toRfc3339(beginning) },
    );
  return at;
}

/**
 * The situation as it stood at a moment, in today's facts, with the alerts behind its figures. Stages, late and due alerts, which
 * today's facts do not have, come from the frame that was kept of that hour, or are left out. So are the gravest cases and what becomes due.
 * @param view asked again after a wait: all may have been read anew
 * @param at epoch ms, as `momentAsked` gives it
 */
export async function pastOf(
  view: () => RegionView,
  scope: string,
  window: WindowName,
  at: number,
  kept: Kept,
  now: () => number,
): Promise<Frozen> {
  const history = await historyOf(view(), scope, at, now());
  const shown = await kept(scope, at);
  const is = view();
  const known = now();
  is.advance(known);
  const frame = withStages(is.pastFrame(scope, window, at, known), shown);
  const { main } = windowRanges(window, at);
  const before = openBefore(is, scope, window, main.lo, known);
  // As the frame counts: by whole buckets, those that the window begins and ends with too.
  const span = momentsOf(coverUntil(WINDOW_RULES[window].grain, main.lo, at, is.cube));
  const end = momentsOf(coverUntil('day', floorTo(at, DAY_MS), at, is.cube)).hi;
  const lists: Frozen['lists'] = { open: toldOf(openAt(is.lists, scope, end, known, MAX_FROZEN), known) };
  for (const name of HAPPENED)
    lists[name] = firstOf(is.lists, { ...listQueries(scope, window, at)[name], from: span.lo, to: span.hi }, known);
  const content: BriefingContent = {
    at: toRfc3339(at),
    scope,
    window,
    frame,
    history,
    cases: [],
    outlook: [],
    totals: Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, list.total])),
    past: shown ? { kept: shown.at } : {},
    ...(before ? { before } : {}),
  };
  return { content, lists };
}

/** A frame of the past with what only the kept one has. */
function withStages(frame: Frame, kept: Frame | undefined): Frame {
  if (!kept) return frame;
  const { byStage, overdueByStage, totals } = kept;
  const states = Object.fromEntries(
    (['overdue', 'dueToday', 'supervised'] as const).flatMap((name) =>
      totals[name] === undefined ? [] : [[name, totals[name]]],
    ),
  );
  return {
    ...frame,
    totals: { ...frame.totals, ...states },
    ...(byStage ? { byStage } : {}),
    ...(overdueByStage ? { overdueByStage } : {}),
  };
}
