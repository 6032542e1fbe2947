import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TIERS, WINDOWS } from '../../../../contract/codes.ts';
import type { Frame } from '../../../../contract/frame.ts';
import { DAY_MS, parseRfc3339 } from '../../../../common/regionTime.ts';
import { toIndustries } from '../../../../web/panels/industries/mapping.ts';
import { toRecovered } from '../../../../web/panels/recovered/mapping.ts';
import { toSuccessRate } from '../../../../web/panels/successRate/mapping.ts';
import { toTiers } from '../../../../web/panels/tiers/mapping.ts';
import { toTicker } from '../../../../web/panels/ticker/mapping.ts';
import { toTrend } from '../../../../web/panels/trend/mapping.ts';
import { fixture, type FixtureVariant } from '../../../support/webFixtures.ts';
import { row } from './frames.ts';

const VARIANTS: FixtureVariant[] = ['normal', 'empty', 'tenfold', 'manyTowns'];
const sum = (values: (number | undefined)[]) => values.reduce<number>((a, b) => a + (b ?? 0), 0);
describe.each(VARIANTS)('every figure of the frame is drawn: %s', (variant) => {
  const { frame, pack, now } = fixture({ variant });

  it('tiers', () => {
    const lines = toTiers(frame, pack);
    expect(lines.map((line) => line.tier)).toEqual(['red', 'orange', 'yellow']);
    expect(sum(lines.map((line) => line.open))).toBe(frame.totals.open);
    expect(sum(lines.map((line) => line.raised))).toBe(frame.totals.raised);
    expect(sum(lines.map((line) => line.share))).toBeCloseTo(frame.totals.open ? 1 : 0, 9);
    for (const line of lines) expect(line.successRate).toBe(frame.byTier[line.tier]!.successRate);
  });

  it('industries', () => {
    const industries = toIndustries(frame);
    expect(sum(industries.map((line) => line.raised))).toBe(frame.totals.raised);
    industries.slice(1).forEach((line, i) => expect(line.raised).toBeLessThanOrEqual(industries[i]!.raised));
  });

  it('success rates', () => {
    const view = toSuccessRate(frame, pack);
    expect(view.rate).toBe(frame.totals.successRate);
    expect(view.tiers.map((line) => line.code)).toEqual(['red', 'orange', 'yellow']);
    expect(sum(view.channels.map((line) => line.audited))).toBe(
      sum(Object.values(frame.byChannel).map((r) => r.effective + r.falseAlarm)),
    );
    view.channels.slice(1).forEach((line, i) => expect(line.rate!).toBeLessThanOrEqual(view.channels[i]!.rate!));
    for (const line of [...view.tiers, ...view.channels])
      expect(Math.abs(line.deviation ?? 0)).toBeLessThanOrEqual(view.scale);
  });

  it.each(WINDOWS)(
    'trend and recovered, %s: every step on the axis is drawn, and the sums are the window’s',
    (window) => {
      const made = fixture({ variant, window });
      const trend = toTrend(made.frame, made.pack, now, true);
      const from = trend.axis.starts[0]!;
      const steps = Object.entries(made.frame.series).flatMap(([at, step]) =>
        parseRfc3339(at)! >= from ? [step] : [],
      );
      for (const { tier, raised, total } of trend.tiers) {
        expect(sum(raised)).toBe(sum(steps.map((step) => step.tiers[tier])));
        expect(raised).toHaveLength(trend.axis.starts.length);
        expect(total).toBe(made.frame.byTier[tier]!.raised);
      }
      expect(sum(trend.recoveredFen)).toBe(sum(steps.map((step) => step.recoveredFen)));
      expect(trend.totalFen).toBe(made.frame.totals.recoveredFen);
      const recovered = toRecovered(made.frame, now, true);
      const since = recovered.axis.starts[0]!;
      expect(sum(recovered.fen)).toBe(
        sum(
          Object.entries(made.frame.series).map(([at, step]) => (parseRfc3339(at)! >= since ? step.recoveredFen : 0)),
        ),
      );
      expect(recovered.totalFen).toBe(made.frame.totals.recoveredFen);
      expect(recovered.axis.starts.length).toBeLessThanOrEqual(62);
    },
  );
});

describe('tiers', () => {
  it('are those of the pack, silent ones too, and never hide a row the frame has', () => {
    const { frame, pack } = fixture();
    const shandong = {
      ...pack,
      tiers: pack.tiers.map((rule) => ({ ...rule, tier: rule.tier === 'orange' ? ('blue' as const) : rule.tier })),
    };
    const lines = toTiers({ ...frame, byTier: { red: row({ open: 3, raised: 5 }) } }, shandong);
    expect(lines).toEqual([
      { tier: 'red', open: 3, raised: 5, share: 1 },
      { tier: 'yellow', open: 0, raised: 0, share: 0 },
      { tier: 'blue', open: 0, raised: 0, share: 0 },
    ]);
    expect(toTiers({ ...frame, byTier: { orange: row({ open: 1 }) } }, shandong).map((line) => line.tier)).toEqual([
      ...TIERS,
    ]);
    expect(toTiers(frame).map((line) => line.tier)).toEqual(['red', 'orange', 'yellow']);
  });
});

describe('industries', () => {
  const { frame } = fixture();
  it('lists an industry with open alerts from before the window, and none with nothing at all', () => {
    const lines = toIndustries({
      ...frame,
      byIndustry: { C: row({ open: 2 }), E: row({ raised: 4 }), A: row({ workers: 3 }) },
    });
    expect(lines).toEqual([
      { code: 'E', raised: 4, open: 0 },
      { code: 'C', raised: 0, open: 2 },
    ]);
  });
});

