import { NO_TERM } from '../../../common/termBounds.ts';
import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { WINDOWS, type WindowName } from '../../../contract/codes.ts';
import { areaOf } from '../../../common/divisions.ts';
import { FrameSchema } from '../../../contract/frame.ts';
import { applyMergePatch, diffMergePatch } from '../../../common/mergePatch.ts';
import type { RegionPack } from '../../../contract/region.ts';
import type { AlertState } from '../../../server/alerts/state.ts';
import { toRow } from '../../../server/alerts/row.ts';
import { IncrementSum } from '../../../server/aggregations/contributions.ts';
import { Situation } from '../../../server/situation/situation.ts';
import { UpperSituation } from '../../../server/situation/upperSituation.ts';
import { nowArb, stateArb, stepArb } from './support/arbitrary.ts';
import { liveFrame, pastFrame } from './support/oracle.ts';
import { PACK } from './support/pack.ts';
import { expectSame } from './support/same.ts';
import { frameParts } from './support/world.ts';

const packOf = (code: string, towns: readonly string[]): RegionPack => ({
  ...PACK,
  code,
  towns: towns.map((town, i) => ({
    ...PACK.towns[0]!,
    code: town,
    name: { 'zh-CN': town, en: town },
    seat: [120 + i, 30],
  })),
});
const DISTRICTS = ['330102', '330110', '330203'];
const CITY = packOf('330100', ['330102', '330110', '330127']);
const PROVINCE = packOf('330000', ['330100', '330200', '331100']);

/** Three districts in two cities, with the alerts that each was told of. */
class Country {
  readonly situations = DISTRICTS.map(
    (code) =>
      new Situation(
        packOf(
          code,
          ['001', '002'].map((town) => code + town),
        ),
      ),
  );
  readonly city = new UpperSituation(CITY, this.situations);
  readonly province = new UpperSituation(PROVINCE, this.situations);
  /** Everything as the oracle is to see it. */
  readonly alerts = new Map<string, AlertState>();
  private readonly sum = new IncrementSum();

  /** An alert of district `which`; ids are used again in other districts. */
  upsert(which: number, id: string, state: AlertState, now: number): void {
    const code = DISTRICTS[which]!;
    const key = `${code} ${id}`;
    const before = this.alerts.get(key);
    const next = {
      ...state,
      alertId: id,
      facts: { ...state.facts, town: code + (state.facts.town.endsWith('1') ? '001' : '002') },
    };
    if (before) this.sum.add(before, -1);
    this.sum.add(next, 1);
    this.alerts.set(key, next);
    this.situations[which]!.apply({ rows: [toRow(next)], increments: this.sum.take() }, undefined, now);
  }

  /** What lies in a pack's areas, each alert as if its area were its town. */
  within(pack: RegionPack): (AlertState & { region: string })[] {
    return [...this.alerts.values()].flatMap((state) => {
      const area = areaOf(pack, state.facts.town)?.code;
      if (area === undefined) return [];
      return [{ ...state, region: state.facts.town.slice(0, 6), facts: { ...state.facts, town: area } }];
    });
  }
}

const moved = (state: AlertState, by: number): AlertState => ({
  ...state,
  raisedAt: state.raisedAt + by,
  dueAt: state.dueAt === NO_TERM ? NO_TERM : state.dueAt + by,
  changedAt: state.changedAt + by,
  recoveries: state.recoveries.map((recovery) => ({ ...recovery, at: recovery.at + by })),
  ...(state.verdictAt === undefined ? {} : { verdictAt: state.verdictAt + by }),
  ...(state.closedAt === undefined ? {} : { closedAt: state.closedAt + by }),
});

const commandArb = fc.oneof(
  { weight: 2, arbitrary: stepArb.map((ms) => ({ do: 'wait' as const, ms })) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('upsert' as const),
      which: fc.nat(2),
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      state: stateArb('', 0),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('look' as const),
      pack: fc.constantFrom(CITY, PROVINCE),
      window: fc.constantFrom(...WINDOWS),
    }),
  },
);

