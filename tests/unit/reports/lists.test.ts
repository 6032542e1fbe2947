import fc from 'fast-check';
import { expect, it } from 'vitest';
import { toRfc3339 } from '../../../common/regionTime.ts';
import { toBrief, type RegionRow } from '../../../server/alerts/row.ts';
import { AlertTable } from '../../../server/lists/alertTable.ts';
import type { RegionView } from '../../../server/region/region.ts';
import { decodeLists, digestOf, encodeLists, situationLists } from '../../../server/reports/frozenLists.ts';
import { arbitraryRow, PACK, T0, TOWNS } from '../lists/support.ts';

const HOUR = 3_600_000;

it('has of any span what stood open at its end, though much of it has been closed since, as it is written and read', async () => {
  const now = T0 + 41 * HOUR;
  await fc.assert(
    fc.asyncProperty(
      fc.array(arbitraryRow, { maxLength: 150 }),
      fc.integer({ min: 1, max: 41 }),
      fc.constantFrom(PACK.code, TOWNS[0]!),
      async (rows, hour, scope) => {
        const table = new AlertTable(PACK);
        const known = new Map<string, RegionRow>();
        for (const row of rows) {
          table.upsert(row);
          known.set(row.alertId, row);
        }
        const to = T0 + hour * HOUR;
        const lists = situationLists(
          { lists: table, pack: PACK } as unknown as RegionView,
          scope,
          { from: T0, to },
          now,
        );
        const file = await encodeLists({ at: toRfc3339(now), lists });
        const read = await decodeLists(file, digestOf(file));
        const inScope = [...known.values()].filter(({ town }) => scope === PACK.code || town === scope);
        const open = inScope
          .filter(({ raisedAt, closedAt = Infinity }) => raisedAt < to && closedAt >= to)
          .sort((a, b) => b.raisedAt - a.raisedAt || (a.alertId < b.alertId ? -1 : 1));
        expect(read.lists.open).toEqual({
          total: open.length,
          items: JSON.parse(JSON.stringify(open.map((row) => ({ alert: toBrief(row, now) })))) as unknown,
        });
        expect(read.lists.raised!.total).toBe(inScope.filter(({ raisedAt }) => raisedAt < to).length);
        expect(Object.keys(read)).toEqual(['version', 'at', 'lists']);
      },
    ),
    { numRuns: 60 },
  );
});
