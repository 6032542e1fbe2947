import { expect, it } from 'vitest';
import type { BriefingContent } from '../../../contract/briefings.ts';
import { maskedContent, maskedPages } from '../../../server/briefing/masked.ts';
import { createMask } from '../../../server/privacy/mask.ts';
import { fixture } from '../../support/webFixtures.ts';

const { frame } = fixture();
const at = frame.at;
/** Everything that a page tells besides the frame; what names somebody has 密 in it. */
const content: BriefingContent = {
  at,
  scope: frame.scope,
  window: frame.window,
  frame,
  history: [],
  cases: [],
  outlook: [],
  totals: {},
  accounts: {
    sites: 713,
    sitesByTown: { '330110010': 20 },
    banks: [
      { source: 'urn:bank:密字银行', state: 'ok', lastAt: at },
      { source: 'urn:bank:密字分行', state: 'late', lastAt: at },
    ],
    flagged: { sites: 3, workers: 90, byTown: { '330110010': 3 } },
    indicators: [{ code: 'wage-account.unpaid-months', name: { 'zh-CN': '欠付月数', en: 'Unpaid months' }, sites: 3 }],
  },
  last: {
    id: '330110-0f3a5c7e9b1d2f4a6c',
    title: '密字公司专题',
    at,
    changes: {
      from: at,
      to: at,
      raised: 2,
      red: 1,
      effective: 0,
      falseAlarm: 0,
      recoveredFen: 0,
      recoveredWorkers: 0,
      closed: 0,
      open: { then: 5, now: 7 },
      towns: { '330110010': 2 },
    },
    overdue: { then: 1, now: 2 },
    fresh: ['330110/密-1'],
  },
};

it('shows displays wage accounts and changes as figures: no bank, no title, no case, nothing that is added later', () => {
  const added = { ...content, accounts: { ...content.accounts!, more: '密' }, last: { ...content.last!, more: '密' } };
  const { accounts, last } = maskedContent(added, createMask({ names: 'industry', least: 0 }));
  expect(accounts).toEqual({
    ...content.accounts,
    banks: content.accounts!.banks.map((one) => ({ ...one, source: '' })),
  });
  expect(last).toEqual({ id: '', title: '', at, changes: content.last!.changes, overdue: { then: 1, now: 2 } });
  expect(JSON.stringify([accounts, last])).not.toContain('密');
});

it('shows neither where small figures are withheld', () => {
  const mask = createMask({ names: 'industry', least: 5 });
  const { accounts, last } = maskedContent(content, mask);
  expect([accounts, last]).toEqual([undefined, undefined]);
  const pages = ['cover', 'accounts', 'changes', 'since', 'map'].map((page) => ({ page, on: true }));
  expect(maskedPages(pages, mask).map(({ page }) => page)).toEqual(['cover', 'map']);
});
