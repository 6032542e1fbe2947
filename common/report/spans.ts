import type { ReportKind } from '../../contract/reportLimits.ts';
import {
  DAY_MS,
  dateOf,
  floorTo,
  HOUR_MS,
  midnight,
  startOfMonth,
  startOfWeek,
  startOfYear,
  yearEarlier,
} from '../regionTime.ts';

/** Spans of reports. Epoch ms, half-open. Pure. */
export interface Span {
  from: number;
  to: number;
}

export interface ReportSpan extends Span {
  /** Whether the period is over. */
  whole: boolean;
}

type Period = Exclude<ReportKind, 'special'>;

/** The period of a kind in which a moment lies. */
export function periodOf(kind: Period, at: number): Span {
  const { year, month } = dateOf(at);
  const quarter = Math.floor((month - 1) / 3) * 3 + 1;
  switch (kind) {
    case 'daily':
      return { from: floorTo(at, DAY_MS), to: floorTo(at, DAY_MS) + DAY_MS };
    case 'weekly':
      return { from: startOfWeek(at), to: startOfWeek(at) + 7 * DAY_MS };
    case 'monthly':
      return { from: startOfMonth(at), to: midnight(year, month + 1, 1) };
    case 'quarterly':
      return { from: midnight(year, quarter, 1), to: midnight(year, quarter + 3, 1) };
    case 'yearly':
      return { from: startOfYear(at), to: midnight(year + 1, 1, 1) };
  }
}

/** The last period of a kind that is over at a moment. */
export const lastPeriod = (kind: Period, at: number): Span => periodOf(kind, periodOf(kind, at).from - 1);

/**
 * What a report of a period covers: all of it once it is over, else what has elapsed by whole days (of a day, and on the first
 * day of a period, by whole hours), so that it can be compared with the same part of other periods.
 * @returns undefined while not even an hour of it has elapsed
 */
export function coveredOf(kind: Period, period: Span, now: number): ReportSpan | undefined {
  if (period.to <= now) return { ...period, whole: true };
  const day = floorTo(now, DAY_MS);
  const to = kind !== 'daily' && day > period.from ? day : floorTo(now, HOUR_MS);
  return to > period.from ? { from: period.from, to, whole: false } : undefined;
}

/** The span before: of a whole period all of the one before; else its same elapsed part; of any other span as long a one. */
export function previousOf(kind: ReportKind, { from, to, whole }: ReportSpan): Span | undefined {
  if (kind === 'yearly') return undefined;
  if (kind === 'special') return { from: from - (to - from), to: from };
  // A daily report may cover the days since the last working day, and a weekly one two weeks after a week of holidays.
  if (kind === 'daily')
    return whole ? { from: from - (to - from), to: from } : { from: from - DAY_MS, to: to - DAY_MS };
  if (kind === 'weekly' && whole) return { from: from - (to - from), to: from };
  const before = periodOf(kind, from - 1);
  return whole ? before : { from: before.from, to: Math.min(before.from + (to - from), before.to) };
}

/** The same span a year before: of weeks 364 days, so that weekdays agree; else the same dates (29 February → 28), as contract §3. */
export function yearBefore(kind: ReportKind, { from, to }: Span): Span {
  if (kind === 'weekly') return { from: from - 364 * DAY_MS, to: to - 364 * DAY_MS };
  return { from: dayBefore(from), to: endBefore(to) };
}

/** The moment a year earlier, at the same time of day. */
const dayBefore = (ms: number): number => yearEarlier(ms) + (ms - floorTo(ms, DAY_MS));
/** An end at midnight is the end of the day before it. */
const endBefore = (to: number): number =>
  to === floorTo(to, DAY_MS) ? yearEarlier(to - DAY_MS) + DAY_MS : dayBefore(to);

/** Whether a span begins and ends at midnight. */
export const isOfDays = ({ from, to }: Span): boolean => from === floorTo(from, DAY_MS) && to === floorTo(to, DAY_MS);

/** How a span is told: the first day and the last one, and from and until which time where these are not midnight. */
export function daysOf({ from, to }: Span): { first: number; last: number } {
  return { first: floorTo(from, DAY_MS), last: floorTo(to - 1, DAY_MS) };
}
