import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WINDOWS } from '../../../contract/codes.ts';
import type { AlertState } from '../../../server/alerts/state.ts';
import { toRow } from '../../../server/alerts/row.ts';
import { IncrementSum } from '../../../server/aggregations/contributions.ts';
import { Cube } from '../../../server/aggregations/cube.ts';
import { buildFrame } from '../../../server/aggregations/frame.ts';

import { buildPastFrame } from '../../../server/aggregations/pastFrame.ts';
import { querySeries } from '../../../server/aggregations/series.ts';
import { Situation } from '../../../server/situation/situation.ts';
import { UpperSituation } from '../../../server/situation/upperSituation.ts';
import { nowArb, stateArb, stepArb } from './support/arbitrary.ts';
import { dump, frameParts, World } from './support/world.ts';
import { factsOf, liveFrame, pastFrame } from './support/oracle.ts';
import { PACK, SCOPES } from './support/pack.ts';
import { expectSame } from './support/same.ts';

/**
 * Sums beyond 2⁵³ (contract §4): what is added and taken away comes back to the letter, by any way a figure is made. The
 * oracle adds up in BigInt.
 */

const MAX = 2 ** 52 - 1;
const huge = fc.oneof(
  fc.constantFrom(1, 3, 1_000_000_000_000, MAX, MAX - 1),
  fc.integer({ min: 0, max: 1_000 }),
  fc.maxSafeNat().map((n) => n % MAX),
);
const hugeState = (id: string, now: number): fc.Arbitrary<AlertState> =>
  fc
    .tuple(stateArb(id, now), huge, fc.array(huge, { minLength: 2, maxLength: 2 }))
    .map(([state, amountFen, recovered]) => ({
      ...state,
      facts: { ...state.facts, amountFen },
      recoveries: state.recoveries.map((recovery, i) => ({ ...recovery, amountFen: recovered[i]! })),
    }));

const scenarioArb = nowArb.chain((now) =>
  fc.record({
    start: fc.constant(now),
    window: fc.constantFrom(...WINDOWS),
    scope: fc.constantFrom(...SCOPES.slice(0, 2)),
    changes: fc.array(
      fc.tuple(
        fc.nat(9).chain((i) => hugeState(`a${i}`, now)),
        stepArb,
        fc.boolean(),
      ),
      { minLength: 4, maxLength: 30, size: 'max' },
    ),
  }),
);

