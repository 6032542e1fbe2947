import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WINDOWS } from '../../../contract/codes.ts';
import { applyMergePatch, type Json, type JsonObject } from '../../../common/mergePatch.ts';
import type { Frame } from '../../../contract/frame.ts';
import { toRow } from '../../../server/alerts/row.ts';
import { buildFrame } from '../../../server/aggregations/frame.ts';
import { STANDARD_MASK } from '../../../server/privacy/mask.ts';
import { Channel } from '../../../server/push/channel.ts';
import { nowArb, stateArb, stepArb } from './support/arbitrary.ts';
import { PACK, SCOPES } from './support/pack.ts';
import { expectSame } from './support/same.ts';
import { World } from './support/world.ts';

/** The patch from one frame to the next as screens are sent it; undefined when nothing but the time has changed. */
function framePatch(before: Frame, after: Frame): JsonObject | undefined {
  const channel = new Channel(before.scope, before.window, 'full', STANDARD_MASK, 0);
  channel.advance(() => before);
  return channel.advance(() => after)?.patch;
}

const scenarioArb = nowArb.chain((now) =>
  fc.record({
    start: fc.constant(now),
    scope: fc.constantFrom(...SCOPES.slice(0, 2)),
    window: fc.constantFrom(...WINDOWS),
    changes: fc.array(
      fc.tuple(
        fc.nat(6).chain((i) => stateArb(['__proto__', 'toString', `a${i}`][i] ?? `a${i}`, now)),
        stepArb,
      ),
      { minLength: 1, maxLength: 20 },
    ),
  }),
);

describe('patches', () => {
  it('applied in order to the first frame, give the last', () => {
    fc.assert(
      fc.property(scenarioArb, ({ start, scope, window, changes }) => {
        const world = new World();
        let now = start;
        let seq = 0;
        const look = () => {
          const latest = [...world.alerts.values()]
            .map((state) => ({ ...toRow(state), region: PACK.code }))
            .filter((row) => scope.length === 6 || row.town === scope)
            .slice(-3);
          return buildFrame({
            pack: PACK,
            scope,
            window,
            now,
            seq: ++seq,
            cube: world.cube,
            gauges: world.gauges,
            lists: { ...world.lists(scope), latest },
          });
        };
        let last = look();
        let onScreen = JSON.parse(JSON.stringify(last)) as Json;
        for (const [state, wait] of changes) {
          world.upsert(state, now);
          now += wait;
          const next = look();
          const patch = framePatch(last, next);
          if (patch) onScreen = applyMergePatch(onScreen, JSON.parse(JSON.stringify(patch)) as Json);
          else expectSame({ ...last, at: next.at, seq: next.seq }, next);
          // A frame handed out is never changed afterwards: nothing of the old one may have moved.
          last = patch ? next : { ...next, at: last.at, seq: last.seq };
          expectSame(onScreen, JSON.parse(JSON.stringify(last)));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('are none when only the clock has moved', () => {
    const world = new World();
    const now = Date.parse('2026-11-21T10:00:00Z');
    const look = (at: number, seq: number) => world.frame(PACK.code, '7d', at, seq);
    expect(framePatch(look(now, 1), look(now + 250, 2))).toBeUndefined();
  });

  it('bring a step of the series back that had become empty', () => {
    const world = new World();
    const now = Date.parse('2026-11-21T10:00:00Z');
    const [drawn] = fc.sample(stateArb('a', now), { numRuns: 1, seed: 9 });
    const state = { ...drawn!, raisedAt: now, stage: 'raised' as const, recoveries: [] };
    delete state.verdict;
    delete state.verdictAt;
    const elsewhere = { ...state, raisedAt: now - 20 * 86_400_000 };
    for (const next of [state, elsewhere, state]) {
      world.upsert(next, now);
      expect(Object.keys(world.frame(PACK.code, '7d', now).series)).toHaveLength(next === state ? 1 : 0);
    }
  });

  it('leave alone what was handed out before', () => {
    fc.assert(
      fc.property(scenarioArb, ({ start, scope, window, changes }) => {
        const world = new World();
        let now = start;
        const seen: { text: string; frame: unknown }[] = [];
        for (const [state, wait] of changes) {
          world.upsert(state, now);
          now += wait;
          const frame = world.frame(scope, window, now);
          seen.push({ text: JSON.stringify(frame), frame });
        }
        for (const { text, frame } of seen) expect(JSON.stringify(frame)).toBe(text);
      }),
      { numRuns: 60 },
    );
  });
});
