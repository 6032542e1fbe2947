import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALERT_SORTS } from '../../../../contract/rest.ts';
import { GAP_REM, isSortable, planColumns } from '../../../../web/drill/listColumns.ts';
import { FIGURES } from '../../../../web/panels/figures.ts';

const at = (room: number, lang: 'zh-CN' | 'en' = 'zh-CN', sort: (typeof ALERT_SORTS)[number] = '-raised') =>
  planColumns({ sort, figure: 'open' }, { room, narrow: false, lang });
/** What the tracks of a template need at least, and the width of the name in the room that is left, rem. */
const needs = (template: string) =>
  template.split(/ (?=minmax|[\d.]+rem)/).reduce((sum, track) => sum + Number(/([\d.]+)/.exec(track)![1]), 0);

describe('the columns of a list', () => {
  it('are more where there is more room, and unit and platform are there on a usual wall', () => {
    expect(at(188).columns).toEqual(expect.arrayContaining(['unit', 'platform', 'channel', 'industry']));
    expect(at(188, 'en').columns).toEqual(expect.arrayContaining(['channel', 'industry']));
    expect(at(240, 'en').columns).toEqual(expect.arrayContaining(['unit', 'platform']));
    fc.assert(
      fc.property(
        fc.constantFrom('zh-CN' as const, 'en' as const),
        fc.integer({ min: 150, max: 420 }),
        (lang, room) => {
          const fewer = at(room, lang).columns;
          expect(at(room + 10, lang).columns).toEqual(expect.arrayContaining(fewer));
        },
      ),
    );
  });

  it('never need more than the width there is', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('zh-CN' as const, 'en' as const),
        fc.integer({ min: 150, max: 420 }),
        fc.constantFrom(...ALERT_SORTS),
        (lang, room, sort) => {
          const { columns, template } = at(room, lang, sort);
          expect(template.split(' ').length).toBeGreaterThanOrEqual(columns.length);
          // The name has at least a share of it: 20 letters.
          expect(needs(template) + (columns.length - 1) * GAP_REM + 2.4).toBeLessThanOrEqual(room - 20);
        },
      ),
    );
  });

  it('always have what orders the list and what it counts, also in two lines', () => {
    for (const sort of ALERT_SORTS) {
      const key = sort.replace('-', '');
      expect(at(150, 'en', sort).columns).toContain(key);
      expect(planColumns({ sort, figure: 'open' }, { room: 100, narrow: true, lang: 'en' }).columns).toContain(key);
    }
    for (const figure of FIGURES.filter((name) => name.startsWith('recovered')))
      expect(planColumns({ sort: '-raised', figure }, { room: 150, narrow: false, lang: 'en' }).columns).toContain(
        'recovered',
      );
    expect(planColumns({ sort: '-raised', figure: 'open' }, { room: 100, narrow: true, lang: 'en' })).toEqual({
      columns: at(400).columns.filter(isSortable),
      template: '',
    });
  });
});
