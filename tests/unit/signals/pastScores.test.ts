import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dayText, HOUR_MS, startOfDay } from '../../../common/regionTime.ts';
import { assess } from '../../../server/signals/assess/assess.ts';
import { MOST_OF_INDICATOR, NO_UNTIL, type Observation } from '../../../server/signals/assess/observation.ts';
import type { AlertMark } from '../../../server/signals/engine/alertMarks.ts';
import { pastScores } from '../../../server/signals/subjects/pastScores.ts';
import { compiled, DAY, EVENT, seen, STATE } from './support.ts';

const pack = compiled();
const closed = (closedAt: number | undefined): AlertMark => ({
  alertId: 'A',
  tier: 'red',
  gravest: 'red',
  stage: closedAt === undefined ? 'accepted' : 'closed',
  workers: 0,
  amountFen: 0,
  raisedAt: 0,
  closedAt,
});

describe('the score that would have been', () => {
  it('is what an assessment of each day by itself says, of what had happened and less what had been dealt with by then', () => {
    const age = fc.integer({ min: -2, max: 90 });
    const observation = fc
      .tuple(
        fc.constantFrom('water.overdue', 'petition.received'),
        age,
        fc.constantFrom('a', 'b'),
        fc.nat(90),
        fc.nat(40),
      )
      .map(([code, days, ref, value, until]) =>
        seen(pack, code, days, {
          ref,
          value: value * 1000,
          until: until === 0 ? DAY - days + 3 : NO_UNTIL,
        }),
      );
    const moment = fc.option(
      age.map((days) => startOfDay(DAY - days) + 13 * HOUR_MS),
      { nil: undefined },
    );
    const DAYS = 60;
    fc.assert(
      fc.property(
        fc.array(observation, { maxLength: 8 }),
        fc.array(moment, { maxLength: 3 }),
        moment,
        (all, closings, everybody) => {
          const allSettledAt = everybody ?? -Infinity;
          const alerts = closings.map(closed);
          const told = pastScores(all, { alerts, allSettledAt }, pack, { day: DAY, days: DAYS });
          let shown: number | undefined;
          for (let day = DAY - DAYS + 1; day <= DAY; day++) {
            const by = startOfDay(day + 1);
            const settled = [allSettledAt, ...closings.map((at) => at ?? -Infinity)].filter((at) => at < by);
            const known = all.filter(({ time }) => time < by);
            shown = told[dayText(day)] ?? shown;
            expect(shown).toBe(assess(known, undefined, Math.max(-Infinity, ...settled), pack, day).score);
          }
          expect(Object.keys(told).every((date) => date > dayText(DAY - DAYS) && date <= dayText(DAY))).toBe(true);
        },
      ),
    );
  });

  it('is told of the first day, and of those on which it changed', () => {
    const two = [seen(pack, 'petition.received', 10), seen(pack, 'petition.received', 5)];
    const none = { alerts: [], allSettledAt: -Infinity };
    const told = pastScores(two, none, pack, { day: DAY, days: 20 });
    expect(Object.keys(told)).toEqual([dayText(DAY - 19), dayText(DAY - 10), dayText(DAY - 5)]);
    expect(told[dayText(DAY - 19)]).toBe(0);
    expect(pastScores([], none, pack, { day: DAY, days: 20 })).toEqual({ [dayText(DAY - 19)]: 0 });
  });

  it('counts repeats once, and no more than the newest of an indicator', () => {
    const days = 120;
    const many = Array.from({ length: 2 * MOST_OF_INDICATOR }, (_, i) => [
      seen(pack, 'petition.received', (i * 7) % days, { id: `e${i % 150}`, workers: 1 }),
      seen(pack, 'water.overdue', (i * 11) % days, { ref: `r${i % 250}`, value: (i % 61) * 1000 }),
    ]).flat();
    const counted = compiled({
      indicators: {
        'water.overdue': {
          ...STATE,
          points: [
            [59, 10],
            [60, 30],
          ],
        },
        'petition.received': {
          ...EVENT,
          measure: 'workers',
          points: [1, 40, 100, 149, 150].map((at, i) => [at, 9 * i]),
        },
      },
    });
    const told = pastScores(many, { alerts: [], allSettledAt: -Infinity }, counted, { day: DAY, days });
    let shown: number | undefined;
    for (let day = DAY - days + 1; day <= DAY; day++) {
      const known = many.filter(({ time }) => time < startOfDay(day + 1));
      shown = told[dayText(day)] ?? shown;
      expect(shown).toBe(assess(known, undefined, -Infinity, counted, day).score);
    }
  });

  it('looks at each observation a few times, not once for every day of a year', () => {
    let looks = 0;
    const watched = (one: Observation): Observation =>
      Object.defineProperty({ ...one }, 'time', {
        get: () => {
          looks++;
          return one.time;
        },
      });
    const all = Array.from({ length: 365 }, (_, age) => watched(seen(pack, 'petition.received', age)));
    pastScores(all, { alerts: [], allSettledAt: -Infinity }, pack, { day: DAY, days: 365 });
    expect(looks).toBeLessThan(20 * all.length);
  });
});
