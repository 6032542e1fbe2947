import fc from 'fast-check';
import { NO_TERM } from '../../../common/termBounds.ts';
import { describe, expect, it } from 'vitest';
import { STAGES } from '../../../contract/codes.ts';
import type { AlertRow } from '../../../server/alerts/row.ts';
import { toRow } from '../../../server/alerts/row.ts';
import { Gauges } from '../../../server/aggregations/gauges.ts';
import { stateArb } from './support/arbitrary.ts';
import { DAY_MS } from '../../../common/regionTime.ts';
import { dayOf } from './support/civilTime.ts';
import { TOWNS } from './support/pack.ts';

const NOW = Date.parse('2026-11-21T10:24:07.123Z');
const rowArb = fc
  .nat(30)
  .chain((i) => stateArb(`a${i}`, NOW))
  .map(toRow);

describe('gauges', () => {
  it('follow rows and the clock, whatever is amended and in whichever order terms end', () => {
    const commandArb = fc.oneof(rowArb, fc.integer({ min: -60_000, max: 20 * 86_400_000 }));
    fc.assert(
      fc.property(fc.array(commandArb, { maxLength: 120, size: 'max' }), (commands) => {
        const gauges = new Gauges();
        const rows = new Map<string, AlertRow>();
        let now = NOW;
        gauges.advance(now);
        for (const command of commands) {
          if (typeof command === 'number') {
            // A clock that is set back is not followed.
            gauges.advance(now + command);
            now = Math.max(now, now + command);
          } else {
            gauges.update(rows.get(command.alertId), command);
            rows.set(command.alertId, command);
          }
        }
        for (const town of [undefined, ...TOWNS]) {
          const here = [...rows.values()].filter((row) => !town || row.town === town);
          const { open, byStage, overdue, dueToday, overdueByStage, supervised } = gauges.scope(town);
          for (const stage of STAGES)
            expect(overdueByStage[stage]).toBe(
              here.filter((r) => r.stage === stage && r.dueAt !== NO_TERM && now > r.dueAt).length,
            );
          expect(supervised).toBe(here.filter((r) => r.supervised && r.stage !== 'closed').length);
          expect(overdue).toBe(here.filter((r) => r.dueAt !== NO_TERM && now > r.dueAt).length);
          const midnight = dayOf(now) + DAY_MS;
          expect(dueToday).toBe(
            here.filter((r) => r.dueAt !== NO_TERM && now <= r.dueAt && r.dueAt <= midnight).length,
          );
          for (const stage of STAGES) expect(byStage[stage]).toBe(here.filter((r) => r.stage === stage).length);
          const opened = here.filter((r) => r.stage !== 'closed');
          expect(open.total).toBe(opened.length);
          for (const code of ['red', 'blue'])
            expect(open.tier(code)).toBe(opened.filter((r) => r.tier === code).length);
          for (const code of ['E', 'T'])
            expect(open.industry(code)).toBe(opened.filter((r) => r.industry === code).length);
          for (const code of ['water', 'tax'])
            expect(open.channel(code)).toBe(opened.filter((r) => r.channel === code).length);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('count an alert as overdue from the first millisecond past its term', () => {
    const gauges = new Gauges();
    const [state] = fc.sample(stateArb('a', NOW), { numRuns: 1, seed: 5 });
    gauges.update(undefined, { ...toRow(state!), stage: 'accepted', dueAt: NOW });
    gauges.advance(NOW);
    expect(gauges.scope().overdue).toBe(0);
    gauges.advance(NOW + 1);
    expect(gauges.scope().overdue).toBe(1);
  });

  it('count as due today what ends by the next midnight, that midnight included, until it has ended', () => {
    const midnight = Date.parse('2026-11-22T00:00:00+08:00');
    const [state] = fc.sample(stateArb('a', NOW), { numRuns: 1, seed: 5 });
    const gauges = new Gauges();
    for (const dueAt of [midnight - 1, midnight, midnight + 1, midnight + DAY_MS, midnight + DAY_MS + 1])
      gauges.update(undefined, { ...toRow(state!), stage: 'raised', dueAt });
    const at = (now: number) => {
      gauges.advance(now);
      const { dueToday, overdue } = gauges.scope();
      return [dueToday, overdue];
    };
    expect(at(NOW)).toEqual([2, 0]);
    expect(at(midnight - 1)).toEqual([2, 0]);
    // The day that begins has its own; what ended with the one before is not past yet.
    expect(at(midnight)).toEqual([3, 1]);
    expect(at(midnight + 1)).toEqual([2, 2]);
    expect(at(midnight + 2)).toEqual([1, 3]);
    // A clock that jumps over a day, and one that is set back.
    expect(at(midnight + 2 * DAY_MS)).toEqual([0, 5]);
    expect(at(NOW)).toEqual([0, 5]);
  });

  it('know what was raised by day of the last 30, also when the clock is set back', () => {
    const today = dayOf(NOW);
    const [state] = fc.sample(stateArb('a', NOW), { numRuns: 1, seed: 5 });
    const gauges = new Gauges();
    const row = (days: number): AlertRow => ({ ...toRow(state!), town: TOWNS[0]!, raisedAt: today + days * DAY_MS });
    for (const days of [0, 0, -29, -30, -61, 1]) gauges.update(undefined, row(days));
    gauges.advance(NOW);
    const first = { '2026-10-23': 1, '2026-11-21': 2 };
    expect(gauges.days(undefined, NOW)).toEqual(first);
    expect(gauges.days(TOWNS[0], NOW)).toBe(gauges.days(TOWNS[0], NOW + 1));
    expect(gauges.days(TOWNS[1], NOW)).toEqual({});
    gauges.advance(NOW + DAY_MS);
    expect(gauges.days(TOWNS[0], NOW + DAY_MS)).toEqual({ '2026-11-21': 2, '2026-11-22': 1 });
    expect(gauges.days(undefined, NOW)).toEqual(first);
    // What is forgotten leaves no trace when it is taken back.
    gauges.update(row(-61), row(0));
    expect(gauges.days(undefined, NOW)).toEqual({ ...first, '2026-11-21': 3 });
  });
});
