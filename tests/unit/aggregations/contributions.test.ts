import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MEASURES } from '../../../contract/codes.ts';
import { IncrementSum } from '../../../server/aggregations/contributions.ts';
import type { Increments } from '../../../server/aggregations/increments.ts';
import type { AlertState } from '../../../server/alerts/state.ts';
import { stateArb } from './support/arbitrary.ts';
import { minuteOf } from './support/civilTime.ts';
import { factsOf } from './support/oracle.ts';
import { expectSame } from './support/same.ts';

const NOW = Date.parse('2026-11-21T10:24:07.123Z');
const sorted = (entries: [string, number][]) =>
  new Map(entries.filter(([, n]) => n !== 0).sort(([a], [b]) => (a < b ? -1 : 1)));

function flat({ cells, heat, paid }: Increments): Map<string, number> {
  return sorted([
    ...cells.flatMap(([cell, minute, values]) =>
      values.map((n, i) => [`${cell} ${minute} ${MEASURES[i]}`, n] as [string, number]),
    ),
    ...heat.map(([town, h3, minute, n]) => [`heat ${town} ${h3} ${minute}`, n] as [string, number]),
    ...paid.map(([town, by, minute, n]) => [`paid ${town} ${by} ${minute}`, n] as [string, number]),
  ]);
}

function expected(plus: AlertState[], minus: AlertState[]): Map<string, number> {
  const sums = new Map<string, number>();
  const add = (key: string, n: number) => sums.set(key, (sums.get(key) ?? 0) + n);
  for (const [alerts, sign] of [
    [plus, 1],
    [minus, -1],
  ] as const) {
    for (const { t, tier, town, industry, channel, values, h3, paidBy } of factsOf(alerts)) {
      const minute = minuteOf(t);
      for (const [measure, n] of Object.entries(values))
        add(`${tier}|${town}|${industry}|${channel} ${minute} ${measure}`, sign * n);
      if (h3) add(`heat ${town} ${h3} ${minute}`, sign);
      if (paidBy) add(`paid ${town} ${paidBy} ${minute}`, sign);
    }
  }
  return sorted([...sums]);
}

const alertsArb = fc.array(stateArb('a', NOW), { maxLength: 5 });

describe('contributions', () => {
  it('are those of contract §2, signed and netted', () => {
    fc.assert(
      fc.property(alertsArb, alertsArb, (plus, minus) => {
        const sum = new IncrementSum();
        for (const state of minus) sum.add(state, -1);
        for (const state of plus) sum.add(state, 1);
        const increments = sum.take();
        expectSame(flat(increments), expected(plus, minus));
        for (const [, , values] of increments.cells) expect(values.some((n) => n !== 0)).toBe(true);
        for (const entry of [...increments.heat, ...increments.paid]) expect(entry[3]).not.toBe(0);
        const keys = increments.cells.map(([cell, minute]) => `${cell} ${minute}`);
        expect(new Set(keys).size).toBe(keys.length);
      }),
      { numRuns: 300 },
    );
  });

  it('are the difference between before and after, whatever has changed', () => {
    const partArb = fc.constantFrom(
      'facts',
      'raisedAt',
      'verdict',
      'closing',
      'recoveries',
      'location',
      'workers',
      'enterprise',
    );
    const pairArb = fc
      .tuple(stateArb('a', NOW), stateArb('a', NOW), fc.uniqueArray(partArb, { maxLength: 3 }))
      .map(([before, other, parts]) => {
        const after = structuredClone(before);
        const take = <K extends keyof AlertState>(from: AlertState, ...keys: K[]) => {
          for (const key of keys) {
            if (from[key] === undefined) delete after[key];
            else after[key] = from[key];
          }
        };
        if (parts.includes('facts')) after.facts = other.facts;
        if (parts.includes('raisedAt')) take(other, 'raisedAt');
        if (parts.includes('verdict')) take(other, 'verdict', 'verdictAt');
        if (parts.includes('closing')) take(other, 'stage', 'closedAt');
        if (parts.includes('recoveries')) take(other, 'recoveries');
        if (parts.includes('workers')) after.facts = { ...after.facts, workers: other.facts.workers };
        if (parts.includes('enterprise')) after.facts = { ...after.facts, enterprise: other.facts.enterprise };
        if (parts.includes('location')) after.facts = { ...after.facts, location: { lng: 120.3, lat: 30.2 } };
        return [before, after] as const;
      });
    fc.assert(
      fc.property(fc.array(pairArb, { minLength: 1, maxLength: 4 }), (pairs) => {
        const sum = new IncrementSum();
        for (const [before, after] of pairs) {
          sum.add(before, -1);
          sum.add(after, 1);
        }
        expectSame(
          flat(sum.take()),
          expected(
            pairs.map(([, after]) => after),
            pairs.map(([before]) => before),
          ),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('are nothing when an alert stays as it is', () => {
    fc.assert(
      fc.property(stateArb('a', NOW), (state) => {
        const sum = new IncrementSum();
        sum.add(state, -1);
        sum.add(structuredClone(state), 1);
        expect(sum.take()).toStrictEqual({ cells: [], heat: [], paid: [] });
      }),
      { numRuns: 100 },
    );
  });

  it('begin anew after each take', () => {
    const [state] = fc.sample(stateArb('a', NOW), { numRuns: 1, seed: 3 });
    const sum = new IncrementSum();
    sum.add(state!, 1);
    const first = sum.take();
    expect(sum.take()).toStrictEqual({ cells: [], heat: [], paid: [] });
    sum.add(state!, 1);
    expect(sum.take()).toStrictEqual(first);
  });

  it('count a late close before its raising with negative time, and keep big money exact', () => {
    const sum = new IncrementSum();
    const base: AlertState = {
      alertId: 'a',
      raisedAt: NOW,
      stage: 'closed',
      closedAt: NOW - 60_000,
      dueAt: NOW,
      changedAt: NOW,
      conflicts: 0,
      stageAt: 0,
      stageEvent: '',
      stageSource: '',
      termFrom: 0,
      namedDueAt: NaN,
      recoveries: [
        { at: NOW, amountFen: 1_000_000_000_000, workers: 1 },
        { at: NOW, amountFen: 999_999_999_999, workers: 1 },
      ],
      facts: {
        tier: 'red',
        town: '330110001',
        industry: 'E',
        channel: 'water',
        enterprise: { name: '甲' },
        workers: 3,
        amountFen: 1_000_000_000_000,
      },
    };
    sum.add(base, 1);
    const minute = minuteOf(NOW);
    expect(sum.take()).toStrictEqual({
      cells: [
        ['red|330110001|E|water', minute, [1, 3, 1_000_000_000_000, 0, 0, 1_999_999_999_999, 2, 0, 0]],
        ['red|330110001|E|water', minute - 60_000, [0, 0, 0, 0, 0, 0, 0, 1, -60_000]],
      ],
      heat: [],
      paid: [['330110001', '甲', minute, 2]],
    });
  });
});
