import { describe, expect, it } from 'vitest';
import { foldAlert, foldRulesOf } from '../../../server/alerts/fold.ts';
import { toRow } from '../../../server/alerts/row.ts';
import type { StoredEvent } from '../../../server/alerts/state.ts';
import { ChangeVersionError, decodeChange, encodeChange } from '../../../server/aggregations/change.ts';
import { IncrementSum } from '../../../server/aggregations/contributions.ts';
import { Situation } from '../../../server/situation/situation.ts';
import { UpperSituation } from '../../../server/situation/upperSituation.ts';
import { loadPack } from '../../support/packs.ts';

/** One employer, however it is written, is one everywhere; what was stored before is no exception (contract §2). */

const NOW = Date.parse('2026-11-21T18:24:07+08:00');
const USCC = '91330100799655058B';
const WRITINGS = [
  USCC,
  USCC.toLowerCase(),
  ` ${USCC.slice(0, 8)}　${USCC.slice(8)} `,
  '９１３３０１００７９９６５５０５８Ｂ',
];
const NAMES = [
  '杭州建工（余杭）有限公司',
  '杭州建工(余杭)有限公司',
  ' 杭州建工（余杭)　有限公司',
  '杭州 建工（余杭）有限公司',
];

type Employer = { uscc?: string; name: string };

/** A district with an alert of each employer, all with wages recovered, through the feed. */
function district(code: string, employers: readonly Employer[]): Situation {
  const pack = loadPack(code);
  const situation = new Situation(pack);
  const sum = new IncrementSum();
  const rows = employers.map((enterprise, i) => {
    const data = {
      town: pack.towns[0]!.code,
      tier: 'red',
      industry: 'E',
      channel: 'petition',
      enterprise,
      workers: 1,
      amountFen: 1,
    };
    const events = [
      { type: 'wage.alert.raised', time: NOW - 60_000, source: 's', id: '1', data },
      { type: 'wage.wages.recovered', time: NOW - 50_000, source: 's', id: '2', data: { amountFen: 1, workers: 1 } },
    ] as StoredEvent[];
    const state = foldAlert(`A${i}`, events, foldRulesOf(pack, []))!;
    sum.add(state, 1);
    return toRow(state);
  });
  const change = decodeChange(encodeChange({ rows, increments: sum.take() }));
  situation.apply(change, undefined, NOW);
  return situation;
}

describe.each([
  ['by its uscc', WRITINGS.map((uscc, i): Employer => ({ uscc, name: `甲${i}` })), WRITINGS],
  ['by its name', NAMES.map((name): Employer => ({ name })), NAMES],
])('an employer told %s', (_how, employers, keys) => {
  const yuhang = district('330110', employers);
  const xihu = district('330106', employers.slice(1, 3));
  const city = new UpperSituation(loadPack('330100'), [yuhang, xihu]);

  it('is one in figures, lists and portraits, in a district and in the city', () => {
    for (const window of ['24h', '30d', 'all'] as const) {
      expect(yuhang.frame('330110', window, NOW, 1).totals.enterprisesPaid).toBe(1);
      expect(city.frame('330100', window, NOW, 1).totals.enterprisesPaid).toBe(1);
      expect(city.pastFrame('330100', window, NOW, 1).totals.enterprisesPaid).toBe(1);
    }
    expect(yuhang.lists.countEnterprises({ scope: '330110' }, NOW)).toBe(1);
    expect(city.lists.countEnterprises({ scope: '330100' }, NOW)).toBe(1);
    for (const key of keys) {
      expect(yuhang.table.enterprise(key)?.totals.raised, key).toBe(4);
      expect(yuhang.table.enterprise(key)?.standing.town, key).toEqual({ code: '330110001', rank: 1, of: 1 });
      expect(yuhang.lists.query({ scope: '330110', uscc: key }, NOW).total, key).toBe(4);
      expect(city.lists.query({ scope: '330100', uscc: key }, NOW).total, key).toBe(6);
    }
  });

  it('keeps its name as it was written, and its uscc in one way', () => {
    const rows = yuhang.lists.query({ scope: '330110' }, NOW).rows.map(({ enterprise }) => enterprise);
    expect(rows.map(({ name }) => name).sort()).toEqual(employers.map(({ name }) => name).sort());
    for (const { uscc } of rows) expect(uscc).toBe(employers[0]!.uscc && USCC);
  });
});

it('a search finds a name however it or the question is written', () => {
  const { lists } = district('330110', [...NAMES.map((name) => ({ name })), { name: 'Ａｃｍｅ Catering' }]);
  for (const q of ['（余杭）', '(余杭)', '工 (余杭', '杭州建工（'])
    expect(lists.query({ scope: '330110', q }, NOW).total, q).toBe(4);
  for (const q of ['acme', 'ＡＣＭＥ', 'mecat', 'e  c'])
    expect(lists.query({ scope: '330110', q }, NOW).total, q).toBe(1);
});

it('an entry of the feed by the version before is refused, so that all is computed from the documents', () => {
  const payload = encodeChange({ rows: [], increments: { cells: [], heat: [], paid: [] } });
  expect(() => decodeChange(payload.replace('[4,', '[3,'))).toThrow(ChangeVersionError);
});
