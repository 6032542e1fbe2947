import { describe, expect, it } from 'vitest';
import {
  headlineFigure,
  HEADLINES,
  sparkPath,
  toHeadlines,
  widthInDigits,
} from '../../../../web/panels/headline/mapping.ts';
import { toTicker } from '../../../../web/panels/ticker/mapping.ts';
import { fixture } from '../../../support/webFixtures.ts';

describe('headline figures', () => {
  const { frame } = fixture();
  const headlines = toHeadlines(frame, 'zh-CN');
  it('are the published ones', () => {
    expect(
      headlines.map(({ key, value }) => {
        const figure = headlineFigure(key, value, 'zh-CN');
        return figure.value + figure.unit;
      }),
    ).toEqual(['3,446', '81.07%', '216.53万元', '208', '17']);
  });
  it('compare only what can be compared', () => {
    const by = Object.fromEntries(headlines.map((h) => [h.key, h]));
    expect(by.raised!.previous!.direction).toBe('up');
    expect(by.successRate!.previous!.text).toContain('个百分点');
    expect(by.enterprisesPaid!.previous).toBeUndefined();
    expect(by.enterprisesPaid!.note).toEqual({ key: 'perEnterprise', value: '12.74 万元' });
    const all = toHeadlines(fixture({ window: 'all' }).frame, 'zh-CN');
    expect(all.every((h) => h.previous === undefined && h.lastYear === undefined)).toBe(true);
  });
  it('say nothing rather than something wrong when there is nothing', () => {
    const none = toHeadlines(fixture({ variant: 'empty' }).frame, 'en');
    expect(none.map(({ spark }) => spark.length)).toEqual([0, 0, 0, 0, 0]);
    expect(headlineFigure('successRate', none[1]!.value, 'en').value).toBe('–');
    expect(none.filter(({ note }) => note?.key === 'perWorker' || note?.key === 'perEnterprise')).toEqual([]);
  });
  it('have a line for workers once their steps have been read, at the same steps as the others', () => {
    const line = (workers?: Record<string, number>) =>
      toHeadlines(frame, 'zh-CN', workers).find(({ key }) => key === 'recoveredWorkers')!.spark;
    expect(line()).toEqual([]);
    const starts = Object.keys(frame.series).sort().slice(-60);
    const spark = line({ [starts[3]!]: 4, [starts[5]!]: 8 });
    expect(spark).toHaveLength(starts.length);
    expect(spark.flatMap((height, i) => (height ? [[i, height]] : []))).toEqual([
      [3, 0.5],
      [5, 1],
    ]);
  });
  it('draw spark lines within their box', () => {
    for (const { spark } of headlines)
      for (const point of spark) expect(point).toSatisfy((p: number) => p >= 0 && p <= 1);
    expect(headlines[0]!.spark.length).toBeGreaterThan(10);
    expect(sparkPath([0, 1], 100, 20)).toBe('M0.0 19.0L100.0 1.0');
  });
  it('need more room for longer figures', () => {
    const width = (value: string) => widthInDigits({ prefix: '', value, unit: '' }, '万元', '追回工资', []);
    expect(width('21,653.00')).toBeGreaterThan(width('216.53'));
    expect(HEADLINES).toHaveLength(5);
  });
});

describe('the ticker', () => {
  it('has the newest on top, is bounded, and does not depend on the order of keys', () => {
    const { frame, pack } = fixture();
    const rows = toTicker(frame, pack, 'zh-CN', 7);
    expect(rows).toHaveLength(7);
    expect(rows.map((row) => row.raisedAt)).toEqual([...rows.map((row) => row.raisedAt)].sort((a, b) => b - a));
    const shuffled = { ...frame, latest: Object.fromEntries(Object.entries(frame.latest).reverse()) };
    expect(toTicker(shuffled, pack, 'zh-CN', 7)).toEqual(rows);
    expect(rows[0]!.town).toMatch(/街道|镇/);
    expect(toTicker({ ...frame, latest: {} }, pack, 'en', 7)).toEqual([]);
  });
});
