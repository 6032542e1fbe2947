import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertRow } from '../../../server/alerts/row.ts';
import { AlertTable } from '../../../server/lists/alertTable.ts';
import { ALERT_SORTS } from '../../../contract/rest.ts';
import { QueryError, type AlertQuery } from '../../../server/lists/query.ts';
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

describe('what cannot be answered', () => {
  const table = new AlertTable(PACK);
  for (let i = 0; i < 5; i++) {
    table.upsert({
      alertId: `YH-${100 + i}`,
      tier: 'red',
      town: PACK.towns[0]!.code,
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
  const scope = PACK.code;
  const cursor = table.query({ scope, limit: 2 }, NOW).cursor!;
  const cases: [keyof AlertQuery, AlertQuery][] = [
    ['scope', { scope: '999999' }],
    ['scope', { scope: '330110999' }],
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
    ['cursor', { scope, cursor: Buffer.from('null').toString('base64url') }],
    ['cursor', { scope, cursor: Buffer.from('[1,2,null,"x"]').toString('base64url') }],
    ['cursor', { scope, cursor, sort: 'due' }],
    ['cursor', { scope, cursor, tier: ['red'] }],
    ['cursor', { scope: PACK.towns[0]!.code, cursor }],
  ];
  it.each(cases)('names %s', (parameter, query) => {
    expect(() => table.query(query, NOW)).toThrow(QueryError);
    try {
      table.query(query, NOW);
    } catch (error) {
      expect((error as QueryError).parameter).toBe(parameter);
    }
  });

  it('takes a cursor with another limit, filters in another order, and after its alert has changed', () => {
    const narrow: AlertQuery = { scope, tier: ['red', 'blue'], limit: 2, q: ' YH ' };
    const page = table.query(narrow, NOW);
    const rest = table.query(
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
