import type { WindowName } from '../../contract/codes.ts';
import {
  DAY_MS,
  floorTo,
  HOUR_MS,
  MINUTE_MS,
  midnight,
  dateOf,
  startOfMonth,
  startOfWeek,
  startOfYear,
  yearEarlier,
} from '../../common/regionTime.ts';
import { bucketStart, EVER, GRAIN_MS, type Grain, type Range } from './grains.ts';

/** The windows of contract §3, as ranges of bucket starts. Nothing here looks at a clock: `now` is handed in. */

export type Step = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

export interface WindowRules {
  kind: 'rolling' | 'calendar' | 'everything';
  grain: Grain;
  step: Step;
}

const rolling = (grain: Grain, step: Step): WindowRules => ({ kind: 'rolling', grain, step });
const calendar = (grain: Grain, step: Step): WindowRules => ({ kind: 'calendar', grain, step });

export const WINDOW_RULES: Record<WindowName, WindowRules> = {
  '1h': rolling('minute', 'minute'),
  '24h': rolling('minute', 'hour'),
  '7d': rolling('hour', 'day'),
  '30d': rolling('hour', 'day'),
  '365d': rolling('day', 'day'),
  today: calendar('minute', 'hour'),
  week: calendar('hour', 'day'),
  month: calendar('hour', 'day'),
  year: calendar('day', 'day'),
  all: { kind: 'everything', grain: 'day', step: 'month' },
};

/** Lengths of the rolling windows, ms. */
const LENGTH: Partial<Record<WindowName, number>> = {
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 7 * DAY_MS,
  '30d': 30 * DAY_MS,
  '365d': 365 * DAY_MS,
};

export interface WindowRanges {
  /** The window itself, on buckets of its own grain. */
  main: Range;
  /** `compare.previous`, on the same grain. */
  previous?: Range;
  /** `compare.lastYear`, on day buckets. */
  lastYear?: Range;
}

/** Start of the calendar period in which `ms` lies. */
function periodStart(window: WindowName, ms: number): number {
  switch (window) {
    case 'today':
      return floorTo(ms, DAY_MS);
    case 'week':
      return startOfWeek(ms);
    case 'month':
      return startOfMonth(ms);
    default:
      return startOfYear(ms);
  }
}

/** Start of the period before the one that starts at `start`. */
function periodBefore(window: WindowName, start: number): number {
  const { year, month } = dateOf(start);
  switch (window) {
    case 'today':
      return start - DAY_MS;
    case 'week':
      return start - 7 * DAY_MS;
    case 'month':
      return midnight(year, month - 1, 1);
    default:
      return midnight(year - 1, 1, 1);
  }
}

/**
 * The ranges of a window at `now`, to the letter of contract §3. All bounds are on bucket starts, so
 * `s > x` becomes `lo = x + 1 bucket` and `s ≤ x` becomes `hi = x + 1 bucket`. The window itself has no upper
 * bound: events up to 5 minutes in the future are in.
 */
export function windowRanges(window: WindowName, now: number): WindowRanges {
  const { kind, grain } = WINDOW_RULES[window];
  if (kind === 'everything') return { main: EVER };
  const size = GRAIN_MS[grain];
  const cur = bucketStart(grain, now);
  const today = floorTo(now, DAY_MS);
  if (kind === 'rolling') {
    const length = LENGTH[window]!;
    const ranges: WindowRanges = {
      main: { lo: cur - length + size, hi: Infinity },
      previous: { lo: cur - 2 * length + size, hi: cur - length + size },
    };
    if (length >= 7 * DAY_MS) {
      const last = yearEarlier(today);
      ranges.lastYear = { lo: last - length + DAY_MS, hi: last + DAY_MS };
    }
    return ranges;
  }
  const start = periodStart(window, now);
  const before = periodBefore(window, start);
  const ranges: WindowRanges = {
    main: { lo: start, hi: Infinity },
    previous: { lo: before, hi: Math.min(before + (cur - start) + size, start) },
  };
  if (window === 'week') ranges.lastYear = { lo: start - 364 * DAY_MS, hi: today - 364 * DAY_MS + DAY_MS };
  else if (window !== 'today') ranges.lastYear = { lo: yearEarlier(start), hi: yearEarlier(today) + DAY_MS };
  return ranges;
}

/** Start of the step in which a bucket starting at `s` lies. */
export function stepStart(step: Step, s: number): number {
  switch (step) {
    case 'minute':
      return floorTo(s, MINUTE_MS);
    case 'hour':
      return floorTo(s, HOUR_MS);
    case 'day':
      return floorTo(s, DAY_MS);
    case 'week':
      return startOfWeek(s);
    case 'month':
      return startOfMonth(s);
    case 'year':
      return startOfYear(s);
  }
}