describe('success rates', () => {
  it('leave a tier without verdicts without a rate, and draw small differences small', () => {
    const { frame, pack } = fixture();
    const view = toSuccessRate(
      {
        ...frame,
        totals: { ...frame.totals, effective: 81, falseAlarm: 19, successRate: 0.81 },
        byTier: {
          red: row({ effective: 41, falseAlarm: 9, successRate: 0.82 }),
          yellow: row({ effective: 40, falseAlarm: 10, successRate: 0.8 }),
        },
        byChannel: { water: row({ raised: 4 }), tax: row({ effective: 81, falseAlarm: 19, successRate: 0.81 }) },
      },
      pack,
    );
    expect(view.tiers[1]).toEqual({ code: 'orange', audited: 0 });
    expect(view.channels).toEqual([{ code: 'tax', rate: 0.81, audited: 100, deviation: 0 }]);
    expect(view.scale).toBe(0.05);
    expect(view.tiers[0]!.deviation).toBeCloseTo(0.01, 12);
  });
});

describe('time', () => {
  const at = '2026-11-21T18:24:07+08:00';
  const ms = parseRfc3339(at)!;
  const one = (key: string) => ({ [key]: { tiers: { red: 2 }, effective: 0, falseAlarm: 0, recoveredFen: 500 } });
  const base = fixture().frame;

  it('fills steps in which nothing happened with zeros, and leaves those to come open', () => {
    const frame: Frame = { ...base, window: 'week', at, series: one('2026-11-18T00:00:00+08:00') };
    const view = toTrend(frame, fixture().pack, ms, true);
    expect(view.tiers[0]!.raised).toEqual([0, 0, 2, 0, 0, 0, undefined]);
    expect(view.recoveredFen).toEqual([0, 0, 500, 0, 0, 0, undefined]);
    expect(view.totalFen).toBe(base.totals.recoveredFen);
  });

  it('goes on with the clock while live, but not when stale or in the past', () => {
    const frame: Frame = { ...base, window: 'week', at, series: {} };
    const later = ms + DAY_MS;
    expect(toTrend(frame, undefined, later, true).axis.current).toBe(6);
    expect(toTrend(frame, undefined, later, false).axis.current).toBe(5);
    const past: Frame = structuredClone(frame);
    delete past.byStage;
    expect(toTrend(past, undefined, ms + 90 * DAY_MS, true).axis.current).toBe(5);
  });

  it('turns over at the region’s midnight', () => {
    const frame: Frame = { ...base, window: 'today', at, series: {} };
    const view = (text: string) => toRecovered(frame, parseRfc3339(text)!, true).axis.starts[0];
    expect(view('2026-11-21T23:59:59+08:00')).toBe(parseRfc3339('2026-11-21T00:00:00+08:00'));
    expect(view('2026-11-22T00:00:00+08:00')).toBe(parseRfc3339('2026-11-22T00:00:00+08:00'));
  });

  it('gathers days into whole weeks and months without losing or moving any', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 364 }), { maxLength: 60 }), (days) => {
        const first = parseRfc3339('2025-11-22T00:00:00+08:00')!;
        const series = Object.fromEntries(
          days.map((day) => [
            new Date(first + day * DAY_MS).toISOString(),
            { tiers: { red: day + 1 }, effective: 0, falseAlarm: 0, recoveredFen: day + 1 },
          ]),
        );
        const frame: Frame = { ...base, window: '365d', at, series };
        const since = (from: number) => sum(days.map((day) => (first + day * DAY_MS >= from ? day + 1 : 0)));
        const { tiers, axis } = toTrend(frame, undefined, ms, true);
        // 22 November 2025 is a Saturday: the first whole week begins two days later, the first whole month on 1 December.
        expect(axis.starts).toHaveLength(52);
        expect(axis.starts[0]).toBe(first + 2 * DAY_MS);
        expect(sum(tiers[0]!.raised)).toBe(since(axis.starts[0]!));
        days.forEach((day) => {
          const week = axis.starts.findLastIndex((start) => start <= first + day * DAY_MS);
          if (week >= 0) expect(tiers[0]!.raised[week]).toBeGreaterThanOrEqual(day + 1);
        });
        const recovered = toRecovered(frame, ms, true);
        expect(recovered.axis.starts).toHaveLength(12);
        expect(sum(recovered.fen)).toBe(since(recovered.axis.starts[0]!));
      }),
      { numRuns: 60 },
    );
  });
});

describe('the ticker', () => {
  it('has the newest on top, is bounded, and does not depend on the order of keys', () => {
    const { frame, pack } = fixture();
    const rows = toTicker(frame, pack, 'zh-CN', 7);
    expect(rows).toHaveLength(7);
    expect(rows.map((line) => line.raisedAt)).toEqual([...rows.map((line) => line.raisedAt)].sort((a, b) => b - a));
    const shuffled = { ...frame, latest: Object.fromEntries(Object.entries(frame.latest).reverse()) };
    expect(toTicker(shuffled, pack, 'zh-CN', 7)).toEqual(rows);
    expect(rows[0]!.town).toMatch(/街道|镇/);
    expect(toTicker({ ...frame, latest: {} }, pack, 'en', 7)).toEqual([]);
  });
});
