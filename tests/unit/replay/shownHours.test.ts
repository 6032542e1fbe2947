import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, floorTo, HOUR_MS, MINUTE_MS } from '../../../common/regionTime.ts';
import {
  GRACE_MS,
  hourName,
  hourOfName,
  hourToKeep,
  missingSpans,
  monthsBetween,
  removedBefore,
} from '../../../server/replay/shown/shownHours.ts';

const moment = fc.integer({ min: Date.parse('2020-01-01T00:00:00Z'), max: Date.parse('2040-01-01T00:00:00Z') });
const local = (text: string) => Date.parse(`${text}+08:00`);

describe('hours of kept frames', () => {
  it('have names in the region’s time that lead back to them, and no other text does', () => {
    fc.assert(
      fc.property(moment, (at) => {
        const hour = floorTo(at, HOUR_MS);
        expect(hourOfName(hourName(hour))).toBe(hour);
        expect(monthsBetween(at, at + 40 * DAY_MS)).toContain(hourName(hour).slice(0, 7));
      }),
    );
    expect(hourName(local('2026-11-28T09:59:59'))).toBe('2026-11-28T09');
    for (const text of ['2026-11-28T24', '2026-02-30T01', '2026-11-28', '../2026-11-28T09', ''])
      expect(hourOfName(text)).toBeUndefined();
  });

  it('are taken at the hour or shortly after it, and never later', () => {
    const hour = local('2026-11-28T09:00:00');
    expect(hourToKeep(hour - 1)).toBeUndefined();
    expect(hourToKeep(hour)).toBe(hour);
    expect(hourToKeep(hour + GRACE_MS)).toBe(hour);
    expect(hourToKeep(hour + GRACE_MS + 1)).toBeUndefined();
  });

  it('and the spans without one are all of the time together', () => {
    const scenario = fc.record({
      from: moment,
      kept: fc.uniqueArray(fc.nat(60), { maxLength: 30 }),
      hours: fc.nat(60),
      ms: fc.nat(HOUR_MS - 1),
    });
    fc.assert(
      fc.property(scenario, ({ from, kept, hours, ms }) => {
        const first = floorTo(from, HOUR_MS);
        const now = first + hours * HOUR_MS + ms;
        const instants = kept
          .sort((a, b) => a - b)
          .map((n) => first + n * HOUR_MS)
          .filter((hour) => hour <= now);
        const missing = missingSpans('330110', instants, from, now, now);
        const told = (hour: number) => missing.some((span) => span.from <= hour && hour < span.to);
        for (let hour = first; hour <= now; hour += HOUR_MS) {
          const mayCome = hour === floorTo(now, HOUR_MS) && now - hour <= GRACE_MS;
          expect(told(hour)).toBe(!instants.includes(hour) && !mayCome);
        }
        for (const [i, span] of missing.entries()) expect(span.from).toBeGreaterThan(missing[i - 1]?.to ?? -Infinity);
      }),
    );
  });

  it('are days for a town, and the day that goes on is not missing', () => {
    const now = local('2026-11-28T18:00:00');
    const days = [local('2026-11-25T00:00:00'), local('2026-11-27T08:00:00')];
    expect(missingSpans('330110010', days, days[0]!, now, now)).toEqual([
      { from: local('2026-11-26T00:00:00'), to: local('2026-11-27T00:00:00') },
    ]);
  });

  it('are removed after 400 days of kept hours, and not by a clock that has jumped', () => {
    const now = local('2026-11-28T18:00:00');
    const hours = Array.from({ length: 30 }, (_, i) => now - i * HOUR_MS);
    expect(removedBefore(hours)).toBe(now - 23 * HOUR_MS - 400 * DAY_MS);
    const jumped = Array.from({ length: 23 }, (_, i) => now + 900 * DAY_MS + i * HOUR_MS);
    expect(removedBefore([...hours, ...jumped])).toBe(now - 400 * DAY_MS);
    expect(removedBefore(jumped)).toBe(-Infinity);
    expect(MINUTE_MS).toBeLessThanOrEqual(GRACE_MS);
  });
});
