import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALERT_SORTS } from '../../../contract/rest.ts';
import type { AlertRow } from '../../../server/alerts/row.ts';
import { AlertTable } from '../../../server/lists/alertTable.ts';
import { arbitraryFilter, arbitraryRow, naiveMatch, PACK, sortValue, T0 } from './support.ts';

/** Enough alerts for several zones and fences, and enough changes for many compactions on the way. */
const ALERTS = 5000;
const CHANGES = 14_000;
const NOW = T0 + 20 * 3_600_000;

describe('a larger table', () => {
  it('answers rightly while it changes and its orders are merged', () => {
    const patterns = fc.sample(arbitraryRow, { numRuns: 300, seed: 3 });
    const filters = fc.sample(arbitraryFilter, { numRuns: 60, seed: 4 });
    let random = 5;
    const next = (limit: number) => (random = (Math.imul(random, 1664525) + 1013904223) >>> 0) % limit;
    const table = new AlertTable(PACK);
    const naive = new Map<string, AlertRow>();
    const put = () => {
      const n = next(ALERTS);
      const pattern = patterns[next(patterns.length)]!;
      // Late arrivals among them: time follows the number, numbers come in any order.
      const row = {
        ...pattern,
        alertId:
          n % 17 === 0
            ? `uuid-${((n * 2654435761) % 4294967296).toString(16)}-x`
            : `YH-2026-${String(n).padStart(6, '0')}`,
        raisedAt: T0 + (n >> 3) * 1000 + (next(50) === 0 ? next(1_000_000) : 0),
        changedAt: pattern.changedAt + next(1000),
      };
      expect(table.upsert(row)).toEqual(naive.get(row.alertId));
      naive.set(row.alertId, row);
    };
    let question = 0;
    for (let i = 0; i < CHANGES; i++) {
      put();
      if (i % 500 !== 499) continue;
      const filter = filters[question % filters.length]!;
      const sort = ALERT_SORTS[question++ % ALERT_SORTS.length]!;
      const expected = naiveMatch(naive.values(), filter, NOW);
      const sign = sort.startsWith('-') ? -1 : 1;
      const values = expected.map((row) => sign * sortValue(row, sort)).sort((a, b) => a - b);
      const seen = new Set<string>();
      let cursor: string | undefined;
      do {
        const page = table.query({ ...filter, sort, limit: 200, ...(cursor === undefined ? {} : { cursor }) }, NOW);
        expect(page.total).toBe(expected.length);
        for (const row of page.rows) {
          expect(sign * sortValue(row, sort)).toBe(values[seen.size]);
          seen.add(row.alertId);
        }
        cursor = page.cursor;
      } while (cursor !== undefined);
      expect(seen.size).toBe(expected.length);
      // A jump lands on what paging would have shown there.
      const skip = expected.length === 0 ? 0 : next(expected.length + 10);
      const landed = table.query({ ...filter, sort, skip, limit: 50 }, NOW);
      expect(landed.rows.map((row) => row.alertId)).toEqual([...seen].slice(skip, skip + 50));
      expect(landed.cursor !== undefined).toBe(expected.length > skip + 50);
      // Most of all alerts at once, where blocks of the order are passed over.
      const many = { scope: PACK.code, sort, ...(question % 2 ? {} : { open: true }) };
      const order: string[] = [];
      for (
        let page = table.query({ ...many, limit: 200 }, NOW);
        ;
        page = table.query({ ...many, limit: 200, cursor: page.cursor }, NOW)
      ) {
        order.push(...page.rows.map((row) => row.alertId));
        if (page.cursor === undefined) break;
      }
      for (let jump = 0; jump < 8; jump++) {
        const far = next(order.length + 1);
        expect(table.query({ ...many, skip: far, limit: 50 }, NOW).rows.map((row) => row.alertId)).toEqual(
          order.slice(far, far + 50),
        );
      }
      const latest = [...naive.values()]
        .filter((row) => filter.scope === PACK.code || row.town === filter.scope)
        .sort((a, b) => b.raisedAt - a.raisedAt || (a.alertId < b.alertId ? -1 : 1));
      expect(table.latest(filter.scope).map((row) => row.alertId)).toEqual(
        latest.slice(0, 50).map((row) => row.alertId),
      );
      const at = T0 + next(ALERTS >> 3) * 1000;
      expect(table.latest(filter.scope, 20, at).map((row) => row.alertId)).toEqual(
        latest
          .filter((row) => row.raisedAt <= at)
          .slice(0, 20)
          .map((row) => row.alertId),
      );
    }
  });
});
