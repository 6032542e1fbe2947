import type { WindowName } from '../../contract/codes.ts';
import {
  DAY_MS,
  dateOf,
  floorTo,
  HOUR_MS,
  midnight,
  MINUTE_MS,
  startOfMonth,
  startOfWeek,
  startOfYear,
  yearEarlier,
} from '../../common/regionTime.ts';

/**
 * The windows of contract §3, written a second time and differently from the program's: as tests on the start of a
 * bucket. `verify` is worth something only if it does not share what it checks.
 */
export interface WindowTest {
  bucket: number;
  step: 'minute' | 'hour' | 'day' | 'month';
  current: (start: number) => boolean;
  previous?: (start: number) => boolean;
  /** On day buckets. */
  lastYear?: (day: number) => boolean;
}

const ROLLING: Partial<Record<WindowName, [length: number, bucket: number, step: WindowTest['step']]>> = {
  '1h': [HOUR_MS, MINUTE_MS, 'minute'],
  '24h': [DAY_MS, MINUTE_MS, 'hour'],
  '7d': [7 * DAY_MS, HOUR_MS, 'day'],
  '30d': [30 * DAY_MS, HOUR_MS, 'day'],
  '365d': [365 * DAY_MS, DAY_MS, 'day'],
};

export function windowTest(window: WindowName, now: number): WindowTest {
  const rolling = ROLLING[window];
  if (rolling) {
    const [length, bucket, step] = rolling;
    const cur = floorTo(now, bucket);
    const test: WindowTest = {
      bucket,
      step,
      current: (s) => s > cur - length,
      previous: (s) => s > cur - 2 * length && s <= cur - length,
    };
    if (length >= 7 * DAY_MS) {
      const end = yearEarlier(now);
      test.lastYear = (day) => day > end - length && day <= end;
    }
    return test;
  }
  if (window === 'all') return { bucket: DAY_MS, step: 'month', current: () => true };

  const { year, month } = dateOf(now);
  const today = floorTo(now, DAY_MS);
  const [start, before, bucket, step] = {
    today: [today, today - DAY_MS, MINUTE_MS, 'hour'],
    week: [startOfWeek(now), startOfWeek(now) - 7 * DAY_MS, HOUR_MS, 'day'],
    month: [startOfMonth(now), midnight(year, month - 1, 1), HOUR_MS, 'day'],
    year: [startOfYear(now), midnight(year - 1, 1, 1), DAY_MS, 'day'],
  }[window as 'today' | 'week' | 'month' | 'year'] as [number, number, number, WindowTest['step']];
  const elapsed = floorTo(now, bucket) - start;
  const test: WindowTest = {
    bucket,
    step,
    current: (s) => s >= start,
    previous: (s) => s >= before && s <= before + elapsed && s < start,
  };
  if (window === 'week') test.lastYear = (day) => day >= start - 364 * DAY_MS && day <= today - 364 * DAY_MS;
  if (window === 'month' || window === 'year')
    test.lastYear = (day) => day >= yearEarlier(start) && day <= yearEarlier(today);
  return test;
}

/** Start of the step in which a bucket lies. */
export function stepOf(step: WindowTest['step'], start: number): number {
  if (step === 'month') return startOfMonth(start);
  return floorTo(start, { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS }[step]);
}
