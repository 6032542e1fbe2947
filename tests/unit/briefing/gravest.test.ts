import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TIERS } from '../../../contract/codes.ts';
import { DAY_MS, floorTo, isoDate } from '../../../common/regionTime.ts';
import { NO_TERM } from '../../../common/termBounds.ts';
import { AlertTable } from '../../../server/lists/alertTable.ts';
import { gravestOf } from '../../../server/briefing/gravest.ts';
import { outlookOf } from '../../../server/briefing/outlook.ts';
import { arbitraryRow, PACK, T0 } from '../lists/support.ts';

/** Against a plain sort, and a plain count, of all rows. */
const rowsOf = (seed: number, n: number) => {
  const rows = new Map(fc.sample(arbitraryRow, { numRuns: n, seed }).map((row) => [row.alertId, row]));
  return [...rows.values()];
};

it.each([1, 2, 3, 4, 5])('the gravest are those of a plain sort (%s)', (seed) => {
  const rows = rowsOf(seed, 900);
  const table = new AlertTable(PACK);
  for (const row of rows) table.upsert(row);
  const expected = rows
    .filter(({ stage }) => stage !== 'closed')
    .sort(
      (a, b) =>
        TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier) ||
        a.dueAt - b.dueAt ||
        b.amountFen - a.amountFen ||
        (a.alertId < b.alertId ? -1 : 1),
    )
    .slice(0, 6);
  expect(gravestOf(table, PACK.code, TIERS, T0).map(({ alertId }) => alertId)).toEqual(
    expected.map(({ alertId }) => alertId),
  );
});

it.each([1, 2, 3])('what becomes due is counted by day and tier (%s)', (seed) => {
  const rows = rowsOf(seed, 600);
  const table = new AlertTable(PACK);
  for (const row of rows) table.upsert(row);
  const today = floorTo(T0, DAY_MS);
  const expected = Array.from({ length: 7 }, (_, i) => ({
    day: isoDate(today + i * DAY_MS),
    tiers: Object.fromEntries(
      TIERS.map((tier) => [
        tier,
        rows.filter(
          (row) =>
            row.tier === tier &&
            row.stage !== 'closed' &&
            row.dueAt !== NO_TERM &&
            row.dueAt > Math.max(T0, i === 0 ? T0 : today + i * DAY_MS) &&
            row.dueAt <= today + (i + 1) * DAY_MS,
        ).length,
      ]),
    ),
  }));
  expect(outlookOf(table, PACK.code, TIERS, T0)).toEqual(expected);
});
