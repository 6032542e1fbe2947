import type { WindowName } from '../../contract/codes.ts';
import {
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  REGION_OFFSET_MS,
  dateOf,
  floorTo,
  midnight,
  startOfMonth,
  startOfWeek,
  startOfYear,
} from '../regionTime.ts';
import type { NameLang } from '../codeNames.ts';
import { hourMinute, monthDay, yearMonth } from '../format.ts';

/**
 * The time axis of a series, on screens and in reports: every step of the window, also those in which nothing happened
 * (frames leave them out), in the region's time. All instants are epoch ms.
 */

export type Step = 'minute' | 'hour' | 'day' | 'week' | 'month';

/** Step of `series` by window (contract §3). */
export const STEP_OF: Record<WindowName, Step> = {
  '1h': 'minute',
  '24h': 'hour',
  today: 'hour',
  '7d': 'day',
  '30d': 'day',
  '365d': 'day',
  week: 'day',
  month: 'day',
  year: 'day',
  all: 'month',
};

/** Rolling windows: their length and the size of their buckets (contract §3). */
const ROLLING: Partial<Record<WindowName, { length: number; bucket: number }>> = {
  '1h': { length: HOUR_MS, bucket: MINUTE_MS },
  '24h': { length: DAY_MS, bucket: MINUTE_MS },
  '7d': { length: 7 * DAY_MS, bucket: HOUR_MS },
  '30d': { length: 30 * DAY_MS, bucket: HOUR_MS },
  '365d': { length: 365 * DAY_MS, bucket: DAY_MS },
};

export interface TimeAxis {
  step: Step;
  /**
   * Starts of the steps of the window, ascending. Calendar windows run to the end of their period; rolling ones begin with their
   * first whole step, so that `7d` has seven days and `30d` thirty.
   */
  starts: number[];
  /** Index of the step in which the frame's moment lies; the steps after it are still to come. */
  current: number;
}

export function stepOf(window: WindowName): Step {
  return STEP_OF[window];
}

/** Start of the step in which `ms` lies. */
export function startOfStep(ms: number, step: Step): number {
  switch (step) {
    case 'minute':
      return floorTo(ms, MINUTE_MS);
    case 'hour':
      return floorTo(ms, HOUR_MS);
    case 'day':
      return floorTo(ms, DAY_MS);
    case 'week':
      return startOfWeek(ms);
    case 'month':
      return startOfMonth(ms);
  }
}

/** Start of the step after the one that starts at `start`. */
export function nextStep(start: number, step: Step): number {
  switch (step) {
    case 'minute':
      return start + MINUTE_MS;
    case 'hour':
      return start + HOUR_MS;
    case 'day':
      return start + DAY_MS;
    case 'week':
      return start + 7 * DAY_MS;
    case 'month': {
      const { year, month } = dateOf(start);
      return midnight(year, month + 1, 1);
    }
  }
}

/** Start of the window and the end (exclusive) of what its axis shows. */
function rangeOf(window: WindowName, at: number, first: number): { from: number; until: number } {
  const rolling = ROLLING[window];
  if (rolling) {
    // A bucket starting at s is in when s > cur − W, so the first one in is a bucket later.
    return { from: floorTo(at, rolling.bucket) - rolling.length + rolling.bucket, until: at + 1 };
  }
  const { year, month } = dateOf(at);
  const today = floorTo(at, DAY_MS);
  switch (window) {
    case 'today':
      return { from: today, until: today + DAY_MS };
    case 'week':
      return { from: startOfWeek(at), until: startOfWeek(at) + 7 * DAY_MS };
    case 'month':
      return { from: startOfMonth(at), until: midnight(year, month + 1, 1) };
    case 'year':
      return { from: startOfYear(at), until: midnight(year + 1, 1, 1) };
    default:
      return { from: Math.min(first, at), until: at + 1 };
  }
}

/**
 * The axis of a window as of `at`. `first` is the earliest step of the series: where the axis of `all`
 * begins. `step` may be coarser than the series' own (see `legibleStep`).
 */
export function timeAxis(window: WindowName, at: number, first: number, step: Step = stepOf(window)): TimeAxis {
  const { from, until } = rangeOf(window, at, first);
  const starts: number[] = [];
  let start = startOfStep(from, step);
  // A rolling window seldom begins with a step: what it holds of the first one would stand there as a low bar.
  if (ROLLING[window] && start < from) start = nextStep(start, step);
  for (; start < until; start = nextStep(start, step)) starts.push(start);
  const now = startOfStep(at, step);
  return { step, starts, current: Math.max(0, starts.indexOf(now)) };
}

