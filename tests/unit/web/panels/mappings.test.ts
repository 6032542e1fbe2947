import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TEN_SOURCES, TIERS, WINDOWS } from '../../../../contract/codes.ts';
import type { Frame, Row } from '../../../../contract/frame.ts';
import { DAY_MS, parseRfc3339 } from '../../../../common/regionTime.ts';
import { toChannels } from '../../../../web/panels/channels/mapping.ts';
import { toClosedLoop } from '../../../../web/panels/closedLoop/mapping.ts';
import { toIndustries } from '../../../../web/panels/industries/mapping.ts';
import { toRecovered } from '../../../../web/panels/recovered/mapping.ts';
import { toSuccessRate } from '../../../../web/panels/successRate/mapping.ts';
import { toTiers } from '../../../../web/panels/tiers/mapping.ts';
import { toTowns } from '../../../../web/panels/towns/mapping.ts';
import { toTrend } from '../../../../web/panels/trend/mapping.ts';
import { fixture, type FixtureVariant } from '../../../support/webFixtures.ts';

const VARIANTS: FixtureVariant[] = ['normal', 'empty', 'tenfold', 'manyTowns'];
const sum = (values: (number | undefined)[]) => values.reduce<number>((a, b) => a + (b ?? 0), 0);
const row = (changed: Partial<Row>): Row => ({
  raised: 0,
  workers: 0,
  amountFen: 0,
  effective: 0,
  falseAlarm: 0,
  recoveredFen: 0,
  recoveredWorkers: 0,
  closed: 0,
  closeMs: 0,
  open: 0,
  ...changed,
});

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

  it('towns', () => {
    const lines = toTowns(frame, pack, 'zh-CN');
    expect(lines).toHaveLength(pack.towns.length);
    expect(sum(lines.map((line) => line.open))).toBe(frame.totals.open);
    lines.slice(1).forEach((line, i) => expect(line.open).toBeLessThanOrEqual(lines[i]!.open));
    for (const line of lines) {
      expect(line.name).toBe(pack.towns.find((town) => town.code === line.code)!.name['zh-CN']);
      expect(sum(line.tiers.map((tier) => tier.open))).toBe(line.open);
      expect(line.rank).toBe(1 + lines.filter((other) => other.open > line.open).length);
    }
  });

  it('industries and channels', () => {
    const industries = toIndustries(frame);
    expect(sum(industries.map((line) => line.raised))).toBe(frame.totals.raised);
    industries.slice(1).forEach((line, i) => expect(line.raised).toBeLessThanOrEqual(industries[i]!.raised));
    const channels = toChannels(frame);
    expect(channels.slice(0, 10).map((line) => line.code)).toEqual([...TEN_SOURCES]);
    expect(sum(channels.map((line) => line.raised))).toBe(frame.totals.raised);
    for (const line of channels) expect(line.silent).toBe(line.raised === 0);
  });

  it('the closed loop', () => {
    const view = toClosedLoop(frame);
    expect(sum(view.stages!.map((stage) => stage.count))).toBe(frame.totals.open);
    expect(view.stages!.map((stage) => stage.stage)).toEqual([
      'raised',
      'dispatched',
      'accepted',
      'handled',
      'audited',
    ]);
    expect(view.closedEver).toBe(frame.byStage!.closed);
    expect(view.avgCloseHours).toBe(frame.totals.avgCloseHours);
    expect(view.overdue).toBe(frame.totals.overdue);
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

  it.each(WINDOWS)('trend and recovered, %s: nothing is lost by laying steps on the axis', (window) => {
    const made = fixture({ variant, window });
    const steps = Object.values(made.frame.series);
    const trend = toTrend(made.frame, made.pack, now, true);
    expect(trend.tiers.map((line) => line.total)).toEqual(
      trend.tiers.map(({ tier }) => sum(steps.map((step) => step.tiers[tier]))),
    );
    expect(sum(trend.recoveredFen)).toBe(sum(steps.map((step) => step.recoveredFen)));
    for (const { raised } of trend.tiers) expect(raised).toHaveLength(trend.axis.starts.length);
    const recovered = toRecovered(made.frame, now, true);
    expect(sum(recovered.fen)).toBe(sum(steps.map((step) => step.recoveredFen)));
    expect(recovered.totalFen).toBe(made.frame.totals.recoveredFen);
    expect(recovered.axis.starts.length).toBeLessThanOrEqual(62);
  });
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

describe('towns', () => {
  const { frame, pack } = fixture();
  const town = (open: number, tiers: Record<string, number>, raised = 0) => ({ ...row({ open, raised }), tiers });

  it('rank among equals by graver tiers, then by what was raised, then by code, and share their place', () => {
    const byTown = {
      '330110004': town(4, { yellow: 4 }, 9),
      '330110003': town(4, { yellow: 4 }, 9),
      '330110002': town(4, { yellow: 4 }, 20),
      '330110001': town(4, { red: 1, yellow: 3 }),
      '330110005': town(6, { yellow: 6 }),
      '330110006': town(1, { red: 1 }),
    };
    const lines = toTowns({ ...frame, byTown }, pack, 'en');
    expect(lines.map((line) => line.code.slice(-1)).join('')).toBe('512346');
    expect(lines.map((line) => line.rank)).toEqual([1, 2, 2, 2, 2, 6]);
    expect(lines[0]!.name).toBe('Wuchang Subdistrict');
  });

  it('without a pack, or unknown to it, go by their code', () => {
    expect(toTowns({ ...frame, byTown: { '330110099': town(1, { red: 1 }) } }, pack, 'en')[0]!.name).toBe('330110099');
    expect(toTowns({ ...frame, byTown: { '330110001': town(1, { red: 1 }) } }, undefined, 'en')[0]!.name).toBe(
      '330110001',
    );
  });
});

describe('industries and channels', () => {
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
  it('shows the ten sources silent, and further ones only with something in them', () => {
    const lines = toChannels({
      ...frame,
      byChannel: { tax: row({ open: 1 }), hotline: row({}), grid: row({ raised: 2, effective: 1, successRate: 1 }) },
    });
    expect(lines).toHaveLength(12);
    expect(lines.slice(0, 10).every((line) => line.silent)).toBe(true);
    expect(lines.slice(10)).toEqual([
      { code: 'tax', raised: 0, open: 1, silent: true },
      { code: 'grid', raised: 2, open: 0, silent: false, successRate: 1 },
    ]);
  });
});

describe('closed loop', () => {
  it('reckons the overdue against the alerts whose term runs', () => {
    const { frame } = fixture();
    const view = toClosedLoop({
      ...frame,
      totals: { ...frame.totals, overdue: 3 },
      byStage: { raised: 1, dispatched: 2, accepted: 9, handled: 40, audited: 5, closed: 7 },
    });
    expect(view.overdueShare).toBe(0.25);
    expect(view.previousCloseHours).toBe(frame.compare.previous?.avgCloseHours);
  });
  it('of a moment in the past knows no stages and no overdue', () => {
    const { frame } = fixture();
    const past: Frame = structuredClone(frame);
    delete past.byStage;
    delete past.totals.overdue;
    const view = toClosedLoop(past);
    expect(view.stages).toBeUndefined();
    expect(view.overdue).toBeUndefined();
    expect(view.open).toBe(frame.totals.open);
  });
  it('has no share of overdue when no term runs', () => {
    const { frame } = fixture({ variant: 'empty' });
    expect(toClosedLoop(frame).overdueShare).toBeUndefined();
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
    expect(view.totalFen).toBe(500);
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

  it('gathers days into weeks and months without losing or moving any', () => {
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
        const wanted = sum(days.map((day) => day + 1));
        const { tiers, axis } = toTrend(frame, undefined, ms, true);
        expect(axis.starts).toHaveLength(53);
        expect(sum(tiers[0]!.raised)).toBe(wanted);
        days.forEach((day) => {
          const week = axis.starts.findLastIndex((start) => start <= first + day * DAY_MS);
          expect(tiers[0]!.raised[week]).toBeGreaterThanOrEqual(day + 1);
        });
        const recovered = toRecovered(frame, ms, true);
        expect(recovered.axis.starts).toHaveLength(13);
        expect(sum(recovered.fen)).toBe(wanted);
      }),
      { numRuns: 60 },
    );
  });
});
