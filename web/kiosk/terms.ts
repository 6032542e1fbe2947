import { alertKey } from '../../common/alertRef.ts';
import type { AlertBrief, Frame } from '../../contract/frame.ts';
import { DAY_MS, floorTo, parseRfc3339, startOfWeek } from '../../common/regionTime.ts';

/** A town's open alerts by their terms (screens.md, "kiosk"). Pure; all moments in the region's time, epoch ms. */

/** What a clerk asks for, most urgent first; `later` holds those without a running term, too. */
export const TERM_GROUPS = ['overdue', 'today', 'week', 'later'] as const;
export type TermGroup = (typeof TERM_GROUPS)[number];

/** Alerts that an agenda holds at most (contract §4). */
const AGENDA_ROWS = 30;

export interface TermAlert {
  brief: AlertBrief;
  group: TermGroup;
  /** End of its running term; absent where none runs. */
  dueAt?: number;
  raisedAt: number;
}

/** End of the running term of an alert, if one runs. */
export function runningTerm({ dueAt }: Pick<AlertBrief, 'dueAt'>): number | undefined {
  return dueAt === undefined ? undefined : parseRfc3339(dueAt);
}

/**
 * The group of a term: weeks end on Sundays (contract §3, "from Monday"). Terms in days end at 24:00, which is of the day, and the week,
 * that it ends (contract §4, `dueToday`).
 */
export function groupOf(dueAt: number | undefined, now: number): TermGroup {
  if (dueAt === undefined) return 'later';
  if (dueAt < now) return 'overdue';
  if (dueAt <= floorTo(now, DAY_MS) + DAY_MS) return 'today';
  return dueAt <= startOfWeek(now) + 7 * DAY_MS ? 'week' : 'later';
}

/** All open alerts, the most urgent first: by term, those without one last, the oldest of them first. */
export function byTerm(alerts: readonly AlertBrief[], now: number): TermAlert[] {
  return alerts
    .filter(({ stage }) => stage !== 'closed')
    .map((brief): TermAlert => {
      const dueAt = runningTerm(brief);
      return {
        brief,
        group: groupOf(dueAt, now),
        raisedAt: parseRfc3339(brief.raisedAt) ?? 0,
        ...(dueAt === undefined ? {} : { dueAt }),
      };
    })
    .sort(
      (a, b) =>
        (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity) ||
        a.raisedAt - b.raisedAt ||
        (a.brief.alertId < b.brief.alertId ? -1 : 1),
    );
}

/**
 * The open alerts as a frame's agenda has them now, with those that were read earlier. What must be done first is never older than the
 * frame: an alert whose term was running when it was read, and would stand in the agenda, is left out if it no longer does; it has been
 * handled or closed, and the next reading says which.
 */
export function withAgenda(
  read: readonly AlertBrief[],
  { agenda, latest }: Pick<Frame, 'agenda' | 'latest'>,
): AlertBrief[] {
  if (!agenda) return [...read];
  const terms = Object.values(agenda).map((brief) => runningTerm(brief) ?? 0);
  // A full agenda says nothing of terms after its last one.
  const reach = terms.length < AGENDA_ROWS ? Infinity : Math.max(...terms);
  const keys = (briefs: Record<string, AlertBrief>) => new Set(Object.values(briefs).map(alertKey));
  const pressing = keys(agenda);
  const newest = keys(latest);
  const others = read.filter((brief) => {
    const key = alertKey(brief);
    if (pressing.has(key)) return false;
    const due = runningTerm(brief);
    return due === undefined || due >= reach || newest.has(key);
  });
  return [...Object.values(agenda), ...others];
}

/** How many there are in each group. */
export function countTerms(alerts: readonly TermAlert[]): Record<TermGroup, number> {
  const counts: Record<TermGroup, number> = { overdue: 0, today: 0, week: 0, later: 0 };
  for (const { group } of alerts) counts[group]++;
  return counts;
}

/** What is late and what ends today as a frame tells it: a figure that is withheld is none, and not 0. */
export function toldTerms(frame: Pick<Frame, 'totals' | 'withheld'> | undefined): { overdue?: number; today?: number } {
  const { overdue, dueToday } = frame?.totals ?? {};
  const told = (n: number | undefined) => n !== undefined && (n > 0 || frame?.withheld === undefined);
  return { ...(told(overdue) ? { overdue: overdue! } : {}), ...(told(dueToday) ? { today: dueToday! } : {}) };
}
