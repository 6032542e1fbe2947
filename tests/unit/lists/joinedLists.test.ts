import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RegionPack } from '../../../contract/region.ts';
import { ALERT_SORTS } from '../../../contract/rest.ts';
import type { AlertRow } from '../../../server/alerts/row.ts';
import { AlertTable } from '../../../server/lists/alertTable.ts';
import { JoinedLists } from '../../../server/lists/joinedLists.ts';
import { arbitraryFilter, arbitraryRow, keyOf, naiveMatch, PACK, sortValue, T0, TOWNS } from './support.ts';

const nameOf = ({ town, alertId }: AlertRow) => `${town.slice(0, 6)} ${alertId}`;
const NOW = T0 + 20 * 3_600_000;
const CITY = '330100';
const PACKS: RegionPack[] = ['330102', '330110', '330127'].map((code) => ({
  ...PACK,
  code,
  towns: PACK.towns.map((town) => ({ ...town, code: code + town.code.slice(6) })),
}));

describe('the lists of a city', () => {
  it('are those of its districts as one: every page, every jump, the total and the enterprises', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(2), arbitraryRow), { maxLength: 120, size: 'max' }),
        arbitraryFilter,
        fc.constantFrom(...ALERT_SORTS),
        fc.integer({ min: 1, max: 7 }),
        fc.nat(130),
        (alerts, filter, sort, limit, skip) => {
          const tables = PACKS.map((pack) => new AlertTable(pack));
          const lists = new JoinedLists(tables);
          const known = new Map<string, AlertRow>();
          for (const [which, row] of alerts) {
            const { code } = PACKS[which]!;
            // Districts number alerts as they like, so the same id may be in several.
            const here = { ...row, region: code, town: code + row.town.slice(6) };
            tables[which]!.upsert(here);
            known.set(nameOf(here), here);
          }
          const query = { ...filter, scope: CITY, sort };
          // Which of two equal ones comes first is the table's own affair: all reads must agree on it.
          const sign = sort.startsWith('-') ? -1 : 1;
          // The city's own scope: every town of all districts.
          const expected = [...known]
            .filter(
              ([, row]) =>
                [...naiveMatch([{ ...row, town: TOWNS[0]! }], { ...filter, scope: PACK.code }, NOW)].length > 0,
            )
            .map(([id, row]) => ({ value: sign * sortValue(row, sort), id }));

          const paged: string[] = [];
          let cursor: string | undefined;
          do {
            const page = lists.query({ ...query, limit, ...(cursor === undefined ? {} : { cursor }) }, NOW);
            expect(page.total).toBe(expected.length);
            paged.push(...page.rows.map(nameOf));
            cursor = page.cursor;
          } while (cursor !== undefined);
          expect([...paged].sort()).toEqual(expected.map(({ id }) => id).sort());
          const valueOf = new Map(expected.map(({ id, value }) => [id, value]));
          expect(paged.map((id) => valueOf.get(id))).toEqual(expected.map(({ value }) => value).sort((a, b) => a - b));

          for (let first = 0; first <= expected.length + 1; first++) {
            const landed = lists.query({ ...query, limit, skip: first }, NOW);
            expect(landed.total).toBe(expected.length);
            expect(landed.rows.map(nameOf)).toEqual(paged.slice(first, first + limit));
            expect(landed.cursor !== undefined).toBe(expected.length > first + limit);
          }
          const landed = lists.query({ ...query, limit, skip }, NOW);
          if (landed.cursor !== undefined) {
            const after = lists.query({ ...query, limit, cursor: landed.cursor }, NOW);
            expect(after.rows.map(nameOf)).toEqual(paged.slice(skip + limit, skip + 2 * limit));
          }
          const enterprises = new Set(paged.map((id) => keyOf(known.get(id)!)));
          expect(lists.positionsOutside).toBe([...known.values()].filter((row) => row.positionOutside).length);
          expect(lists.countEnterprises(query, NOW)).toBe(enterprises.size);
          for (const row of known.values()) {
            const region = row.town.slice(0, 6);
            // Each district's own, where several have the id.
            expect(lists.find({ region, alertId: row.alertId })).toEqual(row);
          }
          expect(lists.find({ region: '999999', alertId: [...known.values()][0]?.alertId ?? '' })).toBeUndefined();
        },
      ),
      { numRuns: 25 },
    );
  });

  it('take either a cursor or a number of alerts to begin after', () => {
    const lists = new JoinedLists(PACKS.map((pack) => new AlertTable(pack)));
    expect(() => lists.query({ scope: CITY, skip: 3, cursor: 'x' }, NOW)).toThrow(
      /a cursor says already where to begin/,
    );
    for (const wrong of [{ skip: -1 }, { skip: 0.5 }, { skip: 3, limit: 0 }, { skip: 3, limit: 201 }])
      expect(() => lists.query({ scope: CITY, ...wrong }, NOW), JSON.stringify(wrong)).toThrow(/not a/);
  });
});
