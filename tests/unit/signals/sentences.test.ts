import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { conditionText, ruleText } from '../../../common/ruleSentences.ts';
import type { Condition, RulePack } from '../../../contract/rulePack.ts';
import { EVENT, packOf, STATE } from './support.ts';

const pack = packOf({
  indicators: {
    'water.overdue': { ...STATE, name: { 'zh-CN': '水费逾期', en: 'water bill overdue' } },
    'petition.received': EVENT,
    'petition.named': { ...EVENT, name: { 'zh-CN': '信访', en: 'petitions' } },
    'site.halted': { ...STATE, measure: 'count', name: { 'zh-CN': '停工', en: 'halted' } },
  },
});

it.each<[Condition, string, string]>([
  [['score', '>=', 40], '得分不少于 40', 'score at least 40'],
  [['indicator:water.overdue', '>', 30], '水费逾期大于 30', 'water bill overdue more than 30'],
  [['indicator:petition.received', '<', 2], 'petition.received小于 2', 'petition.received less than 2'],
  // Whether there is one, however it is written; numbers stay numbers.
  [['indicator:site.halted', '>=', 1], '有“停工”情形', '“halted” on record'],
  [['indicator:site.halted', '>', 0], '有“停工”情形', '“halted” on record'],
  [['indicator:site.halted', '!=', 0], '有“停工”情形', '“halted” on record'],
  [['indicator:site.halted', '<', 1], '无“停工”情形', '“halted” not on record'],
  [['indicator:site.halted', '<=', 0], '无“停工”情形', '“halted” not on record'],
  [['indicator:site.halted', '==', 0], '无“停工”情形', '“halted” not on record'],
  [['indicator:petition.named', '>=', 1], '有信访', '“petitions” on record'],
  [['indicator:petition.named', '==', 0], '无信访', '“petitions” not on record'],
  [['indicator:petition.received', '>', 0], '有petition.received', '“petition.received” on record'],
  [['indicator:petition.named', '>=', 2], '信访不少于 2', 'petitions at least 2'],
  [['indicator:petition.named', '>', 1], '信访大于 1', 'petitions more than 1'],
  [['indicator:site.halted', '==', 1], '停工等于 1', 'halted exactly 1'],
  [['indicator:water.overdue', '>=', 1], '水费逾期不少于 1', 'water bill overdue at least 1'],
  [['indicator:water.overdue', '>', 0], '水费逾期大于 0', 'water bill overdue more than 0'],
  [['workers', '>=', 1], '涉及人数不少于 1', 'workers concerned at least 1'],
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

it.each(['330110', '310113', '370811'])('no rule of %s asks for "at least 1" of what there is or is not', (region) => {
  const shipped = JSON.parse(
    readFileSync(new URL(`../../../assets/rules/${region}.json`, import.meta.url), 'utf8'),
  ) as RulePack;
  const counted = Object.values(shipped.indicators).filter(({ measure }) => measure === 'count');
  for (const { when } of shipped.tiers) {
    const [zh, en] = [conditionText(when, shipped, 'zh-CN'), conditionText(when, shipped, 'en')];
    for (const { name } of counted) {
      expect(zh).not.toMatch(new RegExp(`${name!['zh-CN']}(不少于 1|大于 0)(?![0-9.])`));
      expect(en).not.toMatch(new RegExp(`${name!.en} (at least 1|more than 0)(?![0-9.])`));
    }
  }
  expect(shipped.tiers.map(({ when }) => conditionText(when, shipped, 'zh-CN')).join()).toContain('情形');
});
