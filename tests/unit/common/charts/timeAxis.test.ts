import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WINDOWS, type WindowName } from '../../../../contract/codes.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, parseRfc3339 } from '../../../../common/regionTime.ts';
import {
  axisLabel,
  labelledSteps,
  legibleStep,
  stepLabel,
  stepOf,
  timeAxis,
  type Step,
} from '../../../../common/charts/timeAxis.ts';

/** The region's wall clock by the platform's time-zone data: an oracle apart from the arithmetic under test. */
const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  weekday: 'short',
  hourCycle: 'h23',
});
function clock(ms: number): Record<string, string> {
  return Object.fromEntries(parts.formatToParts(ms).map(({ type, value }) => [type, value]));
}
function startsAt(ms: number, step: Step): boolean {
  const c = clock(ms);
  if (c.second !== '00' || ms % 1000 !== 0) return false;
  if (step === 'minute') return true;
  if (step === 'hour') return c.minute === '00';
  const midnight = c.minute === '00' && c.hour === '00';
  if (step === 'day') return midnight;
  return midnight && (step === 'week' ? c.weekday === 'Mon' : c.day === '01');
}

const at = fc.integer({ min: Date.UTC(2001, 0, 1), max: Date.UTC(2040, 0, 1) });
const windows = fc.constantFrom(...WINDOWS);

describe('the axis of a window', () => {
  it('runs without a gap over true starts of steps and holds the moment of the frame', () => {
    fc.assert(
      fc.property(windows, at, fc.constantFrom(undefined, 'week' as const, 'month' as const), (window, now, coarse) => {
        const step = coarse ? legibleStep(window, coarse) : stepOf(window);
        const axis = timeAxis(window, now, now - 400 * DAY_MS, step);
        // Asking the platform is slow: a score of steps, the first and the last among them.
        const every = Math.ceil(axis.starts.length / 20);
        for (const start of axis.starts.filter((_, i, all) => i % every === 0 || i === all.length - 1))
          expect(startsAt(start, step)).toBe(true);
        const longest = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS, week: 7 * DAY_MS, month: 31 * DAY_MS }[step];
        axis.starts.slice(1).forEach((start, i) => {
          const gap = start - axis.starts[i]!;
          expect(gap).toBeGreaterThan(0);
          expect(gap).toBeLessThanOrEqual(longest);
        });
        const current = axis.starts[axis.current]!;
        expect(current).toBeLessThanOrEqual(now);
        expect(axis.starts[axis.current + 1] ?? Infinity).toBeGreaterThan(now);
      }),
      { numRuns: 150 },
    );
  });

  it('has the contract’s buckets, and of rolling windows those from the first whole step on', () => {
    const now = parseRfc3339('2026-11-21T18:24:07+08:00')!;
    const span = (window: WindowName) => {
      const axis = timeAxis(window, now, now);
      return [
        axis.starts.length,
        stepLabel(axis.starts[0]!, axis.step, 'zh-CN'),
        stepLabel(axis.starts.at(-1)!, axis.step, 'zh-CN'),
      ];
    };
    expect(span('1h')).toEqual([60, '17:25', '18:24']);
    expect(span('24h')).toEqual([24, '19:00', '18:00']);
    expect(span('7d')).toEqual([7, '11-15', '11-21']);
    expect(span('30d')).toEqual([30, '10-23', '11-21']);
    expect(span('365d')).toEqual([365, '11-22', '11-21']);
    expect(span('today')).toEqual([24, '00:00', '23:00']);
    expect(span('week')).toEqual([7, '11-16', '11-22']);
    expect(span('month')).toEqual([30, '11-01', '11-30']);
    expect(span('year')).toEqual([365, '01-01', '12-31']);
    expect(span('all')).toEqual([1, '2026-11', '2026-11']);
  });

  it('of a rolling window has as many steps as its name says, at any moment, and never a part of one', () => {
    const counts = { '1h': 60, '24h': 24, '7d': 7, '30d': 30, '365d': 365 } as const;
    fc.assert(
      fc.property(fc.constantFrom(...(Object.keys(counts) as (keyof typeof counts)[])), at, (window, now) => {
        const axis = timeAxis(window, now, now);
        expect(axis.starts).toHaveLength(counts[window]);
        expect(axis.current).toBe(axis.starts.length - 1);
      }),
    );
    fc.assert(
      fc.property(at, (now) => {
        // The window of 365 days, by contract §3: a bucket starting at s is in when s > today − 365 days.
        const today = Math.floor((now + 8 * HOUR_MS) / DAY_MS) * DAY_MS - 8 * HOUR_MS;
        for (const step of ['week', 'month'] as const)
          expect(timeAxis('365d', now, now, step).starts[0]).toBeGreaterThan(today - 365 * DAY_MS);
        // With a leap day in it, 365 days may hold eleven whole months and the present one, which is a whole one on its last day.
        expect(timeAxis('365d', now, now, 'month').starts.length).toBeGreaterThanOrEqual(11);
        expect(timeAxis('365d', now, now, 'month').starts.length).toBeLessThanOrEqual(12);
      }),
    );
  });

  it('begins `all` with the first step of the series', () => {
    const first = parseRfc3339('2018-07-01T00:00:00+08:00')!;
    const axis = timeAxis('all', parseRfc3339('2026-11-21T18:24:07+08:00')!, first);
    expect(axis.starts).toHaveLength(8 * 12 + 5);
    expect(axis.starts[0]).toBe(first);
  });

  it('draws a year of days by weeks or months, and shorter windows by their own step', () => {
    expect(legibleStep('365d', 'week')).toBe('week');
    expect(legibleStep('year', 'month')).toBe('month');
    expect(legibleStep('30d', 'month')).toBe('day');
    expect(legibleStep('all', 'week')).toBe('month');
    expect(legibleStep('24h', 'week')).toBe('hour');
  });
});

