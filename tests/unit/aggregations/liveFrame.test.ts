import { NO_TERM } from '../../../common/termBounds.ts';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { WINDOWS, type WindowName } from '../../../contract/codes.ts';
import { FrameSchema } from '../../../contract/frame.ts';
import { toRow } from '../../../server/alerts/row.ts';
import { buildFrame } from '../../../server/aggregations/frame.ts';
import { buildPastFrame } from '../../../server/aggregations/pastFrame.ts';
import type { AlertState } from '../../../server/alerts/state.ts';
import { nowArb, stateArb, stepArb } from './support/arbitrary.ts';
import { liveFrame } from './support/oracle.ts';
import { PACK, SCOPES } from './support/pack.ts';
import { expectSame } from './support/same.ts';
import {
  monitorAgain,
  receiptArb,
  subjectArb,
  WatchedWorld,
  type Receipt,
  type WatchedSubject,
} from './support/watched.ts';
import { frameParts, World } from './support/world.ts';

type Command =
  | { do: 'wait'; ms: number }
  | { do: 'sweep' }
  | { do: 'upsert'; which: number; state: (now: number) => AlertState }
  | { do: 'watch'; subject: WatchedSubject }
  | { do: 'receive'; receipt: Omit<Receipt, 'at'> }
  | { do: 'look'; scope: string; window: WindowName };

/** States are drawn relative to a clock that is only known when the command runs: draw them at time 0 and move them. */
function shift(state: AlertState, by: number): AlertState {
  const moved: AlertState = {
    ...state,
    raisedAt: state.raisedAt + by,
    recoveries: state.recoveries.map((r) => ({ ...r, at: r.at + by })),
    dueAt: state.dueAt === NO_TERM ? NO_TERM : state.dueAt + by,
    changedAt: state.changedAt + by,
  };
  if (state.verdictAt !== undefined) moved.verdictAt = state.verdictAt + by;
  if (state.closedAt !== undefined) moved.closedAt = state.closedAt + by;
  return moved;
}

const commandArb: fc.Arbitrary<Command> = fc.oneof(
  { weight: 2, arbitrary: stepArb.map((ms) => ({ do: 'wait' as const, ms })) },
  { weight: 1, arbitrary: fc.constant({ do: 'sweep' as const }) },
  {
    weight: 5,
    arbitrary: fc.tuple(fc.nat(7), stateArb('', 0)).map(([which, state]) => ({
      do: 'upsert' as const,
      which,
      state: (now: number) => ({ ...shift(state, now), alertId: `a${which}` }),
    })),
  },
  { weight: 2, arbitrary: subjectArb.map((subject) => ({ do: 'watch' as const, subject })) },
  { weight: 1, arbitrary: receiptArb.map((receipt) => ({ do: 'receive' as const, receipt })) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('look' as const),
      scope: fc.constantFrom(...SCOPES),
      window: fc.constantFrom(...WINDOWS),
    }),
  },
);

describe('frames of now', () => {
  it('equal a naive recomputation, however alerts change and the clock moves while somebody watches', () => {
    fc.assert(
      fc.property(
        nowArb,
        fc.boolean(),
        fc.array(commandArb, { minLength: 4, maxLength: 30 }),
        (start, rules, commands) => {
          let now = start;
          const world = new World();
          // Without rules in force nothing is watched, and no frame says anything of it.
          const watched = new WatchedWorld();
          if (rules) world.watched = watched;
          const check = (scope: string, window: WindowName) => {
            expectSame(frameParts(world.frame(scope, window, now, 7)), {
              ...liveFrame([...world.alerts.values()], scope, window, now, 7),
              ...(rules ? { monitor: monitorAgain(watched, scope, now) } : {}),
            });
          };
          for (const command of commands) {
            if (command.do === 'wait') now += command.ms;
            else if (command.do === 'sweep') world.cube.sweep(now);
            else if (command.do === 'watch') watched.put(command.subject, now);
            else if (command.do === 'receive') watched.receive(command.receipt, now);
            else if (command.do === 'upsert') world.upsert(command.state(now), now);
            else check(command.scope, command.window);
          }
          // Every window once more: some rolls have followed all along, others are made only now.
          for (const window of WINDOWS) check(SCOPES[commands.length % 3]!, window);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('are what the contract says a frame is', () => {
    fc.assert(
      fc.property(
        nowArb.chain((now) => fc.tuple(fc.constant(now), fc.array(fc.nat(7).chain((i) => stateArb(`a${i}`, now))))),
        ([now, states]) => {
          const world = new World();
          for (const state of states) world.upsert(state, now);
          for (const window of WINDOWS) {
            const query = {
              pack: PACK,
              scope: PACK.code,
              window,
              seq: 1,
              cube: world.cube,
              latest: [...world.alerts.values()].map((state) => ({ ...toRow(state), region: PACK.code })),
            };
            expect(
              Value.Check(
                FrameSchema,
                buildFrame({ ...query, now, gauges: world.gauges, lists: world.lists(PACK.code) }),
              ),
            ).toBe(true);
            expect(Value.Check(FrameSchema, buildPastFrame({ ...query, at: now - 3_600_000 }))).toBe(true);
          }
        },
      ),
      { numRuns: 20 },
    );
  });
});