/** The axis of a span of the past, `from` ≤ t < `to`: all its steps, of which the first and the last may be there in part. */
export function spanAxis(from: number, to: number, step: Step): TimeAxis {
  const starts: number[] = [];
  for (let start = startOfStep(from, step); start < to; start = nextStep(start, step)) starts.push(start);
  return { step, starts, current: starts.length - 1 };
}

/** Longest run of days that is still told apart at a distance; longer windows are drawn by `coarse`. */
const MOST_DAYS = 62;

/** The step to draw a window by: its own, or `coarse` where a year of days would be a comb. */
export function legibleStep(window: WindowName, coarse: 'week' | 'month'): Step {
  const days = window === '365d' || window === 'year' ? 365 : 31;
  return stepOf(window) === 'day' && days > MOST_DAYS ? coarse : stepOf(window);
}

/** Name of a step: `18:24`, `11-21`, `2026-11`; in English `21 Nov`, `Nov 2026`. A week goes by its Monday. */
export function stepLabel(start: number, step: Step, lang: NameLang): string {
  if (step === 'minute' || step === 'hour') return hourMinute(start);
  return step === 'month' ? yearMonth(start, lang) : monthDay(start, lang);
}

/** Label of a step on the axis: a week that begins a month carries the name of the month. */
export function axisLabel(start: number, step: Step, lang: NameLang): string {
  return step === 'week' ? yearMonth(start + 6 * DAY_MS, lang) : stepLabel(start, step, lang);
}

/** Round numbers of steps between two labels, and which of the steps are round. */
const ROUND: Record<Step, { every: number[]; isRound: (start: number, every: number) => boolean }> = {
  minute: { every: [1, 5, 10, 15, 30, 60], isRound: (s, n) => (s / MINUTE_MS) % n === 0 },
  hour: { every: [1, 2, 3, 4, 6, 12, 24], isRound: (s, n) => ((s + REGION_OFFSET_MS) / HOUR_MS) % n === 0 },
  day: { every: [1, 2, 5, 10, 15, 31], isRound: (s, n) => isRoundDay(dateOf(s).day, n) },
  // Weeks are labelled by the months that begin in them: `every` counts months here.
  week: {
    every: [1, 2, 3, 6, 12],
    isRound: (s, n) => beginsMonth(s) && isRoundMonth(dateOf(s + 6 * DAY_MS).year, dateOf(s + 6 * DAY_MS).month, n),
  },
  month: { every: [1, 2, 3, 6, 12, 24, 60], isRound: (s, n) => isRoundMonth(dateOf(s).year, dateOf(s).month, n) },
};

/** 1, 6, 11 … for 5; the last label of a month must not crowd the first of the next. */
function isRoundDay(day: number, every: number): boolean {
  return (day - 1) % every === 0 && (day === 1 || every === 1 || 31 - day >= every - 1);
}

/** Whether the week that starts at `start` holds the first of a month. */
function beginsMonth(start: number): boolean {
  return dateOf(start + 6 * DAY_MS).day <= 7;
}

function isRoundMonth(year: number, month: number, every: number): boolean {
  return every <= 12 ? (month - 1) % every === 0 : month === 1 && year % (every / 12) === 0;
}

/**
 * Which steps carry a label, so that at most `most` do: those at round times, never merely every nth
 * of the list, so that labels stay where they are while the window slides.
 */
export function labelledSteps(axis: TimeAxis, most: number): Set<number> {
  const { every, isRound } = ROUND[axis.step];
  const room = Math.max(1, Math.floor(most));
  let picked: number[] = [];
  // The last week of a year may hold the first of the next January: that name would stand outside the window.
  const last = axis.starts.length - 1;
  for (const n of every) {
    picked = axis.starts.flatMap((start, index) =>
      isRound(start, n) && !(axis.step === 'week' && index === last) ? [index] : [],
    );
    if (picked.length <= room && spacing(picked) >= axis.starts.length / (room + 1)) break;
  }
  if (picked.length === 0 && axis.starts.length > 0) picked = [0];
  return new Set(picked.slice(0, room));
}

/** Least distance between two neighbouring labels, in steps. */
function spacing(indexes: number[]): number {
  let least = Infinity;
  for (let i = 1; i < indexes.length; i++) least = Math.min(least, indexes[i]! - indexes[i - 1]!);
  return least;
}