describe('labels', () => {
  it('are never more than there is room for, nor crowded, and there is always one', () => {
    fc.assert(
      fc.property(windows, at, fc.integer({ min: 2, max: 20 }), (window, now, room) => {
        const axis = timeAxis(window, now, now - 3000 * DAY_MS, legibleStep(window, 'week'));
        const labelled = [...labelledSteps(axis, room)].sort((a, b) => a - b);
        expect(labelled.length).toBeGreaterThan(0);
        expect(labelled.length).toBeLessThanOrEqual(room);
        for (let i = 1; i < labelled.length; i++) {
          expect(labelled[i]! - labelled[i - 1]!).toBeGreaterThanOrEqual(Math.min(axis.starts.length / (room + 1), 28));
        }
      }),
      { numRuns: 400 },
    );
  });

  it('stay at the same times while the window slides', () => {
    const now = parseRfc3339('2026-11-21T18:24:07+08:00')!;
    const times = (ms: number) => {
      const axis = timeAxis('1h', ms, ms);
      return [...labelledSteps(axis, 8)].map((index) => stepLabel(axis.starts[index]!, 'minute', 'en'));
    };
    expect(times(now)).toEqual(['17:30', '17:40', '17:50', '18:00', '18:10', '18:20']);
    expect(times(now + 3 * MINUTE_MS)).toEqual(['17:30', '17:40', '17:50', '18:00', '18:10', '18:20']);
  });

  it('name months on an axis of weeks, and none that lies outside the year', () => {
    const now = parseRfc3339('2026-11-21T18:24:07+08:00')!;
    const axis = timeAxis('year', now, now, 'week');
    const names = [...labelledSteps(axis, 14)].map((index) => axisLabel(axis.starts[index]!, 'week', 'en'));
    expect(names).toEqual([
      'Jan 2026',
      'Feb 2026',
      'Mar 2026',
      'Apr 2026',
      'May 2026',
      'Jun 2026',
      'Jul 2026',
      'Aug 2026',
      'Sep 2026',
      'Oct 2026',
      'Nov 2026',
      'Dec 2026',
    ]);
  });
});
