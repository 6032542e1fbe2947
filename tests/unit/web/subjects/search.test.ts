import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANNELS, TIERS } from '../../../../contract/codes.ts';
import { SUBJECT_KINDS as KINDS } from '../../../../contract/signals.ts';
import {
  LAPSED_REASONS as REASONS,
  SUBJECT_SORTS as SORTS,
  SubjectListQuerySchema,
} from '../../../../contract/subjects.ts';
import { LAPSED_REASONS, SUBJECT_KINDS, SUBJECT_SORTS } from '../../../../web/subjects/codes.ts';
import { readSearch, searches, searchParams, searchQuery } from '../../../../web/subjects/search.ts';

const NONE = readSearch({});
const maybe = <T extends string>(...values: readonly T[]) => fc.constantFrom('', ...values);
const search = fc.record({
  q: fc.string({ maxLength: 20 }).map((text) => text.trim()),
  kind: maybe(...KINDS),
  tier: maybe(...TIERS),
  watch: maybe('true', 'false'),
  channel: maybe(...CHANNELS),
  indicator: maybe('water.overdue-days', 'petition.received'),
  scope: maybe('330110', '330110012'),
  cell: maybe('8830e19a39fffff'),
  sort: maybe(...SORTS),
});

describe('what is looked for among the subjects', () => {
  it('stands in the address, and is read back from it', () => {
    fc.assert(
      fc.property(search, (one) => {
        expect(readSearch(searchQuery(one) as Record<string, string>)).toEqual(one);
        const asked = Object.fromEntries(searchParams('330110', one));
        expect(asked).toEqual({
          region: '330110',
          ...Object.fromEntries(Object.entries(one).filter(([, value]) => value !== '')),
        });
        for (const key of Object.keys(asked)) expect(SubjectListQuerySchema.properties).toHaveProperty(key);
      }),
    );
  });

  it('is nothing where the address says what is no filter', () => {
    expect(
      readSearch({
        kind: 'ship',
        tier: 'green',
        watch: 'yes',
        channel: 'x',
        indicator: 'A B',
        scope: '33',
        sort: 'name',
        q: ['a'],
      }),
    ).toEqual(NONE);
    expect(readSearch({ q: 'x'.repeat(300) }).q).toHaveLength(200);
    expect(searches(NONE)).toBe(false);
    expect(searches({ ...NONE, sort: 'workers' })).toBe(false);
    expect(searches({ ...NONE, q: ' 某 ' })).toBe(true);
  });

  it('knows the codes of the contract, all of them', () => {
    expect([SUBJECT_KINDS, SUBJECT_SORTS, LAPSED_REASONS]).toEqual([KINDS, SORTS, REASONS]);
  });
});
