import type { Changes, SinceLast } from '../../contract/briefingChanges.ts';
import type { Briefing, BriefingContent } from '../../contract/briefings.ts';
import type { Totals } from '../../contract/frame.ts';
import { alertKey } from '../../common/alertRef.ts';
import { DAY_MS, floorTo, HOUR_MS, MINUTE_MS, parseRfc3339, toRfc3339 } from '../../common/regionTime.ts';
import { keptFrom, type Grain } from '../aggregations/grains.ts';
import type { RegionView } from '../region/region.ts';

/** What has happened in a span: differences of all there was at its two ends, both in today's facts. Moments in epoch ms. */

/** How long a bucket is, and how much of what is kept may go while it is read: an hour of minutes goes as a whole, and so does a day of hours. */
const GRAINS = [
  { grain: 'minute', size: MINUTE_MS, margin: HOUR_MS },
  { grain: 'hour', size: HOUR_MS, margin: DAY_MS },
] as const satisfies readonly { grain: Grain; size: number; margin: number }[];

/** The length of the finest bucket that tells of a moment, ms. */
export function finestAt({ cube }: Pick<RegionView, 'cube'>, at: number, now: number): number {
  const found = GRAINS.find(
    ({ grain, size, margin }) => floorTo(at, size) >= Math.max(cube.keptFrom(grain), keptFrom(grain, now)) + margin,
  );
  return found?.size ?? DAY_MS;
}

/** From which moment on a span can be counted that begins at `since`: the start of its minute, or of its hour or day where nothing finer is kept. */
export const countedFrom = (view: Pick<RegionView, 'cube'>, since: number, now: number): number =>
  floorTo(since, finestAt(view, since, now));

/** How many are late at the end of a span with a term that ended in it, by who is late then; undefined where nobody knows. */
export type LateIn = (from: number, to: number) => number | undefined;

/** Late now, by the lists of now. */
export function lateNow({ lists }: Pick<RegionView, 'lists'>, scope: string, now: number): LateIn {
  const late = (before: number) => lists.query({ scope, overdue: true, dueBy: before, limit: 1 }, now).total;
  return (from, to) => late(to) - late(from);
}

/**
 * @param since when the span begins @param to when it ends, `now` or before
 * @param late how many are newly late
 */
export function changesOf(
  view: RegionView,
  scope: string,
  { since, to }: { since: number; to: number },
  late: LateIn,
  now: number,
): Changes {
  const from = Math.min(countedFrom(view, since, now), to);
  // A figure at a moment has all of its minute, hour or day: what there was before it ends with the minute before.
  const then = view.pastFrame(scope, 'all', from - MINUTE_MS, now);
  const ended = view.pastFrame(scope, 'all', to, now);
  const more = (name: keyof Totals) => Math.max(0, (ended.totals[name] ?? 0) - (then.totals[name] ?? 0));
  const towns = Object.entries(ended.byTown)
    .map(([code, row]) => [code, row.raised - (then.byTown[code]?.raised ?? 0)] as const)
    .filter(([, raised]) => raised > 0);
  const newlyLate = late(from, to);
  return {
    from: toRfc3339(from),
    to: toRfc3339(to),
    raised: more('raised'),
    red: Math.max(0, (ended.byTier['red']?.raised ?? 0) - (then.byTier['red']?.raised ?? 0)),
    effective: more('effective'),
    falseAlarm: more('falseAlarm'),
    recoveredFen: more('recoveredFen'),
    recoveredWorkers: more('recoveredWorkers'),
    closed: more('closed'),
    open: { then: then.totals.open, now: ended.totals.open },
    ...(newlyLate === undefined ? {} : { late: newlyLate }),
    towns: Object.fromEntries(towns),
  };
}

/** What a briefing says of the one before it. @param before the one before, with what was frozen */
export function sinceLastOf(
  view: RegionView,
  content: BriefingContent,
  before: { briefing: Briefing; content: BriefingContent },
  now: number,
): SinceLast {
  const { briefing, content: old } = before;
  const to = parseRfc3339(content.at)!;
  const late: LateIn = content.past ? () => undefined : lateNow(view, content.scope, to);
  const pair = (name: 'overdue' | 'supervised') => {
    const [then, is] = [old.frame.totals[name], content.frame.totals[name]];
    return then === undefined || is === undefined ? {} : { [name]: { then, now: is } };
  };
  const known = new Set(old.cases.map(alertKey));
  return {
    id: briefing.id,
    title: briefing.title,
    at: briefing.at,
    changes: changesOf(view, content.scope, { since: parseRfc3339(briefing.at)!, to }, late, now),
    ...pair('overdue'),
    ...pair('supervised'),
    // Of a moment of the past nobody knows which were gravest.
    ...(old.past || content.past ? {} : { fresh: content.cases.map(alertKey).filter((key) => !known.has(key)) }),
  };
}
