import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BRIEFING_PAGES } from '../../../contract/briefingLimits.ts';
import { deckFault, loadDecks } from '../../../server/briefing/decks.ts';

const deck = (change: object = {}) => ({
  deck: 'own',
  name: { 'zh-CN': '某汇报', en: 'Some briefing' },
  window: 'week',
  pages: [{ page: 'cover', on: true }],
  ...change,
});

describe('decks', () => {
  it('that are shipped are right, and have every page', () => {
    const decks = loadDecks();
    expect(decks.map((one) => one.deck)).toEqual(['weekly', 'daily']);
    for (const { pages } of decks) expect(pages.map(({ page }) => page).sort()).toEqual([...BRIEFING_PAGES].sort());
  });

  it.each<[what: string, deck: object, path: string, says: string]>([
    ['a page that there is not', deck({ pages: [{ page: 'weather', on: true }] }), '/pages/0/page', '"weather"'],
    ['a page twice', deck({ pages: [1, 2].map(() => ({ page: 'map', on: true })) }), '/pages/1/page', 'already'],
    ['no page that is on', deck({ pages: [{ page: 'map', on: false }] }), '/pages', 'no page is on'],
    ['no pages', deck({ pages: [] }), '/pages', 'fewer'],
    ['a window that there is not', deck({ window: '2d' }), '/window', '"2d"'],
    ['a field that there is not', deck({ colour: 'red' }), '/colour', 'not a field'],
    ['no name in English', deck({ name: { 'zh-CN': '某' } }), '/name/en', 'missing'],
    ['a remark of blanks', deck({ pages: [{ page: 'map', on: true, remark: '  ' }] }), '/pages/0/remark', 'pattern'],
    ['no switch', deck({ pages: [{ page: 'map' }] }), '/pages/0/on', 'missing'],
  ])('with %s are refused with path and reason', (_what, one, path, says) => {
    const fault = deckFault(one);
    expect(fault?.path).toBe(path);
    expect(fault?.problem).toContain(says);
  });

  it('name the file that is wrong', () => {
    const dir = mkdtempSync(join(tmpdir(), 'decks-'));
    writeFileSync(join(dir, 'own.json'), JSON.stringify(deck({ window: '2d' })));
    expect(() => loadDecks(dir)).toThrow(/own\.json: \/window "2d" must be one of/);
    rmSync(dir, { recursive: true });
  });
});
