import type { ReportKind, ScheduleRhythm } from '../../contract/reportLimits.ts';
import { dateOf, DAY_MS, dayOf, midnight, startOfDay, startOfWeek } from '../regionTime.ts';
import type { Workdays } from '../terms/workdays.ts';
import { lastPeriod, periodOf, type Span } from './spans.ts';

/** When scheduled reports are due, and what they cover. Epoch ms. Pure. */

/** `00:00` to `23:59`. */
export const TIME_PATTERN = '^([01][0-9]|2[0-3]):[0-5][0-9]$';

export interface Rhythm {
  rhythm: ScheduleRhythm;
  /** 1 (Monday) to 7. */
  weekday?: number;
  /** Which working day of the month. */
  nth?: number;
  /** `08:30` */
  time: string;
}

/** What a rhythm lacks or has too much of: the field, or undefined where it is whole. */
export function rhythmFault({ rhythm, weekday, nth }: Rhythm): 'weekday' | 'nth' | undefined {
  if ((rhythm === 'weekly') !== (weekday !== undefined)) return 'weekday';
  if ((rhythm === 'monthly') !== (nth !== undefined)) return 'nth';
  return undefined;
}

type Period = Exclude<ReportKind, 'special'>;
export interface Due {
  at: number;
  /** It rests on a year whose calendar is not there. */
  provisional: boolean;
}

/**
 * The first moment after `after` at which a report is due. A weekday that is no working day gives way to the next working day.
 * Each period is reported once, at the first such moment after its end: a quarter on the n-th working day of January, April, July or
 * October, whatever the months between.
 */
export function dueAfter(schedule: Rhythm & { kind: Period }, after: number, workdays: Workdays): Due {
  const due = momentAfter(schedule, after, workdays);
  const { to } = lastPeriod(schedule.kind, due.at);
  const first = momentAfter(schedule, to - 1, workdays);
  return first.at === due.at ? due : momentAfter(schedule, periodOf(schedule.kind, to).to - 1, workdays);
}

/** The first moment of a rhythm after `after`. */
function momentAfter(rhythm: Rhythm, after: number, workdays: Workdays): Due {
  const [hours, minutes] = rhythm.time.split(':').map(Number) as [number, number];
  const offset = (hours * 60 + minutes) * 60_000;
  for (const { day, provisional } of dueDays(rhythm, after, workdays)) {
    const at = startOfDay(day) + offset;
    if (at > after) return { at, provisional };
  }
  throw new Error('a rhythm without end has ended');
}

/** The days on which it is due, ascending, from some before `after` on. */
function* dueDays({ rhythm, weekday = 1, nth = 1 }: Rhythm, after: number, workdays: Workdays) {
  switch (rhythm) {
    case 'workday':
      for (let from = dayOf(after); ;) {
        const next = workdays.onOrAfter(from);
        yield next;
        from = next.day + 1;
      }
    case 'weekly':
      // Two weeks earlier: a holiday may move a day so far.
      for (let monday = dayOf(startOfWeek(after - 14 * DAY_MS)); ; monday += 7)
        yield workdays.onOrAfter(monday + weekday - 1);
    case 'monthly': {
      const { year, month } = dateOf(after);
      for (let i = 0; ; i++) yield workdays.after(dayOf(midnight(year, month + i, 1)) - 1, nth);
    }
  }
}

/**
 * The span of a scheduled report: the last period that was over. A daily one of every working day covers all days since the working
 * day before, so that no weekend is left out; a weekly one all weeks since the moment before, as a whole week may be one of
 * holidays.
 */
export function scheduledSpan(schedule: Rhythm & { kind: Period }, due: number, workdays: Workdays): Span {
  const { kind, rhythm } = schedule;
  if (kind === 'weekly' && rhythm !== 'monthly') {
    const { from, to } = lastPeriod(kind, due);
    const before = momentBefore(schedule, due, workdays);
    return { from: Math.min(from, lastPeriod(kind, before).to), to };
  }
  if (kind !== 'daily' || rhythm !== 'workday') return lastPeriod(kind, due);
  const today = dayOf(due);
  let day = today - 1;
  while (workdays.onOrAfter(day).day !== day) day--;
  return { from: startOfDay(day), to: startOfDay(today) };
}

/** The last moment of a rhythm before `due`. No holiday is as long as the eight weeks that are looked through. */
function momentBefore(rhythm: Rhythm, due: number, workdays: Workdays): number {
  let before = momentAfter(rhythm, due - 56 * DAY_MS, workdays).at;
  for (let next = before; next < due; next = momentAfter(rhythm, next, workdays).at) before = next;
  return before;
}
