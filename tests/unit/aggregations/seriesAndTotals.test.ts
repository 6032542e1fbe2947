import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MEASURES } from '../../../contract/codes.ts';
import { Cube, UnknownScopeError } from '../../../server/aggregations/cube.ts';
import { NotKeptError, querySeries, SPLITS, STEPS } from '../../../server/aggregations/series.ts';
import { agoArb, nowArb, stateArb } from './support/arbitrary.ts';
import { dayOf, hourOf, minuteOf, mondayOf, monthOf, stamp, yearOf } from './support/civilTime.ts';
import { factsOf } from './support/oracle.ts';
import { PACK, SCOPES } from './support/pack.ts';
import { expectSame } from './support/same.ts';
import { World } from './support/world.ts';

const HOUR = 3_600_000,
  DAY = 24 * HOUR;
const STEP_OF = { minute: minuteOf, hour: hourOf, day: dayOf, week: mondayOf, month: monthOf, year: yearOf };
const LONGEST = { minute: 49 * HOUR, hour: 69 * DAY, day: Infinity, week: Infinity, month: Infinity, year: Infinity };

const worldArb = nowArb.chain((now) =>
  fc.tuple(
    fc.constant(now),
    fc.array(
      fc.nat(9).chain((i) => stateArb(`a${i}`, now)),
      { minLength: 1, maxLength: 12 },
    ),
  ),
);
function worldOf(now: number, states: Parameters<World['upsert']>[0][]): World {
  const world = new World();
  for (const state of states) world.upsert(state, now);
  return world;
}

describe('series', () => {
  it('equal a naive recomputation for any measure, split, scope, span and step', () => {
    const queryArb = fc.record({
      measure: fc.constantFrom(...MEASURES),
      split: fc.constantFrom(undefined, ...SPLITS),
      scope: fc.constantFrom(...SCOPES.slice(0, 3)),
      step: fc.constantFrom(...STEPS),
      a: agoArb,
      b: agoArb,
    });
    fc.assert(
      fc.property(worldArb, fc.array(queryArb, { minLength: 10, maxLength: 10 }), ([now, states], queries) => {
        const world = worldOf(now, states);
        for (const { measure, split, scope, step, a, b } of queries) {
          const from = now - Math.min(Math.max(a, b), LONGEST[step]);
          const to = now - Math.min(a, b);
          const bucket = step === 'minute' ? minuteOf : step === 'hour' ? hourOf : dayOf;
          const steps: Record<string, Record<string, number>> = {};
          for (const fact of factsOf(world.alerts.values())) {
            const s = bucket(fact.t);
            if (s < bucket(from) || s >= to || (scope.length === 9 && fact.town !== scope)) continue;
            const sums = (steps[stamp(STEP_OF[step](s))] ??= {});
            const code = split ? fact[split] : 'all';
            sums[code] = (sums[code] ?? 0) + (fact.values[measure] ?? 0);
          }
          for (const [start, sums] of Object.entries(steps)) {
            for (const code of Object.keys(sums)) if (sums[code] === 0) delete sums[code];
            if (Object.keys(sums).length === 0) delete steps[start];
          }
          expectSame(querySeries(world.cube, { measure, scope, from, to, step, ...(split ? { split } : {}) }), {
            measure,
            step,
            from: stamp(from),
            to: stamp(to),
            steps,
            ...(split ? { split } : {}),
          });
        }
      }),
      { numRuns: 150 },
    );
  });

  it('say what is kept when the span goes back too far', () => {
    const now = Date.parse('2026-11-21T18:24:07+08:00');
    const cube = new Cube(PACK);
    cube.sweep(now);
    const ask = (step: 'minute' | 'hour' | 'day', from: number) => () =>
      querySeries(cube, { measure: 'raised', scope: PACK.code, from, to: now, step });
    expect(ask('minute', now - 51 * HOUR)).toThrow(NotKeptError);
    expect(ask('minute', now - 51 * HOUR)).toThrow(
      'Figures by the minute are kept for 50 hours, since 2026-11-19T16:25:00+08:00. Let the span begin later, or use the step "hour".',
    );
    expect(ask('hour', now - 71 * DAY)).toThrow(
      'Figures by the hour are kept for 70 days, since 2026-09-12T19:00:00+08:00. Let the span begin later, or use the step "day".',
    );
    expect(ask('minute', now - 49 * HOUR)).not.toThrow();
    expect(ask('day', 0)).not.toThrow();
    expect(() => querySeries(cube, { measure: 'raised', scope: '330111', from: 0, to: now, step: 'day' })).toThrow(
      UnknownScopeError,
    );
  });
});
