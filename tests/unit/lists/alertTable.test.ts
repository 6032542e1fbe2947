import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertRow } from '../../../server/alerts/row.ts';
import { AlertTable } from '../../../server/lists/alertTable.ts';
import { arbitraryRow, PACK, T0, TOWNS } from './support.ts';

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
