import { describe, expect, it } from 'vitest';
import { CODE_NAMES } from '../../../../common/codeNames.ts';
import { BRIEFING_LISTS } from '../../../../contract/briefingLimits.ts';
import { LETTER_KINDS, LETTER_STATES, PERFORMANCE_FIGURES } from '../../../../contract/oversightNames.ts';
import { REPORT_KINDS, REPORT_LISTS } from '../../../../contract/reportLimits.ts';
import { ALERT_SORTS } from '../../../../contract/rest.ts';
import { SUBJECT_KINDS } from '../../../../contract/signals.ts';
import { SUBJECT_SORTS } from '../../../../contract/subjects.ts';
import { SUPERVISION_STATES } from '../../../../contract/supervision.ts';
import { TRAIL_KEYS } from '../../../../contract/trailKeys.ts';
import { detailText, verbText } from '../../../../web/admin/trailWords.ts';
import { messages } from '../i18n/texts.ts';

const LANGS = ['zh-CN', 'en'] as const;

/** The texts of a language, as a screen has them. */
function textsOf(lang: (typeof LANGS)[number]) {
  const texts = { ...messages[lang], codes: CODE_NAMES[lang] };
  const find = (path: string) =>
    path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], texts);
  return {
    t: (path: string) => find(path) as string,
    te: (path: string) => typeof find(path) === 'string',
    lang,
    scopes: {
      nameOf: (code: string) => ({ '330110': '余杭区', '330110001': '临平街道' })[code] ?? code,
      unitName: (scope: string, unit: string) => (scope === '330110' && unit === 'inspect' ? '监察大队' : unit),
    },
  };
}

describe('what is on the trail', () => {
  it.each(LANGS)('has words in %s for everything that an entry may say', (lang) => {
    expect(Object.keys(messages[lang].access.trail.keys)).toEqual([...TRAIL_KEYS]);
    expect(verbText('case.handle', textsOf(lang))).toBe(
      lang === 'en' ? messages.en.access.trail.verbs['case-handle'] : '办结反馈',
    );
  });

  it('is told in the words of the office: codes, places, units, moments and money, identifiers last', () => {
    const detail = {
      region: '330110',
      event: 'act-1',
      platform: 'four-platforms',
      unit: 'inspect',
      outcome: 'plan-agreed',
      amountFen: 1_234_567,
      dueAt: '2026-11-30T18:00:00+08:00',
      tier: ['red', 'orange'],
      open: false,
      again: true,
    };
    expect(detailText(detail, textsOf('zh-CN'))).toBe(
      '地区：余杭区 · 平台：基层治理四平台 · 单位：监察大队 · 处置结果：已达成支付计划 · 金额：12,345.67 元 · 时限：2026-11-30 18:00:00 · 等级：红色、橙色 · 在办：否 · 重复提交 · 事件编号：act-1',
    );
    expect(detailText(undefined, textsOf('zh-CN'))).toBe('');
  });

  it.each(LANGS)('has words in %s for the codes of lists, of their orders and of figures', (lang) => {
    const texts = textsOf(lang);
    const codes: Readonly<Record<string, readonly string[]>> = {
      state: [...SUPERVISION_STATES, ...LETTER_STATES],
      sort: [...ALERT_SORTS, ...SUBJECT_SORTS],
      kind: [...LETTER_KINDS, ...SUBJECT_KINDS, ...REPORT_KINDS],
      list: [...BRIEFING_LISTS, ...REPORT_LISTS],
      figure: PERFORMANCE_FIGURES,
    };
    const trail = messages[lang].access.trail as Record<string, unknown>;
    for (const [key, all] of Object.entries(codes)) {
      const words = trail[`${key}s`] as Record<string, string>;
      for (const code of all) {
        const word = words[code.replace(/^-/, '')];
        expect(word, `${key} ${code}`).toBeTypeOf('string');
        expect(detailText({ [key]: code }, texts)).toContain(code.startsWith('-') ? `${word} ↓` : word);
      }
    }
    expect(detailText({ state: 'open', sort: '-changed' }, textsOf('zh-CN'))).toBe('状态：未回复 · 排序：最近变化 ↓');
  });

  it('shows what no words are there for as it is kept, also what is within something', () => {
    const detail = { scope: '330199', outcome: 'of-another-release', newer: 3, settings: { theme: 'dark', n: null } };
    expect(detailText(detail, textsOf('en'))).toBe(
      'area: 330199 · outcome: of-another-release · newer: 3 · settings: (theme: dark · n: null)',
    );
    expect(verbText('later.added', textsOf('en'))).toBe('later.added');
  });
});
