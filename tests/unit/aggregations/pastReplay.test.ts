import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WINDOWS } from '../../../contract/codes.ts';
import type { Frame } from '../../../contract/frame.ts';
import type { RegionPack } from '../../../contract/region.ts';
import { REPLAY_STEP_MS, REPLAY_STEPS } from '../../../contract/replayLimits.ts';
import { applyMergePatch, diffMergePatch, notedText, type Json } from '../../../common/mergePatch.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../common/regionTime.ts';
import { toRow } from '../../../server/alerts/row.ts';
import type { AlertState } from '../../../server/alerts/state.ts';
import { IncrementSum } from '../../../server/aggregations/contributions.ts';
import type { ReplaySpan } from '../../../server/aggregations/replay.ts';
import type { RegionView } from '../../../server/region/region.ts';
import { Situation } from '../../../server/situation/situation.ts';
import { UpperSituation } from '../../../server/situation/upperSituation.ts';
import { agoArb, nowArb, stateArb } from './support/arbitrary.ts';
import { PACK } from './support/pack.ts';
import { expectSame } from './support/same.ts';

const OTHER: RegionPack = {
  ...PACK,
  code: '330111',
  towns: PACK.towns.map((town) => ({ ...town, code: `330111${town.code.slice(6)}` })),
};
const FAR: RegionPack = {
  ...PACK,
  code: '330211',
  towns: PACK.towns.map((town) => ({ ...town, code: `330211${town.code.slice(6)}` })),
};
const upper = (code: string, areas: readonly string[]): RegionPack => ({
  ...PACK,
  code,
  towns: areas.map((area) => ({ ...PACK.towns[0]!, code: area })),
});
const CITY = upper('330100', ['330110', '330111']);
const PROVINCE = upper('330000', ['330100', '330200']);

/** Two districts and their city, a third in another city, and the province of all of them. */
class World {
  readonly districts = [new Situation(PACK), new Situation(OTHER), new Situation(FAR)] as const;
  readonly city = new UpperSituation(CITY, this.districts.slice(0, 2));
  readonly province = new UpperSituation(PROVINCE, this.districts);
  private readonly alerts = new Map<string, AlertState>();
  private readonly sum = new IncrementSum();

  upsert(which: number, given: AlertState, now: number): void {
    const situation = this.districts[which]!;
    const town = situation.pack.code + given.facts.town.slice(6);
    const state = { ...given, facts: { ...given.facts, town } };
    const key = `${which} ${state.alertId}`;
    const before = this.alerts.get(key);
    if (before) this.sum.add(before, -1);
    this.sum.add(state, 1);
    this.alerts.set(key, state);
    situation.apply({ rows: [toRow(state)], increments: this.sum.take() }, undefined, now);
  }

  sweep(now: number): void {
    for (const { cube } of this.districts) cube.sweep(now);
  }

  viewOf(scope: string): RegionView {
    if (scope === PROVINCE.code) return this.province;
    return scope === CITY.code ? this.city : this.districts[0];
  }
}

/** The frames as a reader of the lines gets them. */
function* readFrames(
  view: RegionView,
  scope: string,
  window: Frame['window'],
  span: ReplaySpan,
  meanwhile: (turn: number) => void = () => undefined,
): Generator<Frame> {
  let before: { frame: Frame; copy: Frame } | undefined;
  let shown: Frame | undefined;
  let turn = 0;
  for (const frame of view.replay(scope, window, span, 3)) {
    meanwhile(turn++);
    if (!frame) continue;
    const patch = before && diffMergePatch(before.frame, frame);
    // The long parts of a frame are made when they are read, and that is now.
    const copy = structuredClone(frame);
    // Patches that are noted are those that comparing finds.
    if (before) expectSame(patch, diffMergePatch(before.copy, copy));
    // The text that is sent is that of the patch, byte by byte.
    const text = before && notedText(before.frame, frame);
    if (before) expect(Buffer.from(text!, 'latin1').toString()).toBe(JSON.stringify(patch));
    const line = JSON.parse(JSON.stringify(patch ?? frame)) as Json;
    before = { frame, copy };
    shown = shown ? applyMergePatch(shown, line) : (line as unknown as Frame);
    expect((line as { at: string }).at).toBe(frame.at);
    yield shown;
  }
}

const MOMENTS = 40;
const changesArb = (now: number, most: number) =>
  fc.array(
    fc.tuple(
      fc.nat(2),
      fc.nat(7).chain((i) => stateArb(`a${i}`, now)),
    ),
    { minLength: 1, maxLength: most },
  );
const scenarioArb = nowArb.chain((now) =>
  fc.record({
    now: fc.constant(now),
    alerts: changesArb(now, 14),
    meanwhile: changesArb(now, 4),
    at: fc.nat(60),
    scope: fc.constantFrom(PACK.code, PACK.towns[1]!.code, CITY.code, PROVINCE.code),
    window: fc.constantFrom(...WINDOWS),
    step: fc.constantFrom(...REPLAY_STEPS),
    ago: agoArb,
    later: fc.oneof(
      fc.constant(0),
      fc.integer({ min: 0, max: 60 * HOUR_MS }),
      fc.integer({ min: 0, max: 80 * DAY_MS }),
    ),
    watched: fc.boolean(),
  }),
);