describe('the situation of a city or province', () => {
  it('is the sum of the districts in it, for every window, however they change while somebody watches', () => {
    fc.assert(
      fc.property(nowArb, fc.array(commandArb, { minLength: 4, maxLength: 30 }), (start, commands) => {
        let now = start;
        const country = new Country();
        const areas = (pack: RegionPack) => pack.towns.map(({ code }) => code);
        const check = (pack: RegionPack, window: WindowName) => {
          const upper = pack === CITY ? country.city : country.province;
          expectSame(
            frameParts(upper.frame(pack.code, window, now, 7)),
            liveFrame(country.within(pack), pack.code, window, now, 7, areas(pack)),
          );
        };
        for (const command of commands) {
          if (command.do === 'wait') {
            now += command.ms;
            // As a server does at every tick.
            for (const upper of [country.city, country.province]) upper.advance(now);
            for (const situation of country.situations) situation.advance(now);
          } else if (command.do === 'upsert') country.upsert(command.which, command.id, moved(command.state, now), now);
          else check(command.pack, command.window);
        }
        for (const window of WINDOWS) for (const pack of [CITY, PROVINCE]) check(pack, window);
        for (const pack of [CITY, PROVINCE]) {
          const upper = pack === CITY ? country.city : country.province;
          const window = WINDOWS[commands.length % WINDOWS.length]!;
          for (const situation of country.situations) situation.advance(now);
          const at = now - (commands.length % 7) * 86_400_000;
          expectSame(
            frameParts(upper.pastFrame(pack.code, window, at, 3)),
            pastFrame(country.within(pack), pack.code, window, at, now, 3, areas(pack)),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it('shows the newest alerts of all districts, also where two use the same id', () => {
    fc.assert(
      fc.property(
        nowArb,
        fc.array(fc.record({ which: fc.nat(1), id: fc.constantFrom('a', 'b', 'c'), state: stateArb('', 0) })),
        (now, list) => {
          const country = new Country();
          for (const { which, id, state } of list) country.upsert(which, id, moved(state, now), now);
          const frame = country.city.frame('330100', 'all', now, 1);
          expect(Value.Check(FrameSchema, frame)).toBe(true);
          const shown = Object.values(frame.latest)
            .map(({ region, alertId }) => `${region} ${alertId}`)
            .sort();
          expect(shown).toEqual([...country.alerts.keys()].sort());
          // Contract §4: by `region/alertId` here, by `alertId` in a region's own frame; live and in the past.
          const past = country.city.pastFrame('330100', 'all', now, 1);
          for (const { latest } of [frame, past])
            expect(Object.keys(latest)).toEqual(
              Object.values(latest).map(({ region, alertId }) => `${region}/${alertId}`),
            );
          for (const situation of country.situations)
            for (const { latest } of [
              situation.frame(situation.pack.code, 'all', now, 1),
              situation.pastFrame(situation.pack.code, 'all', now, 1),
            ])
              for (const [key, { region, alertId }] of Object.entries(latest))
                expect([key, region]).toEqual([alertId, situation.pack.code]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('has a stamp that differs whenever a frame does', () => {
    fc.assert(
      fc.property(
        nowArb,
        fc.array(fc.record({ which: fc.nat(2), id: fc.constantFrom('a', 'b'), state: stateArb('', 0) }), {
          minLength: 1,
          maxLength: 8,
        }),
        (now, list) => {
          const country = new Country();
          let before = country.city.frame('330100', '30d', now, 1);
          let { stamp } = country.city;
          for (const { which, id, state } of list) {
            country.upsert(which, id, moved(state, now), now);
            const after = country.city.frame('330100', '30d', now, 1);
            const patch = diffMergePatch(before, after);
            if (patch) expect(country.city.stamp).not.toBe(stamp);
            expectSame(applyMergePatch(before, patch ?? {}), after);
            before = after;
            ({ stamp } = country.city);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
