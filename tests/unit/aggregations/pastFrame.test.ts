import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WINDOWS } from '../../../contract/codes.ts';
import { buildPastFrame } from '../../../server/aggregations/pastFrame.ts';
import { agoArb, nowArb, stateArb } from './support/arbitrary.ts';
import { pastFrame } from './support/oracle.ts';
import { PACK, SCOPES } from './support/pack.ts';
import { expectSame } from './support/same.ts';
import { frameParts, World } from './support/world.ts';

const HOUR = 3_600_000,
  DAY = 24 * HOUR;

function past(world: World, scope: string, window: (typeof WINDOWS)[number], at: number) {
  return buildPastFrame({ pack: PACK, scope, window, at, seq: 3, cube: world.cube, latest: [] });
}

describe('frames of the past', () => {
  it('equal a naive recomputation from the finest buckets that are kept', () => {
    const scenario = nowArb.chain((now) =>
      fc.record({
        now: fc.constant(now),
        states: fc.array(
          fc.nat(9).chain((i) => stateArb(`a${i}`, now)),
          { minLength: 1, maxLength: 12 },
        ),
        ago: agoArb,
        early: fc.nat(12),
        later: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60 * HOUR }), fc.integer({ min: 0, max: 80 * DAY })),
      }),
    );
    fc.assert(
      fc.property(scenario, ({ now, states, ago, early, later }) => {
        const world = new World();
        const at = now - Math.max(0, ago);
        states.forEach((state, i) => {
          world.upsert(state, now);
          // What is kept for frames of the past must follow what comes later.
          if (i === early) past(world, PACK.code, 'all', at);
        });
        const clock = now + later;
        world.cube.sweep(clock);
        for (const window of WINDOWS) {
          for (const scope of SCOPES.slice(0, 2)) {
            expectSame(
              frameParts(past(world, scope, window, at)),
              pastFrame([...world.alerts.values()], scope, window, at, clock, 3),
            );
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('equal the frame of now when nothing lies in the future, but for what has no past', () => {
    fc.assert(
      fc.property(
        nowArb.chain((now) =>
          fc.tuple(
            fc.constant(now),
            fc.array(
              fc.nat(9).chain((i) => stateArb(`a${i}`, now)),
              { maxLength: 8 },
            ),
          ),
        ),
        ([now, states]) => {
          const world = new World();
          const future = (t: number | undefined) => t !== undefined && t > now;
          for (const state of states) {
            if (
              future(state.raisedAt) ||
              future(state.verdictAt) ||
              future(state.closedAt) ||
              state.recoveries.some((r) => future(r.at))
            )
              continue;
            world.upsert(state, now);
          }
          for (const window of WINDOWS) {
            const live = world.frame(PACK.code, window, now, 3);
            // Contract §4: a past frame has none of these.
            delete live.byStage;
            delete live.overdueByStage;
            delete live.totals.supervised;
            delete live.totals.overdue;
            delete live.totals.dueToday;
            delete live.agenda;
            delete live.lastByChannel;
            for (const row of Object.values(live.byTown)) {
              delete row.days;
              delete row.oldestOpenAt;
            }
            expectSame(past(world, PACK.code, window, now), { ...live, latest: {} });
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('carry the briefs handed in and nothing that is undefined', () => {
    const world = new World();
    const frame = past(world, '330110001', '7d', Date.parse('2026-11-21T10:00:00Z'));
    expect(frame.latest).toStrictEqual({});
    expect('byStage' in frame).toBe(false);
    for (const name of ['overdue', 'dueToday']) expect(name in frame.totals).toBe(false);
    for (const name of ['agenda', 'agendaByUnit', 'lastByChannel', 'monitor']) expect(name in frame).toBe(false);
    for (const row of Object.values(frame.byTown))
      for (const name of ['days', 'oldestOpenAt']) expect(name in row).toBe(false);
    expect(JSON.parse(JSON.stringify(frame))).toStrictEqual(frame);
  });
});
