import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertRow } from '../../../server/alerts/row.ts';
import { AlertTable } from '../../../server/lists/alertTable.ts';
import { ALERT_SORTS } from '../../../contract/rest.ts';
import { arbitraryFilter, arbitraryRow, keyOf, naiveMatch, PACK, sortValue, T0, TOWNS } from './support.ts';

const NOW = T0 + 20 * 3_600_000;
const history = fc.array(arbitraryRow, { maxLength: 150 });

/** A table and a plain map that saw the same rows; upkeep as often as `upkeep` says. */
function play(rows: readonly AlertRow[], upkeep = 0): { table: AlertTable; naive: Map<string, AlertRow> } {
  const table = new AlertTable(PACK);
  const naive = new Map<string, AlertRow>();
  if (upkeep % 2 === 1) table.warm();
  rows.forEach((row, i) => {
    expect(table.upsert(row)).toEqual(naive.get(row.alertId));
    naive.set(row.alertId, row);
    if (upkeep > 0 && i % upkeep === 0) table.maintain(i % 7);
  });
  return { table, naive };
}

function byLatest(a: AlertRow, b: AlertRow): number {
  return b.raisedAt - a.raisedAt || (a.alertId < b.alertId ? -1 : a.alertId > b.alertId ? 1 : 0);
}

describe('rows', () => {
  it('come back as they went in, and upsert tells what was before', () => {
    fc.assert(
      fc.property(history, fc.nat(5), (rows, upkeep) => {
        const { table, naive } = play(rows, upkeep);
        expect(table.size).toBe(naive.size);
        for (const row of naive.values()) expect(table.get(row.alertId)).toEqual(row);
        const all: AlertRow[] = [];
        table.forEach((row) => all.push(row));
        expect(all).toEqual([...naive.values()]);
        expect(table.get('no such alert')).toBeUndefined();
      }),
    );
  });
});

describe('latest', () => {
  it('is what sorting all alerts gives, for every scope and moment', () => {
    fc.assert(
      fc.property(
        history,
        fc.nat(5),
        fc.integer({ min: 0, max: 140 }),
        fc.option(fc.integer({ min: 0, max: 41 })),
        (rows, upkeep, n, hour) => {
          const { table, naive } = play(rows, upkeep);
          const at = hour === null ? undefined : T0 + hour * 3_600_000;
          for (const scope of [PACK.code, ...TOWNS]) {
            const expected = [...naive.values()]
              .filter((row) => (scope === PACK.code || row.town === scope) && row.raisedAt <= (at ?? Infinity))
              .sort(byLatest)
              .slice(0, n);
            expect(table.latest(scope, n, at)).toEqual(expected);
          }
        },
      ),
    );
  });
});

describe('query', () => {
  it('finds what a naive search finds, in order, with the exact total, on every page', () => {
    fc.assert(
      fc.property(
        history,
        fc.nat(5),
        arbitraryFilter,
        fc.constantFrom(...ALERT_SORTS),
        fc.integer({ min: 1, max: 40 }),
        (rows, upkeep, filter, sort, limit) => {
          const { table, naive } = play(rows, upkeep);
          const expected = naiveMatch(naive.values(), filter, NOW);
          const seen: AlertRow[] = [];
          let cursor: string | undefined;
          do {
            const page = table.query({ ...filter, sort, limit, ...(cursor === undefined ? {} : { cursor }) }, NOW);
            expect(page.total).toBe(expected.length);
            expect(page.rows.length).toBe(Math.min(limit, expected.length - seen.length));
            seen.push(...page.rows);
            cursor = page.cursor;
          } while (cursor !== undefined);
          const byId = (a: AlertRow, b: AlertRow) => (a.alertId < b.alertId ? -1 : 1);
          expect([...seen].sort(byId)).toEqual(expected.sort(byId));
          const values = seen.map((row) => sortValue(row, sort) * (sort.startsWith('-') ? -1 : 1));
          expect(values).toEqual([...values].sort((a, b) => a - b));
          expect(table.countEnterprises(filter, NOW)).toBe(new Set(expected.map(keyOf)).size);
        },
      ),
      { numRuns: 300 },
    );
  });
});
