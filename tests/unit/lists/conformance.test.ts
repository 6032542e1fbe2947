import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_TERM } from '../../../common/termBounds.ts';
import type { RegionPack } from '../../../contract/region.ts';
import { ALERT_SORTS } from '../../../contract/rest.ts';
import type { RegionRow } from '../../../server/alerts/row.ts';
import type { AlertLists } from '../../../server/lists/alertLists.ts';
import { AlertTable } from '../../../server/lists/alertTable.ts';
import { JoinedLists } from '../../../server/lists/joinedLists.ts';
import { QueryError, type AlertQuery } from '../../../server/lists/query.ts';
import { NaiveLists } from './naiveLists.ts';
import { arbitraryFilter, arbitraryRow, PACK, sortValue, T0, TOWNS } from './support.ts';

/** What every implementation of `AlertLists` must do, asked of each of them: one table, several joined, and the naive one. */

const NOW = T0 + 20 * 3_600_000;
const CITY = '330100';
const DISTRICTS: RegionPack[] = ['330102', '330110', '330127'].map((code) => ({
  ...PACK,
  code,
  towns: PACK.towns.map((town) => ({ ...town, code: code + town.code.slice(6) })),
}));
const townsOf = (pack: RegionPack) => pack.towns.map(({ code }) => code);

interface Implementation {
  /** Of the property; more for what is the heart of the program. */
  runs: number;
  scope: string;
  regions: readonly RegionPack[];
  /** Scopes within it that it answers for. */
  towns: readonly string[];
  make(): { lists: AlertLists; upsert: (row: RegionRow) => void };
}
const table = (upkeep: number): Implementation => ({
  runs: 150,
  scope: PACK.code,
  regions: [PACK],
  towns: townsOf(PACK),
  make() {
    const lists = new AlertTable(PACK);
    if (upkeep > 0) lists.warm();
    return {
      lists,
      upsert(row) {
        lists.upsert(row);
        lists.maintain(upkeep);
      },
    };
  },
});
const naive = (scope: string, regions: readonly RegionPack[], towns: readonly string[]): Implementation => ({
  runs: 20,
  scope,
  regions,
  towns,
  make() {
    const lists = new NaiveLists(
      scope,
      regions.map(({ code }) => code),
      towns,
    );
    return { lists, upsert: (row) => lists.upsert(row) };
  },
});
const IMPLEMENTATIONS: [string, Implementation][] = [
  ['a table without orders', table(0)],
  ['a table with orders', table(3)],
  [
    'joined tables',
    {
      runs: 60,
      scope: CITY,
      regions: DISTRICTS,
      towns: [],
      make() {
        const tables = DISTRICTS.map((pack) => new AlertTable(pack));
        return {
          lists: new JoinedLists(tables),
          upsert: (row) => void tables.find(({ region }) => region === row.region)!.upsert(row),
        };
      },
    },
  ],
  ['naive lists of a region', naive(PACK.code, [PACK], townsOf(PACK))],
  ['naive lists of a city', naive(CITY, DISTRICTS, [])],
];

/** An alert in one of the regions, which number theirs as they like: the same id may be in several. */
const alerts = fc.array(fc.tuple(fc.nat(), arbitraryRow), { maxLength: 130, size: 'max' });
const placed = ({ regions }: Implementation, which: number, row: RegionRow): RegionRow => {
  const region = regions[which % regions.length]!.code;
  return { ...row, region, town: region + row.town.slice(6) };
};
const nameOf = ({ region, alertId }: RegionRow) => `${region} ${alertId}`;

