import { TERM_STAGES } from '../../contract/codes.ts';
import type { AlertBrief } from '../../contract/frame.ts';
import { DAY_MS, floorTo, parseRfc3339, startOfWeek } from '../../common/regionTime.ts';

/** A town's open alerts by their terms (screens.md, "kiosk"). Pure; all moments in the region's time, epoch ms. */

/** What a clerk asks for, most urgent first; `later` holds those without a running term, too. */
export const TERM_GROUPS = ['overdue', 'today', 'week', 'later'] as const;
export type TermGroup = (typeof TERM_GROUPS)[number];

export interface TermAlert {
  brief: AlertBrief;
  group: TermGroup;
  /** End of its running term; absent where none runs (contract §2: from `handled` on). */
  dueAt?: number;
  raisedAt: number;
}

/** End of the running term of an alert, if one runs. */
export function runningTerm({ stage, dueAt }: Pick<AlertBrief, 'stage' | 'dueAt'>): number | undefined {
  return dueAt !== undefined && (TERM_STAGES as readonly string[]).includes(stage) ? parseRfc3339(dueAt) : undefined;
}

/** The group of a term: weeks end on Sundays (contract §3, "from Monday"). */
export function groupOf(dueAt: number | undefined, now: number): TermGroup {
  if (dueAt === undefined) return 'later';
  if (dueAt < now) return 'overdue';
  if (dueAt < floorTo(now, DAY_MS) + DAY_MS) return 'today';
  return dueAt < startOfWeek(now) + 7 * DAY_MS ? 'week' : 'later';
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

/** How many there are in each group. */
export function countTerms(alerts: readonly TermAlert[]): Record<TermGroup, number> {
  const counts: Record<TermGroup, number> = { overdue: 0, today: 0, week: 0, later: 0 };
  for (const { group } of alerts) counts[group]++;
  return counts;
}