describe('a replay', () => {
  it('is, moment by moment, the frame of the past that a snapshot gives', () => {
    let moments = 0;
    fc.assert(
      fc.property(scenarioArb, ({ now, alerts, scope, window, step, ago, later, watched }) => {
        const world = new World();
        for (const [which, state] of alerts) world.upsert(which, state, now);
        const clock = now + later;
        world.sweep(clock);
        const view = world.viewOf(scope);
        if (watched) view.frame(scope, 'all', clock, 0);
        const stepMs = REPLAY_STEP_MS[step];
        const from = Math.min(now - ago, clock - MOMENTS * stepMs);
        let k = 0;
        for (const frame of readFrames(view, scope, window, { from, stepMs, steps: MOMENTS }))
          expectSame(frame, JSON.parse(JSON.stringify(view.pastFrame(scope, window, from + k++ * stepMs, 3))));
        expect(k).toBe(MOMENTS + 1);
        moments += k;
      }),
      { numRuns: 60 },
    );
    expect(moments).toBeGreaterThan(200);
  });

  it('is of the moment at which it was asked for, whatever is counted, amended or swept away while it is read', () => {
    fc.assert(
      fc.property(scenarioArb, ({ now, alerts, meanwhile, at, scope, window, step, ago, later, watched }) => {
        const world = new World();
        for (const [which, state] of alerts) world.upsert(which, state, now);
        world.sweep(now);
        // A bucket that rests is held in another way than one that is written to.
        if (watched) world.sweep(now + 2 * MINUTE_MS);
        const view = world.viewOf(scope);
        const stepMs = REPLAY_STEP_MS[step];
        const from = Math.min(now - ago, now - MOMENTS * stepMs);
        const expected = Array.from({ length: MOMENTS + 1 }, (_, k) =>
          view.pastFrame(scope, window, from + k * stepMs, 3),
        );
        let k = 0;
        const disturb = (turn: number) => {
          if (turn % 61 !== at) return;
          for (const [which, state] of meanwhile) world.upsert(which, state, now + later);
          world.sweep(now + later);
        };
        for (const frame of readFrames(view, scope, window, { from, stepMs, steps: MOMENTS }, disturb)) {
          // What stands in single alerts is read when their turn comes.
          const wanted = JSON.parse(JSON.stringify(expected[k++])) as Frame;
          expectSame({ ...frame, latest: {} }, { ...wanted, latest: {} });
        }
        expect(k).toBe(MOMENTS + 1);
      }),
      { numRuns: 60 },
    );
  });

  it('is right across midnight and the ends of months and years, with corrections and late events since', () => {
    const TURNS = ['2024-03-01', '2025-03-01', '2025-11-01', '2026-01-01'].map((day) =>
      Date.parse(`${day}T00:00:00+08:00`),
    );
    let tried = 0;
    for (const turn of TURNS)
      for (const [step, before] of [
        ['hour', 6 * HOUR_MS],
        ['5m', 2 * HOUR_MS],
        ['day', 20 * DAY_MS],
      ] as const) {
        const stepMs = REPLAY_STEP_MS[step];
        const from = turn - before;
        const now = from + MOMENTS * stepMs + HOUR_MS;
        const world = new World();
        const ids = Array.from({ length: 8 }, (_, i) => `a${i}`);
        const states = (seed: number, near: number) =>
          ids.map((id) => fc.sample(stateArb(id, near), { numRuns: 1, seed })[0]!);
        // What was known at the turn; what came later is about the same alerts, and about moments before it.
        for (const state of states(1, turn)) world.upsert(0, state, turn);
        for (const state of states(2, turn).slice(0, 5))
          world.upsert(0, { ...state, raisedAt: turn - HOUR_MS / 2 }, now);
        world.upsert(2, { ...states(3, turn)[0]!, raisedAt: turn }, now);
        world.sweep(now);
        // Each window comes up at several turns and steps, in turn for the district and the province.
        for (let i = 0; i < 3; i++) {
          const window = WINDOWS[tried++ % WINDOWS.length]!;
          const scope = tried % 2 ? PACK.code : PROVINCE.code;
          const view = world.viewOf(scope);
          let k = 0;
          for (const frame of readFrames(view, scope, window, { from, stepMs, steps: MOMENTS }))
            expectSame(frame, JSON.parse(JSON.stringify(view.pastFrame(scope, window, from + k++ * stepMs, 3))));
          expect(k).toBe(MOMENTS + 1);
        }
      }
  });

  it('lets go of the cube when it is ended early', () => {
    const world = new World();
    const now = Date.parse('2026-11-21T10:00:00Z');
    world.upsert(0, fc.sample(stateArb('a', now), { numRuns: 1, seed: 1 })[0]!, now);
    const replay = world.districts[0].replay(PACK.code, '30d', { from: now - DAY_MS, stepMs: HOUR_MS, steps: 24 }, 0);
    replay.next();
    const cube = world.districts[0].cube as unknown as { holds: { size: number } };
    while (cube.holds.size === 0) replay.next();
    replay.return();
    expect(cube.holds.size).toBe(0);
  });
});
