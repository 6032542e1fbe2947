import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CHANNELS, INDUSTRIES, STAGES, TIERS, WINDOWS, type WindowName } from '../../../../contract/codes.ts';
import type { Frame, Row } from '../../../../contract/frame.ts';
import { toRow } from '../../../../server/alerts/row.ts';
import type { AlertState } from '../../../../server/alerts/state.ts';
import { AlertTable } from '../../../../server/lists/alertTable.ts';
import type { SortOrder } from '../../../../server/lists/query.ts';
import { alertQuery } from '../../../../server/views/alerts/alertFilter.ts';
import { NO_FILTER, openingOf, toParams, type DrillFilter } from '../../../../web/drill/query.ts';
import { amountOf, countOf, liveCount } from '../../../../web/drill/wallFigure.ts';
import { FIGURES } from '../../../../web/panels/figures.ts';
import type { DrillTarget } from '../../../../web/panels/types.ts';
import { nowArb, stateArb } from '../../aggregations/support/arbitrary.ts';
import { PACK, TOWNS } from '../../aggregations/support/pack.ts';
import { World } from '../../aggregations/support/world.ts';

/** A query as the server reads it from the URL. */
function served(params: URLSearchParams, now: number) {
  const filter: Record<string, unknown> = {};
  for (const key of new Set(params.keys())) {
    if (key === 'sort') continue;
    const all = params.getAll(key);
    filter[key] = ['tier', 'stage', 'industry', 'channel', 'verdict'].includes(key)
      ? all
      : all[0] === 'true'
        ? true
        : all[0];
  }
  return {
    ...alertQuery(filter, { defaultScope: PACK.code, view: 'full', now }),
    sort: params.get('sort') as SortOrder,
  };
}
const audited = (row: Row | undefined) => (row ? row.effective + row.falseAlarm : 0);

/** Everything on the wall that can be pressed, with the number of alerts it shows; `enterprises` where it counts those. */
function pressable(frame: Frame): { target: DrillTarget; slot: string; shown: number; of?: 'enterprises' }[] {
  const all: ReturnType<typeof pressable> = [];
  for (const [code, row] of Object.entries(frame.byTier)) {
    all.push({ target: { kind: 'tier', code }, slot: 'tiers', shown: row.open });
    all.push({ target: { kind: 'tier', code, figure: 'raised' }, slot: 'trend', shown: row.raised });
    all.push({ target: { kind: 'tier', code, figure: 'successRate' }, slot: 'successRate', shown: audited(row) });
  }
  for (const code of INDUSTRIES)
    all.push({ target: { kind: 'industry', code }, slot: 'industries', shown: frame.byIndustry[code]?.raised ?? 0 });
  for (const code of CHANNELS) {
    all.push({ target: { kind: 'channel', code }, slot: 'sources', shown: frame.byChannel[code]?.raised ?? 0 });
    all.push({
      target: { kind: 'channel', code, figure: 'successRate' },
      slot: 'successRate',
      shown: audited(frame.byChannel[code]),
    });
  }
  for (const code of STAGES)
    all.push({ target: { kind: 'stage', code }, slot: 'stages', shown: frame.byStage?.[code] ?? 0 });
  for (const [code, row] of Object.entries(frame.byTown)) {
    for (const slot of ['towns', 'map'] as const) all.push({ target: { kind: 'town', code }, slot, shown: row.open });
  }
  for (const [code, n] of Object.entries(frame.heat))
    all.push({ target: { kind: 'cell', code }, slot: 'map', shown: n });
  const headline = (code: string, shown: number, slot = 'headline') => ({
    target: { kind: 'headline' as const, code },
    slot,
    shown,
  });
  all.push(headline('raised', frame.totals.raised), headline('successRate', audited(frame.totals)));
  all.push(
    headline('overdue', frame.totals.overdue ?? 0),
    headline('dueToday', frame.totals.dueToday ?? 0),
    headline('open', frame.totals.open),
    headline('closed', frame.totals.closed, 'stages'),
  );
  all.push({ ...headline('enterprisesPaid', frame.totals.enterprisesPaid), of: 'enterprises' });
  return all;
}

const statesArb = (now: number, maxLength: number) =>
  fc.array(
    fc.nat(20).chain((i) => stateArb(`a${i}`, now)),
    { minLength: 1, maxLength },
  );

/** The same alerts as a wall's figures and as a table's lists. */
function both(states: readonly AlertState[], now: number): { world: World; table: AlertTable } {
  const world = new World();
  const table = new AlertTable(PACK);
  for (const state of states) {
    world.upsert(state, now);
    table.upsert(toRow(state));
  }
  return { world, table };
}

