import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STAGES, TIERS } from '../../../../contract/codes.ts';
import type { FilterQuery } from '../../../../contract/deskFilters.ts';
import { DUE, filterText, isSame, nameFault, readFilter } from '../../../../web/desk/filters.ts';
import { groupEnds, paramsOf } from '../../../../web/desk/lists.ts';

const filters = fc.record(
  {
    town: fc.constantFrom('330110010', '330110001'),
    tier: fc.uniqueArray(fc.constantFrom(...TIERS), { minLength: 1 }),
    unit: fc.constantFrom('brigade', 'town-1'),
    stage: fc.uniqueArray(fc.constantFrom(...STAGES), { minLength: 1 }),
    due: fc.constantFrom(...DUE),
    supervised: fc.constant(true),
    q: fc.constantFrom('某店', 'SG-1'),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<FilterQuery>;
const officer = { role: 'officer', scope: '330110' } as const;

describe('a filter of the desk', () => {
  it('is read from the URL as it was written, whatever the order of its values', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const back = readFilter(filterText(filter));
        expect(filterText(back)).toBe(filterText(filter));
        const turned = {
          ...filter,
          ...(filter.tier ? { tier: [...filter.tier].reverse() } : {}),
          ...(filter.stage ? { stage: [...filter.stage].reverse() } : {}),
        };
        expect(isSame({ list: 'open', query: filter }, { list: 'open', query: turned })).toBe(true);
      }),
    );
    expect(filterText({})).toBeUndefined();
  });

  it('from elsewhere leaves out what is not understood', () => {
    for (const json of [undefined, '', 'x', 'null', '[1]', '"a"', '{"tier":"red","town":5,"due":"never","x":1}'])
      expect(readFilter(json)).toEqual({});
    expect(readFilter('{"tier":["red","green"],"stage":[1],"supervised":"yes","q":" 某 "}')).toEqual({
      tier: ['red'],
      q: '某',
    });
  });

  it('narrows a list, and never widens it', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        const now = Date.parse('2026-11-26T10:00:00+08:00');
        const params = paramsOf('mine', officer, '', filter, now);
        const own = new Set(['raised', 'handled', 'audited']);
        const stages = params.getAll('stage');
        expect(params.get('open')).toBe('true');
        // None of the own stages is left: then the list is empty, as no open alert is closed.
        expect(stages.length).toBeGreaterThan(0);
        expect(stages.every((stage) => own.has(stage)) || stages.join() === 'closed').toBe(true);
        expect(params.get('scope')).toBe(filter.town ?? '330110');
        expect(params.getAll('tier')).toEqual(filter.tier ?? []);
        if (filter.due === 'today') expect(Date.parse(params.get('dueBy')!)).toBe(groupEnds(now).today);
      }),
    );
    // Another's town or unit is not asked for.
    const handler = { role: 'handler', scope: '330110010', unit: 'town-1' } as const;
    const params = paramsOf('open', handler, '', { town: '330110001', unit: 'town-2' });
    expect([params.get('scope'), params.get('unit')]).toEqual(['330110010', null]);
  });

  it('has a name of its own', () => {
    expect(nameFault(' ', [])).toBe('noName');
    expect(nameFault('某'.repeat(21), [])).toBe('longName');
    expect(nameFault('某 甲', ['某甲'])).toBe('takenName');
    expect(nameFault('某'.repeat(20), ['某甲'])).toBeUndefined();
  });
});
