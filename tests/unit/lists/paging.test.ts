import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertRow } from '../../../server/alerts/row.ts';
import { AlertTable } from '../../../server/lists/alertTable.ts';
import { ALERT_SORTS } from '../../../contract/rest.ts';
import { arbitraryFilter, arbitraryRow, naiveMatch, PACK, sortValue, T0 } from './support.ts';

const NOW = T0 + 20 * 3_600_000;

describe('paging while alerts arrive and change', () => {
  it('shows no alert twice, and misses none that matched all the time and kept its sort value', () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryRow, { minLength: 20, maxLength: 120 }),
        fc.array(fc.array(arbitraryRow, { maxLength: 6 }), { minLength: 40, maxLength: 40 }),
        arbitraryFilter,
        fc.constantFrom(...ALERT_SORTS),
        fc.integer({ min: 1, max: 12 }),
        (first, batches, filter, sort, limit) => {
          const table = new AlertTable(PACK);
          const naive = new Map<string, AlertRow>();
          const put = (row: AlertRow) => {
            table.upsert(row);
            naive.set(row.alertId, row);
          };
          first.forEach(put);
          // Alerts that matched all the time, with the value they had at first.
          let steady = new Map(
            naiveMatch(naive.values(), filter, NOW).map((row) => [row.alertId, sortValue(row, sort)]),
          );
          const shown = new Map<string, number>();
          const changed = new Set<string>();
          let cursor: string | undefined;
          for (let page = 0; ; page++) {
            const answer = table.query({ ...filter, sort, limit, ...(cursor === undefined ? {} : { cursor }) }, NOW);
            const matching = naiveMatch(naive.values(), filter, NOW);
            expect(answer.total).toBe(matching.length);
            for (const row of answer.rows) {
              expect(naive.get(row.alertId)).toEqual(row);
              // Seen again only if its own change moved it behind the page.
              if (shown.has(row.alertId)) expect(changed.has(row.alertId)).toBe(true);
              shown.set(row.alertId, sortValue(row, sort));
            }
            cursor = answer.cursor;
            if (cursor === undefined) break;
            for (const row of batches[page] ?? []) {
              const before = naive.get(row.alertId);
              if (before && sortValue(before, sort) !== sortValue(row, sort)) changed.add(row.alertId);
              put(row);
            }
            const still = new Map(
              naiveMatch(naive.values(), filter, NOW).map((row) => [row.alertId, sortValue(row, sort)]),
            );
            steady = new Map([...steady].filter(([id, value]) => still.get(id) === value));
          }
          expect([...steady.keys()].filter((id) => !shown.has(id))).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });
});