it('a pressed figure is the total of the list it opens, for everything on the wall, in every window and scope', () => {
  const worldArb = nowArb.chain((now) =>
    fc.tuple(
      fc.constant(now),
      statesArb(now, 20),
      fc.constantFrom<WindowName>(...WINDOWS),
      fc.constantFrom(PACK.code, ...TOWNS.slice(0, 2)),
    ),
  );
  let pressed = 0;
  let some = 0;
  fc.assert(
    fc.property(worldArb, ([now, states, window, scope]) => {
      const { world, table } = both(states, now);
      world.gauges.advance(now);
      const frame = world.frame(scope, window, now);
      const regionFrame = world.frame(PACK.code, window, now);
      for (const { target, slot, shown, of } of pressable(frame)) {
        const opening = openingOf(target);
        if ('alert' in opening) throw new Error('not a list');
        const query = served(toParams(opening.filter, opening.scope ?? scope, window), now);
        const answer = table.query(query, now);
        const total = of === 'enterprises' ? table.countEnterprises(query, now) : answer.total;
        expect(total, `${slot} ${target.kind} ${target.code} ${scope} ${window}`).toBe(shown);
        if (of !== 'enterprises') expect(answer.rows.length).toBe(Math.min(50, shown));
        // What stands over the list before it has been read, and from then on.
        const said =
          of === 'enterprises'
            ? amountOf(opening.filter, frame)
            : liveCount(opening.filter, opening.scope ?? scope, window, { frame, regionFrame });
        expect(said, `${slot} ${target.kind} ${target.code} ${scope} ${window}`).toBe(shown);
        pressed++;
        if (shown > 0) some++;
      }
    }),
    { numRuns: 120 },
  );
  expect(pressed).toBeGreaterThan(5_000);
  expect(some).toBeGreaterThan(500);
});

it('the money and the people of a list are those of the alerts in it', () => {
  const worldArb = nowArb.chain((now) => fc.tuple(fc.constant(now), statesArb(now, 12)));
  fc.assert(
    fc.property(worldArb, ([now, states]) => {
      const { world, table } = both(states, now);
      // Of all time, so that every recovery of every listed alert counts.
      const frame = world.frame(PACK.code, 'all', now);
      const opening = openingOf({ kind: 'headline', code: 'recoveredFen' }) as { filter: DrillFilter };
      const { rows } = table.query(served(toParams(opening.filter, PACK.code, 'all'), now), now);
      expect(rows.reduce((sum, row) => sum + row.recoveredFen, 0)).toBe(frame.totals.recoveredFen);
      expect(rows.flatMap((row) => row.recoveries ?? []).reduce((sum, [, , workers]) => sum + workers, 0)).toBe(
        frame.totals.recoveredWorkers,
      );
    }),
    { numRuns: 60 },
  );
});

it('what the wall says of a list, whatever its filters, is the number of alerts in it', () => {
  const some = <T>(values: readonly T[]) =>
    fc.oneof(
      { weight: 3, arbitrary: fc.constant<T[]>([]) },
      { weight: 1, arbitrary: fc.subarray([...values], { minLength: 1 }) },
    );
  const filterArb: fc.Arbitrary<DrillFilter> = fc.record({
    figure: fc.constantFrom(...FIGURES),
    tier: some(TIERS),
    stage: some(STAGES),
    industry: some(INDUSTRIES.slice(0, 6)),
    channel: some(CHANNELS.slice(0, 6)),
    verdict: some(['effective', 'false-alarm'] as const),
    h3: fc.constant(''),
    uscc: fc.constant(''),
    q: fc.constantFrom('', '', '建'),
    sort: fc.constant(NO_FILTER.sort),
  });
  const worldArb = nowArb.chain((now) =>
    fc.tuple(
      fc.constant(now),
      statesArb(now, 20),
      fc.constantFrom<WindowName>(...WINDOWS),
      fc.array(filterArb, { minLength: 40, maxLength: 40 }),
    ),
  );
  let said = 0;
  fc.assert(
    fc.property(worldArb, ([now, states, window, filters]) => {
      const { world, table } = both(states, now);
      world.gauges.advance(now);
      const frame = world.frame(PACK.code, window, now);
      for (const filter of filters) {
        const count = countOf(filter, frame);
        if (count === undefined) continue;
        expect(count, JSON.stringify(filter)).toBe(
          table.query(served(toParams(filter, PACK.code, window), now), now).total,
        );
        said++;
      }
    }),
    { numRuns: 80 },
  );
  expect(said).toBeGreaterThan(300);
});
