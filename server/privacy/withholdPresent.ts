import {
  DAY_MS,
  floorTo,
  isoDate,
  parseRfc3339,
  startOfMonth,
  startOfWeek,
  startOfYear,
} from '../../common/regionTime.ts';
import { TERM_STAGES, type WindowName } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import { hiddenRows, type Small } from './hiddenRows.ts';

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** What is known to be lost when what only the present has is withheld. */
export interface PresentContext {
  small: Small;
  /** Whether `open` is lost in all. */
  openLost: boolean;
  /** Whether any count of alerts raised is lost: in all, of a tier, of a town or of a step. */
  raisedLost: boolean;
  /** Whether `open` of any town is lost. */
  openOfTownLost: boolean;
  /** Whether all that were ever closed are lost. */
  closedEverLost: boolean;
}

/**
 * `overdue` and `dueToday`, as far as a frame has them: each is lost where it is small, or where it leaves a small rest of those
 * open or of those whose term runs; `dueToday` also where the two together leave one.
 */
export function termTotals(
  frame: Frame,
  { small, openLost }: PresentContext,
): Pick<Frame['totals'], 'overdue' | 'dueToday'> {
  const { totals, byStage = {} } = frame;
  const running = sum(TERM_STAGES.map((stage) => byStage[stage] ?? 0));
  const told = (count: number) => openLost || [count, totals.open - count, running - count].some((one) => small(one));
  const shown: Pick<Frame['totals'], 'overdue' | 'dueToday'> = {};
  const { overdue, dueToday } = totals;
  if (overdue !== undefined) shown.overdue = told(overdue) ? 0 : overdue;
  if (dueToday !== undefined) {
    const beside = dueToday + (shown.overdue ?? 0);
    shown.dueToday = told(dueToday) || small(totals.open - beside) || small(running - beside) ? 0 : dueToday;
  }
  return shown;
}

/**
 * Whether the days of towns may be shown: all of them or none. They cut the alerts raised in another way than windows, steps
 * and towns do, so each of them would tell what any other breakdown has lost. They are shown where
 *
 * - no count of alerts raised is lost anywhere in the frame,
 * - every one of them passes,
 * - and so does what they leave of what is raised in the window, of each town, and in the period before, in all: a part of a
 *   day at an edge.
 *
 * In a region that is no older than these days they also tell how many alerts were ever closed.
 */
export function daysPass(frame: Frame, { small, raisedLost, openOfTownLost, closedEverLost }: PresentContext): boolean {
  const rows = Object.values(frame.byTown);
  const dates = [...new Set(rows.flatMap(({ days = {} }) => Object.keys(days)))].sort().reverse();
  if (raisedLost) return false;
  for (const { raised, days = {} } of rows) {
    const counts = dates.map((date) => days[date] ?? 0);
    if (counts.some(small) || rests(raised, counts).some(small)) return false;
  }
  const totals = dates.map((date) => sum(rows.map(({ days = {} }) => days[date] ?? 0)));
  if (restsBefore(frame, dates, totals).some(small)) return false;
  const ever = rows.map(({ open, days = {} }) => ({ open, raised: sum(Object.values(days)) }));
  const closed = frame.byStage?.closed ?? 0;
  const isYoung = sum(ever.map(({ raised }) => raised)) === frame.totals.open + closed;
  return !isYoung || (!openOfTownLost && !closedEverLost && !ever.some(({ open, raised }) => small(raised - open)));
}

/** What is left of a count when the first 0, 1 … of others are taken from it. */
function rests(whole: number, counts: readonly number[]): number[] {
  let rest = whole;
  return [whole, ...counts.map((count) => (rest -= count))];
}

/** What the days leave of the period before: it begins where a rolling window ends, or on a day of its own. */
function restsBefore(
  { window, at, totals, compare }: Frame,
  dates: readonly string[],
  counts: readonly number[],
): number[] {
  const before = compare.previous?.raised;
  if (before === undefined) return [];
  const start = startBefore(window, parseRfc3339(at) ?? 0);
  if (start === undefined) return rests(totals.raised + before, counts);
  const from = isoDate(start);
  return rests(before, counts.filter((_, i) => dates[i]! >= from).reverse());
}

/** The day on which the period before a calendar's begins (contract §3). */
function startBefore(window: WindowName, now: number): number | undefined {
  switch (window) {
    case 'today':
      return floorTo(now, DAY_MS) - DAY_MS;
    case 'week':
      return startOfWeek(now) - 7 * DAY_MS;
    case 'month':
      return startOfMonth(startOfMonth(now) - 1);
    case 'year':
      return startOfYear(startOfYear(now) - 1);
    default:
      return undefined;
  }
}

/** In the agenda's place: how many of its alerts each unit has, by its name as `unitOf` gives it. */
export function agendaByUnit(
  agenda: NonNullable<Frame['agenda']>,
  small: Small,
  unitOf: (unit: string) => string,
): Record<string, number> {
  const counts = new Map<string, number>();
  // What has no unit is never shown, but is what the units leave of the agenda: a row, and the first.
  const NOBODY = '';
  for (const { unit } of Object.values(agenda)) {
    const name = unit === undefined ? NOBODY : unitOf(unit);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const units = [...counts].filter(([unit]) => unit !== NOBODY).sort(([a], [b]) => (a < b ? -1 : 1));
  const hidden = hiddenRows(
    [[NOBODY, [counts.get(NOBODY) ?? 0]], ...units.map(([unit, count]) => [unit, [count]] as const)],
    small,
  );
  return Object.fromEntries(units.filter(([unit]) => !hidden.has(unit)));
}