describe('sums beyond 2⁵³', () => {
  it('are exact in frames, past frames and series, through checkpoints, however alerts change and the clock moves', () => {
    fc.assert(
      fc.property(scenarioArb, ({ start, window, scope, changes }) => {
        const world = new World();
        let now = start;
        for (const [state, wait, look] of changes) {
          world.upsert(state, now);
          if (look) world.frame(scope, window, now);
          now += Math.min(wait, 40 * 86_400_000);
          world.cube.sweep(now);
        }
        const alerts = [...world.alerts.values()];
        expectSame(frameParts(world.frame(scope, window, now, 1)), liveFrame(alerts, scope, window, now, 1));

        const cube = new Cube(PACK);
        for (const id of world.cube.dirtyBuckets()) cube.loadBucket(id, world.cube.encodeBucket(id));
        cube.sweep(now);
        expectSame(new Map([...dump(cube)].sort()), new Map([...dump(world.cube)].sort()));
        const query = { pack: PACK, scope, window, cube, latest: [] };
        expectSame(
          frameParts(buildFrame({ ...query, now, seq: 1, gauges: world.gauges, lists: world.lists(scope) })),
          liveFrame(alerts, scope, window, now, 1),
        );
        const at = now - 3 * 3_600_000;
        expectSame(
          frameParts(buildPastFrame({ ...query, at, seq: 1 })),
          pastFrame(alerts, scope, window, at, cube.now, 1),
        );

        const { steps } = querySeries(cube, {
          measure: 'amountFen',
          scope: PACK.code,
          from: 0,
          to: now + 86_400_000,
          step: 'year',
        });
        const total = factsOf(alerts).reduce((sum, { values }) => sum + BigInt(values.amountFen ?? 0), 0n);
        if (Object.keys(steps).length === 1) expect(Object.values(steps)[0]!.all).toBe(Number(total));
      }),
      { numRuns: 60 },
    );
  });

  it('are nothing at all once everything is taken away, in any order and by any split into feed entries', () => {
    fc.assert(
      fc.property(
        nowArb.chain((now) =>
          fc.tuple(
            fc.constant(now),
            fc.array(hugeState('a', now), { minLength: 1, maxLength: 12 }),
            fc.infiniteStream(fc.tuple(fc.nat(), fc.boolean())),
          ),
        ),
        ([now, states, random]) => {
          const cube = new Cube(PACK);
          const sum = new IncrementSum();
          const rolls = WINDOWS.map((window) => cube.roll(PACK.code, window, now));
          const steps = states.flatMap((state) => [
            [state, 1],
            [state, 1],
            [state, -1],
            [state, -1],
          ]) as [AlertState, 1 | -1][];
          while (steps.length) {
            const [at, cut] = random.next().value as [number, boolean];
            const [[state, sign]] = steps.splice(at % steps.length, 1) as [[AlertState, 1 | -1]];
            sum.add(state, sign);
            if (!cut) continue;
            const increments = sum.take();
            const values = increments.cells.flatMap(([, , vector]) => vector);
            expect(values.every((value) => Math.abs(value) <= 2 ** 52)).toBe(true);
            // As it travels on the feed.
            cube.apply(JSON.parse(JSON.stringify(increments)) as typeof increments, now);
          }
          cube.apply(sum.take(), now);
          expect(dump(cube).size).toBe(0);
          for (const { sums, previous, lastYear } of rolls)
            for (const row of [sums.rows, previous, lastYear])
              if (row) expect(Array.from(row.low.keys()).every((at) => row.isZero(at))).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('give back 1,001 fen when 9,500 alerts of 10¹² fen beside them are amended to 0, in the region and in the city', () => {
    const now = Date.parse('2026-11-21T10:00:00Z');
    const situation = new Situation(PACK);
    const city = new UpperSituation({ ...PACK, code: '330100', towns: [{ ...PACK.towns[0]!, code: PACK.code }] }, [
      situation,
    ]);
    const [drawn] = fc.sample(stateArb('a', now), { numRuns: 1, seed: 9 });
    const stateOf = (i: number, amountFen: number): AlertState => ({
      ...drawn!,
      alertId: `a${i}`,
      raisedAt: now,
      stage: 'closed',
      closedAt: now + 3_000_000_000_000,
      recoveries: [{ at: now, amountFen, workers: 1 }],
      facts: { ...drawn!.facts, amountFen },
    });
    const sum = new IncrementSum();
    const known = new Map<string, AlertState>();
    const upsert = (states: AlertState[]) => {
      for (const state of states) {
        const before = known.get(state.alertId);
        if (before) sum.add(before, -1);
        sum.add(state, 1);
        known.set(state.alertId, state);
      }
      situation.apply({ rows: states.map(toRow), increments: sum.take() }, undefined, now);
    };
    const totals = () =>
      [situation.frame(PACK.code, 'all', now, 1), city.frame('330100', 'all', now, 1)].map((frame) => frame.totals);
    totals();
    const first = Array.from({ length: 9_500 }, (_, i) => stateOf(i, 1e12));
    for (let i = 0; i < first.length; i += 5_000) upsert(first.slice(i, i + 5_000));
    upsert(Array.from({ length: 1_001 }, (_, i) => stateOf(9_500 + i, 1)));
    const most = Number(9_500n * 10n ** 12n + 1_001n);
    const closeMs = Number(10_501n * 3_000_000_000_000n);
    for (const one of totals()) expect(one).toMatchObject({ amountFen: most, recoveredFen: most, closeMs });
    upsert(first.map((_, i) => stateOf(i, 0)));
    for (const one of totals()) expect(one).toMatchObject({ amountFen: 1_001, recoveredFen: 1_001, closeMs });
    upsert([...known.values()].map((state) => ({ ...state, closedAt: state.raisedAt + 1 })));
    for (const one of totals()) expect(one).toMatchObject({ closeMs: 10_501 });
  });
});
