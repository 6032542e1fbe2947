import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WINDOWS, type WindowName } from '../../../contract/codes.ts';
import { GRAIN_MS } from '../../../server/aggregations/grains.ts';
import { stepStart, WINDOW_RULES, windowRanges } from '../../../server/aggregations/windows.ts';
import { agoArb, nowArb } from './support/arbitrary.ts';
import { dayOf, hourOf, minuteOf, mondayOf, monthOf, stamp, yearOf } from './support/civilTime.ts';
import { windowAt } from './support/oracle.ts';

const at = (text: string) => Date.parse(`${text}+08:00`);
/** The first and last bucket start of each range, as one would write them by hand. */
function ends(window: WindowName, now: number): Record<string, string> {
  const { grain } = WINDOW_RULES[window];
  const { main, previous, lastYear } = windowRanges(window, now);
  const short = (ms: number) => stamp(ms).slice(0, 16);
  const span = ({ lo, hi }: { lo: number; hi: number }, size: number) =>
    `${short(lo)} … ${hi === Infinity ? '' : short(hi - size)}`;
  const result: Record<string, string> = { main: span(main, GRAIN_MS[grain]) };
  if (previous) result.previous = span(previous, GRAIN_MS[grain]);
  if (lastYear) result.lastYear = span(lastYear, GRAIN_MS.day);
  return result;
}

describe('windows', () => {
  it('are those of contract §3, worked out by hand for a Saturday evening', () => {
    const now = at('2026-11-21T18:24:07');
    expect(ends('1h', now)).toEqual({ main: '2026-11-21T17:25 … ', previous: '2026-11-21T16:25 … 2026-11-21T17:24' });
    expect(ends('24h', now)).toEqual({ main: '2026-11-20T18:25 … ', previous: '2026-11-19T18:25 … 2026-11-20T18:24' });
    expect(ends('7d', now)).toEqual({
      main: '2026-11-14T19:00 … ',
      previous: '2026-11-07T19:00 … 2026-11-14T18:00',
      lastYear: '2025-11-15T00:00 … 2025-11-21T00:00',
    });
    expect(ends('30d', now)).toEqual({
      main: '2026-10-22T19:00 … ',
      previous: '2026-09-22T19:00 … 2026-10-22T18:00',
      lastYear: '2025-10-23T00:00 … 2025-11-21T00:00',
    });
    expect(ends('365d', now)).toEqual({
      main: '2025-11-22T00:00 … ',
      previous: '2024-11-22T00:00 … 2025-11-21T00:00',
      lastYear: '2024-11-22T00:00 … 2025-11-21T00:00',
    });
    expect(ends('today', now)).toEqual({
      main: '2026-11-21T00:00 … ',
      previous: '2026-11-20T00:00 … 2026-11-20T18:24',
    });
    expect(ends('week', now)).toEqual({
      main: '2026-11-16T00:00 … ',
      previous: '2026-11-09T00:00 … 2026-11-14T18:00',
      lastYear: '2025-11-17T00:00 … 2025-11-22T00:00',
    });
    expect(ends('month', now)).toEqual({
      main: '2026-11-01T00:00 … ',
      previous: '2026-10-01T00:00 … 2026-10-21T18:00',
      lastYear: '2025-11-01T00:00 … 2025-11-21T00:00',
    });
    expect(ends('year', now)).toEqual({
      main: '2026-01-01T00:00 … ',
      previous: '2025-01-01T00:00 … 2025-11-21T00:00',
      lastYear: '2025-01-01T00:00 … 2025-11-21T00:00',
    });
    expect(windowRanges('all', now)).toEqual({ main: { lo: -Infinity, hi: Infinity } });
  });

  it('meet 29 February and months of other lengths as §3 says', () => {
    expect(ends('30d', at('2024-02-29T10:00:00')).lastYear).toBe('2023-01-30T00:00 … 2023-02-28T00:00');
    expect(ends('year', at('2024-02-29T10:00:00')).lastYear).toBe('2023-01-01T00:00 … 2023-02-28T00:00');
    // 60 days into 2024 is 1 March of 2023: the same elapsed part, not the same date.
    expect(ends('year', at('2024-02-29T10:00:00')).previous).toBe('2023-01-01T00:00 … 2023-03-01T00:00');
    // On 31 March all of February has elapsed, and no more.
    expect(ends('month', at('2025-03-31T10:00:00')).previous).toBe('2025-02-01T00:00 … 2025-02-28T23:00');
    expect(ends('month', at('2025-01-01T00:00:00')).previous).toBe('2024-12-01T00:00 … 2024-12-01T00:00');
  });

  it('equal the rules of §3, bucket by bucket', () => {
    fc.assert(
      fc.property(nowArb, agoArb, fc.constantFrom(...WINDOWS), (now, ago, window) => {
        const rules = windowAt(window, now);
        const ranges = windowRanges(window, now);
        const inside = (range: { lo: number; hi: number } | undefined, s: number) =>
          range && s >= range.lo && s < range.hi;
        const s = rules.bucket(now - ago);
        const day = dayOf(now - ago);
        expect(inside(ranges.main, s)).toBe(rules.main(s));
        expect(inside(ranges.previous, s)).toBe(rules.previous?.(s));
        expect(inside(ranges.lastYear, day)).toBe(rules.lastYear?.(day));
        expect(stepStart(WINDOW_RULES[window].step, s)).toBe(rules.step(s));
      }),
      { numRuns: 2000 },
    );
  });

  it('begin steps where calendars do', () => {
    fc.assert(
      fc.property(nowArb, (t) => {
        expect(stepStart('minute', t)).toBe(minuteOf(t));
        expect(stepStart('hour', t)).toBe(hourOf(t));
        expect(stepStart('day', t)).toBe(dayOf(t));
        expect(stepStart('week', t)).toBe(mondayOf(t));
        expect(stepStart('month', t)).toBe(monthOf(t));
        expect(stepStart('year', t)).toBe(yearOf(t));
      }),
      { numRuns: 300 },
    );
  });
});
