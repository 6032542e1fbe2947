import { describe, expect, it } from 'vitest';
import { changeOf, changeText, pointsOf } from '../../../../common/report/change.ts';
import type { Report } from '../../../../common/report/model.ts';
import { ratioText } from '../../../../common/report/numbers.ts';
import { reportOf } from '../../../../common/report/reportOf.ts';
import { faultsOf } from './readReport.ts';
import { randomSituation } from './randomSituation.ts';

const LANGS = ['zh-CN', 'en'] as const;
const sentencesOf = (report: Report) =>
  report.sections.flatMap(({ sentences }) => sentences.map((parts) => parts.map(({ text }) => text).join('')));

describe('the report', () => {
  it('says nothing but what stands in its tables, and compares truly', () => {
    const seen = new Set<string>();
    const spans = new Set<string>();
    for (let seed = 0; seed < 500; seed++) {
      const situation = randomSituation(seed);
      const { kind, whole, scope } = situation;
      spans.add(`${kind} ${whole ? 'whole' : 'part'}`).add(`${kind} of ${scope}`);
      for (const lang of LANGS) {
        const report = reportOf(situation, lang);
        expect(faultsOf(report, situation), `seed ${seed} ${lang}`).toEqual([]);
        // The same situation gives the same report.
        expect(reportOf(structuredClone(situation), lang)).toEqual(report);
        for (const sentence of sentencesOf(report))
          for (const word of [
            '未新增',
            '均为红色',
            '持平',
            '增加',
            '减少',
            '环比上升',
            '同比下降',
            '上月无',
            '集中在',
            '均在',
            '最多的是',
            '分布在',
            '无超期',
            '基数小',
            '没有留存',
            'none open',
            'fewer than',
            'more than',
            'spread over',
          ])
            if (sentence.includes(word)) seen.add(word);
      }
    }
    // The situations have all cases in them.
    expect(seen.size).toBe(19);
    // Of each kind a period that is over and a part of one (a span has no part), and each of a town, a district, a city and a province.
    expect(spans.size).toBe(11 + 6 * 4);
  });

  it('compares as offices publish it', () => {
    expect(changeText(changeOf(1_519, 2_190, true))).toBe('−30.64%');
    expect(changeText(changeOf(42, 40, true))).toBe('+5.00%');
    expect(changeText(changeOf(500, 40, true))).toBe('+1,150.00%');
    expect(changeText(changeOf(8, 5, true))).toBe('+3');
    expect(changeText(changeOf(0, 5, true))).toBe('−5');
    expect(changeText(changeOf(7, 7, true))).toBe('0.00%');
    expect(changeText(changeOf(100_001, 100_000, true))).toBe('+0.01%');
    expect(changeText(changeOf(0, 0, true))).toBeUndefined();
    expect(changeText(changeOf(3, 0, true))).toBeUndefined();
    expect(pointsOf({ part: 80, all: 100 }, { part: 15, all: 20 })).toEqual({ up: true, text: '+5.00' });
    expect(pointsOf({ part: 8, all: 9 }, { part: 15, all: 20 })).toBeUndefined();
  });

  it('rounds half away from zero, without drift', () => {
    expect(ratioText(1_005_000, 1_000_000)).toBe('1.01');
    expect(ratioText(-1_005_000, 1_000_000)).toBe('−1.01');
    expect(ratioText(9_007_199_254_740_991, 1_000_000)).toBe('9,007,199,254.74');
    expect(ratioText(-1, 1_000_000)).toBe('0.00');
  });

  it('does not say a single thing of a plural', () => {
    for (let seed = 0; seed < 200; seed++)
      for (const sentence of sentencesOf(reportOf(randomSituation(seed), 'en'))) {
        expect(sentence).not.toMatch(/(^|\s)1 (new alerts|workers|false alarms|payments|employers)\b/);
        expect(sentence).not.toMatch(/\b(0|[2-9]|\d\d+) (new alert|worker|false alarm|payment|employer)\b/);
      }
  });
});
