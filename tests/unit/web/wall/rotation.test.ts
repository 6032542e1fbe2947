import { describe, expect, it } from 'vitest';
import { progressAt, REST_MS, rotates, stopAt, STOP_MS, stopsOf } from '../../../../web/wall/rotation.ts';
import { fixture } from '../../../support/webFixtures.ts';

const { frame, pack } = fixture();

describe('the round', () => {
  it('goes from the region through the towns with open red or orange alerts, in order of their codes', () => {
    const stops = stopsOf(frame, pack);
    expect(stops[0]).toBe('330110');
    expect(stops.slice(1)).toEqual([...stops.slice(1)].sort());
    for (const town of pack.towns) {
      const { red = 0, orange = 0 } = frame.byTown[town.code]!.tiers;
      expect(stops.includes(town.code)).toBe(red + orange > 0);
    }
    const calm = {
      ...frame,
      byTown: Object.fromEntries(
        Object.entries(frame.byTown).map(([code, row]) => [
          code,
          { ...row, tiers: { red: 0, orange: 0, yellow: 9, blue: 0 } },
        ]),
      ),
    };
    expect(stopsOf(calm, pack)).toEqual(['330110']);
    expect(stopsOf(undefined, pack)).toEqual([]);
    const town = pack.towns[0]!.code;
    expect(stopsOf({ ...frame, scope: town }, pack)).toEqual([town]);
  });

  it('is a function of the clock: two screens are in step whenever they were switched on', () => {
    const stops = ['r', 'a', 'b'];
    const start = 1_000 * stops.length * STOP_MS;
    expect([0, 1, 2, 3].map((i) => stopAt(start + i * STOP_MS, stops))).toEqual(['r', 'a', 'b', 'r']);
    expect(stopAt(start + STOP_MS - 1, stops)).toBe('r');
    expect(stopAt(start, [])).toBeUndefined();
  });

  it('says how much of a stop is over: a step each second, full at its end', () => {
    const start = 4_000 * STOP_MS;
    const steps = Array.from({ length: 15 }, (_, i) => progressAt(start + i * 1_000));
    expect(steps[0]).toBeCloseTo(1 / 15);
    expect(steps[14]).toBe(1);
    expect(progressAt(start + 999)).toBe(steps[0]);
    expect(progressAt(start + STOP_MS)).toBe(steps[0]);
  });

  it('rests for a minute after a touch', () => {
    expect(rotates(true, 100_000, -Infinity)).toBe(true);
    expect(rotates(true, 100_000 + REST_MS - 1, 100_000)).toBe(false);
    expect(rotates(true, 100_000 + REST_MS, 100_000)).toBe(true);
    expect(rotates(false, 1e12, 0)).toBe(false);
  });
});
