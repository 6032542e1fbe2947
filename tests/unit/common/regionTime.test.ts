import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dateOf,
  floorTo,
  HOUR_MS,
  midnight,
  parseRfc3339,
  startOfWeek,
  toRfc3339,
  yearEarlier,
} from '../../../common/regionTime.ts';

const moment = fc.integer({ min: Date.UTC(1, 0, 1), max: Date.UTC(9998, 0, 1) });

describe('RFC 3339', () => {
  it('is read as it is written', () => {
    fc.assert(
      fc.property(moment, (ms) => {
        expect(parseRfc3339(toRfc3339(ms))).toBe(ms);
        expect(parseRfc3339(new Date(ms).toISOString())).toBe(ms);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is written as a `Date` writes it, in whatever order instants are asked for', () => {
    const asDate = (ms: number) => {
      const local = new Date(ms + 8 * HOUR_MS).toISOString();
      return `${local.replace(/(\.000)?Z$/, '')}+08:00`;
    };
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            moment,
            fc.integer({ min: -400, max: 400 }).map((n) => n * 256 * 24 * HOUR_MS - 8 * HOUR_MS),
          ),
        ),
        (list) => {
          for (const ms of [...list, ...list.map((one) => one - 1)]) expect(toRfc3339(ms)).toBe(asDate(ms));
        },
      ),
      { numRuns: 300 },
    );
    for (const none of [NaN, Infinity, 9e15]) expect(() => toRfc3339(none)).toThrow(RangeError);
  });

  it('is read with any offset and any fraction', () => {
    fc.assert(
      fc.property(
        moment,
        fc.integer({ min: -23 * 60, max: 23 * 60 }),
        fc.stringMatching(/^[0-9]{0,6}$/),
        (ms, minutes, more) => {
          const local = new Date(ms + minutes * 60_000);
          if (local.getUTCFullYear() < 1) return;
          const pad = (n: number) => String(n).padStart(2, '0');
          const offset = `${minutes < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(minutes) / 60))}:${pad(Math.abs(minutes) % 60)}`;
          expect(parseRfc3339(local.toISOString().replace('Z', `${more}${offset}`))).toBe(ms);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it.each([
    '',
    '2026',
    '2026-11-21',
    '2026-11-21T10:00:00',
    '2026-11-21 10:00:00Z',
    '2026-11-21T10:00Z',
    '2026-13-01T10:00:00Z',
    '2026-00-01T10:00:00Z',
    '2026-02-29T10:00:00Z',
    '2100-02-29T00:00:00Z',
    '2026-04-31T10:00:00Z',
    '2026-11-00T10:00:00Z',
    '2026-11-21T24:00:00Z',
    '2026-11-21T10:60:00Z',
    '2026-11-21T10:00:61Z',
    '2026-11-21T10:00:00.Z',
    '2026-11-21T10:00:00+0800',
    '2026-11-21T10:00:00+08:00x',
    '2026-11-21T10:00:00+24:00',
    '2026-11-21T10:00:00+08:60',
    '2026-11-21T10:00:00+08',
    '+2026-11-21T10:00:00Z',
    '2026-1-21T10:00:00Z',
    ' 2026-11-21T10:00:00Z',
    '２０２６-11-21T10:00:00Z',
    '2026-11-21T10:00:00.12a4Z',
    '-026-11-21T10:00:00Z',
  ])('refuses %j', (text) => {
    expect(parseRfc3339(text)).toBeUndefined();
  });

  it('takes a leap day, small letters and a leap second', () => {
    expect(parseRfc3339('2028-02-29t00:00:00z')).toBe(Date.UTC(2028, 1, 29));
    expect(parseRfc3339('2016-12-31T23:59:60Z')).toBe(Date.UTC(2016, 11, 31, 23, 59, 59, 999));
    expect(parseRfc3339('0000-02-29T00:00:00Z')).toBe(Date.parse('0000-02-29T00:00:00.000Z'));
  });
});

describe("the region's calendar", () => {
  it('begins its days at its own midnight', () => {
    fc.assert(
      fc.property(moment, (ms) => {
        const { year, month, day } = dateOf(ms);
        if (year < 100) return;
        expect(floorTo(ms, 24 * HOUR_MS)).toBe(midnight(year, month, day));
        expect(toRfc3339(ms).slice(0, 10)).toBe(
          `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
        );
      }),
    );
  });

  it('begins its weeks on Monday and takes 29 February for 28 a year earlier', () => {
    expect(toRfc3339(startOfWeek(Date.parse('2026-11-22T12:00:00+08:00')))).toBe('2026-11-16T00:00:00+08:00');
    expect(toRfc3339(startOfWeek(Date.parse('2026-11-23T00:00:00+08:00')))).toBe('2026-11-23T00:00:00+08:00');
    expect(toRfc3339(yearEarlier(Date.parse('2028-02-29T12:00:00+08:00')))).toBe('2027-02-28T00:00:00+08:00');
    expect(toRfc3339(yearEarlier(Date.parse('2029-02-28T23:00:00+08:00')))).toBe('2028-02-28T00:00:00+08:00');
  });
});
