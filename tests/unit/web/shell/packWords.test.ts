import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CHANNELS } from '../../../../contract/codes.ts';
import type { PackIndicator, RulePack } from '../../../../contract/rulePack.ts';
import { messages } from '../i18n/texts.ts';
import {
  basisText,
  indicatorName,
  indicatorText,
  packChannels,
  packNumber,
  stepsOf,
} from '../../../../web/shell/packWords.ts';

const shipped = ['330110', '310113', '370811'].map(
  (region) =>
    JSON.parse(readFileSync(new URL(`../../../../assets/rules/${region}.json`, import.meta.url), 'utf8')) as RulePack,
);
const indicator: PackIndicator = {
  channel: 'petition',
  kind: 'event',
  measure: 'count',
  unit: 'case',
  windowDays: 60,
  points: [[1, 15]],
  text: { 'zh-CN': '近 {days} 天信访 {count} 起，涉及 {workers} 人', en: '{count} petitions in {days} days' },
};

describe('a rule pack in words', () => {
  it('says "over 20" where a pack writes 20.001, and keeps every other threshold as it is', () => {
    expect(
      stepsOf([
        [0.01, 5],
        [20.001, 10],
        [50_000, 15],
        [60.5, 20],
      ]),
    ).toEqual([
      { over: false, threshold: 0.01, points: 5 },
      { over: true, threshold: 20, points: 10 },
      { over: false, threshold: 50_000, points: 15 },
      { over: false, threshold: 60.5, points: 20 },
    ]);
    expect([packNumber(50_000), packNumber(1_234_567.125), packNumber(0.5)]).toEqual([
      '50,000',
      '1,234,567.125',
      '0.5',
    ]);
  });

  it('fills the figures of a text in, and leaves a mark where one is not known', () => {
    expect(indicatorText(indicator, 'zh-CN', { count: '3', workers: '12' })).toBe('近 60 天信访 3 起，涉及 12 人');
    expect(indicatorText(indicator, 'en')).toBe('… petitions in 60 days');
    expect(indicatorName({ indicators: { 'petition.received': indicator } }, 'petition.received', 'en')).toBe(
      'petition.received',
    );
  });

  it('names a starting value of our own, and no word that only contains it', () => {
    expect(basisText('30 天：某条例；60 天与分值：site', '起始值')).toBe('30 天：某条例；60 天与分值：起始值');
    expect(basisText('site', 'ours')).toBe('ours');
    expect(basisText('website, on-site', 'ours')).toBe('website, on-site');
    expect(basisText(undefined, 'ours')).toBe('');
  });

  it.each(shipped)('shows every channel and every indicator of $region once, each with its basis', (pack) => {
    const channels = packChannels(pack);
    expect(channels.map(({ code }) => code)).toEqual(CHANNELS.filter((code) => code in pack.channels));
    const codes = channels.flatMap(({ indicators }) => indicators.map(({ code }) => code));
    expect(codes.toSorted()).toEqual(Object.keys(pack.indicators).toSorted());
    for (const { basis, indicators } of channels) {
      expect(basis).toBeTruthy();
      for (const one of indicators) expect(one.indicator.basis, one.code).toBeTruthy();
    }
    for (const { basis, id } of pack.tiers) expect(basis, id).toBeTruthy();
  });

  it.each(shipped)('has words in both languages for every unit of $region', ({ indicators }) => {
    const units = Object.values(indicators).map(({ unit }) => unit.replaceAll(' ', '-'));
    for (const { rules } of Object.values(messages))
      expect(Object.keys(rules.units)).toEqual(expect.arrayContaining(units));
  });
});
