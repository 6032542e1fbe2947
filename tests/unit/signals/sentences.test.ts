import { expect, it } from 'vitest';
import { conditionText, ruleText } from '../../../common/ruleSentences.ts';
import type { Condition } from '../../../contract/rulePack.ts';
import { EVENT, packOf, STATE } from './support.ts';

const pack = packOf({
  indicators: {
    'water.overdue': { ...STATE, name: { 'zh-CN': '水费逾期', en: 'water bill overdue' } },
    'petition.received': EVENT,
  },
});

it.each<[Condition, string, string]>([
  [['score', '>=', 40], '得分不少于 40', 'score at least 40'],
  [['indicator:water.overdue', '>', 30], '水费逾期大于 30', 'water bill overdue more than 30'],
  [['indicator:petition.received', '<', 2], 'petition.received小于 2', 'petition.received less than 2'],
  [['channel:water', '==', 0.5], '来源 water 得分等于 0.5', 'points of channel water exactly 0.5'],
  [{ not: ['months', '!=', 0] }, '并非（欠薪月数不等于 0）', 'not (months of unpaid wages other than 0)'],
  [{ all: [['workers', '<=', 9]] }, '涉及人数不超过 9', 'workers concerned at most 9'],
  [
    {
      all: [
        {
          any: [
            ['score', '>=', 1],
            ['channels', '>=', 2],
          ],
        },
        {
          not: {
            all: [
              ['months', '>', 1],
              ['headcount', '<', 3],
            ],
          },
        },
      ],
    },
    '（得分不少于 1，或有分来源数不少于 2），且并非（欠薪月数大于 1，且用工人数小于 3）',
    '(score at least 1, or channels with points at least 2), and not (months of unpaid wages more than 1, and headcount less than 3)',
  ],
])('%j is a sentence in both languages', (when, zh, en) => {
  expect(conditionText(when, pack, 'zh-CN')).toBe(zh);
  expect(conditionText(when, pack, 'en')).toBe(en);
});

it('a rule names its tier, and channels by their names', () => {
  const rule = { when: ['channel:water', '>=', 5] } as const;
  expect(ruleText(rule, pack, 'zh-CN', '黄色', () => '供水得分')).toBe('黄色：供水得分不少于 5。');
  expect(ruleText(rule, pack, 'en', 'Yellow', () => 'points of water')).toBe('Yellow: points of water at least 5.');
});