describe.each(IMPLEMENTATIONS)('%s', (_name, implementation) => {
  const { scope, towns, regions, runs } = implementation;

  it('answer every question as the naive ones do, page by page and by jumps', () => {
    fc.assert(
      fc.property(
        alerts,
        arbitraryFilter,
        fc.constantFrom(...ALERT_SORTS),
        fc.integer({ min: 1, max: 40 }),
        (list, filter, sort, limit) => {
          const { lists, upsert } = implementation.make();
          const oracle = naive(scope, regions, towns).make();
          for (const [which, row] of list) {
            const one = placed(implementation, which, row);
            upsert(one);
            oracle.upsert(one);
          }
          // A town where it answers for towns.
          const asked: AlertQuery = { ...filter, scope: towns.includes(filter.scope) ? filter.scope : scope, sort };
          const expected: RegionRow[] = [];
          for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
            const page = oracle.lists.query({ ...asked, limit: 200, ...(cursor === undefined ? {} : { cursor }) }, NOW);
            expected.push(...page.rows);
            cursor = page.cursor;
          }

          const seen: RegionRow[] = [];
          for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
            const page = lists.query({ ...asked, limit, ...(cursor === undefined ? {} : { cursor }) }, NOW);
            expect(page.total).toBe(expected.length);
            expect(page.rows).toHaveLength(Math.min(limit, expected.length - seen.length));
            seen.push(...page.rows);
            cursor = page.cursor;
            expect(cursor !== undefined).toBe(seen.length < expected.length);
          }
          // Which of two with the same value comes first is each one's own affair; all of its reads must agree on it.
          const byName = (a: RegionRow, b: RegionRow) => (nameOf(a) < nameOf(b) ? -1 : 1);
          expect([...seen].sort(byName)).toEqual([...expected].sort(byName));
          expect(seen.map((row) => sortValue(row, sort))).toEqual(expected.map((row) => sortValue(row, sort)));

          const times = (one: AlertLists) => one.supervisions(asked.scope).sort((a, b) => a - b);
          expect(times(lists)).toEqual(times(oracle.lists));

          for (let skip = 0; skip <= expected.length + 1; skip++) {
            const landed = lists.query({ ...asked, limit, skip }, NOW);
            expect(landed.total).toBe(expected.length);
            expect(landed.rows).toEqual(seen.slice(skip, skip + limit));
            expect(landed.cursor !== undefined).toBe(expected.length > skip + limit);
            if (landed.cursor === undefined) continue;
            const after = lists.query({ ...asked, limit, cursor: landed.cursor }, NOW);
            expect(after.rows).toEqual(seen.slice(skip + limit, skip + 2 * limit));
          }
          expect(lists.countEnterprises(asked, NOW)).toBe(oracle.lists.countEnterprises(asked, NOW));
          expect(lists.positionsOutside).toBe(oracle.lists.positionsOutside);
          for (const [, { alertId }] of list)
            for (const { code: region } of [...regions, { code: '999999' }])
              expect(lists.find({ region, alertId })).toEqual(oracle.lists.find({ region, alertId }));
        },
      ),
      { numRuns: runs },
    );
  });

  it.each<[string, Partial<AlertQuery>]>([
    ['a unit', { unit: 'brigade' }],
    ['those supervised', { supervised: true }],
    ['those that are not', { supervised: false }],
    ['a term in the middle', { dueBy: NOW }],
    ['every term', { dueBy: NO_TERM }],
    ['a term after all that there can be', { dueBy: NO_TERM * 2 }],
  ])('answer for %s alone as the naive ones do', (_what, filter) => {
    const { lists, upsert } = implementation.make();
    const oracle = naive(scope, regions, towns).make();
    for (const [which, row] of fc.sample(alerts, { numRuns: 3, seed: 7 }).flat()) {
      const one = placed(implementation, which, row);
      upsert(one);
      oracle.upsert(one);
    }
    const asked: AlertQuery = { ...filter, scope, limit: 200 };
    const [expected, found] = [oracle, { lists }].map((one) => one.lists.query(asked, NOW));
    expect(expected!.total).toBeGreaterThan(0);
    expect(found!.total).toBe(expected!.total);
    expect(found!.rows.map(nameOf).sort()).toEqual(expected!.rows.map(nameOf).sort());
  });

  describe('asked what cannot be answered', () => {
    const { lists, upsert } = implementation.make();
    for (let i = 0; i < 5; i++) {
      upsert({
        region: regions[0]!.code,
        alertId: `YH-${100 + i}`,
        tier: 'red',
        town: regions[0]!.towns[0]!.code,
        industry: 'E',
        channel: 'petition',
        stage: 'raised',
        enterprise: { name: '某公司' },
        workers: 1,
        amountFen: 1,
        raisedAt: T0 + i,
        dueAt: T0,
        recoveredFen: 0,
        changedAt: T0,
      });
    }
    const cursor = lists.query({ scope, limit: 2 }, NOW).cursor!;
    const encoded = (text: string) => Buffer.from(text).toString('base64url');
    const cases: [keyof AlertQuery, AlertQuery][] = [
      ['limit', { scope, limit: 0 }],
      ['limit', { scope, limit: 201 }],
      ['limit', { scope, limit: 1.5 }],
      ['skip', { scope, skip: -1 }],
      ['skip', { scope, skip: 0.5 }],
      ['skip', { scope, skip: 1, cursor }],
      ['sort', { scope, sort: 'name' as 'due' }],
      ['q', { scope, q: 'x'.repeat(1_000_000) }],
      ['h3', { scope, h3: 'zzz' }],
      ['h3', { scope, h3: '8730e1c9fffffff' }],
      ['from', { scope, from: NaN }],
      ['to', { scope, from: 2, to: 1 }],
      ['cursor', { scope, cursor: '' }],
      ['cursor', { scope, cursor: 'x' }],
      ['cursor', { scope, cursor: '!!!' }],
      ['cursor', { scope, cursor: 'a'.repeat(1_000_000) }],
      ['cursor', { scope, cursor: encoded('null') }],
      ['cursor', { scope, cursor: encoded('[1,2,null,"x"]') }],
      ['cursor', { scope, cursor, sort: 'due' }],
      ['cursor', { scope, cursor, tier: ['red'] }],
      ...(towns.length === 0
        ? []
        : ([
            ['scope', { scope: '999999' }],
            ['scope', { scope: '330110999' }],
            ['cursor', { scope: TOWNS[0]!, cursor }],
          ] as [keyof AlertQuery, AlertQuery][])),
    ];
    it.each(cases)('names %s', (parameter, query) => {
      let told: unknown;
      try {
        lists.query(query, NOW);
      } catch (error) {
        told = error;
      }
      expect(told).toBeInstanceOf(QueryError);
      expect((told as QueryError).parameter).toBe(parameter);
    });

    it('takes a cursor with another limit, filters in another order, and a question in other case', () => {
      const narrow: AlertQuery = { scope, tier: ['red', 'blue'], limit: 2, q: ' YH ' };
      const page = lists.query(narrow, NOW);
      const rest = lists.query(
        { ...narrow, tier: ['blue', 'red', 'red'], q: 'yh', limit: 50, cursor: page.cursor! },
        NOW,
      );
      expect([...page.rows, ...rest.rows].map((row) => row.alertId)).toEqual([
        'YH-104',
        'YH-103',
        'YH-102',
        'YH-101',
        'YH-100',
      ]);
      expect(rest.cursor).toBeUndefined();
    });
  });
});
