import { describe, expect, it } from 'vitest';
import type { ChartEnv } from '../../../../common/charts/axes.ts';
import { PAPER } from '../../../../common/charts/paper.ts';
import { trendOption } from '../../../../common/charts/trendOption.ts';
import { midnight } from '../../../../common/regionTime.ts';
import { CHART_SIZE, chartHeight, chartOption } from '../../../../common/report/charts.ts';
import { reportOf } from '../../../../common/report/reportOf.ts';
import { toTrend } from '../../../../web/panels/trend/mapping.ts';
import { fixture } from '../../../support/webFixtures.ts';
import { randomSituation } from '../../common/report/randomSituation.ts';

interface Drawn {
  series: { id: string; name?: string; data: unknown[] }[];
  legend: { data: { name: string }[]; formatter: (name: string) => string };
}

describe('the trend of a report', () => {
  const now = midnight(2026, 12, 1) - 1_000;
  const { frame, pack } = fixture({ window: 'month', now });
  const wall = toTrend(frame, pack, now, true);
  const [overview] = reportOf(
    {
      ...randomSituation(3),
      from: '2026-11-01T00:00:00+08:00',
      to: '2026-12-01T00:00:00+08:00',
      step: 'day',
      series: frame.series,
      tiers: wall.tiers.map(({ tier }) => tier),
    },
    'en',
  ).sections;
  const chart = overview!.chart!;

  it('is what the wall draws of the same figures: axes, bars and colours, but for the legend', () => {
    const env: ChartEnv = { rem: 10, width: CHART_SIZE.width, height: chartHeight(chart), font: 'f', ink: PAPER };
    const theirs = trendOption(wall, { ...env, head: 30 }, 'en');
    const { series, ...ours } = chartOption(chart, 'en', 'f') as unknown as Drawn;
    const { series: bars, ...others } = theirs;
    expect(JSON.parse(JSON.stringify(ours))).toMatchObject(JSON.parse(JSON.stringify(others)) as object);
    expect(series).toEqual(bars.map((bar) => ({ ...bar, name: bar.id })));
    expect(bars[0]!.data).toHaveLength(30);
    expect(bars.flatMap(({ data }) => data).every((value) => typeof value === 'number')).toBe(true);
  });

  it('names each of its series in the legend, with what it comes to', () => {
    const { series, legend } = chartOption(chart, 'en', 'f') as unknown as Drawn;
    expect(legend.data.map(({ name }) => name)).toEqual(series.map(({ name }) => name));
    const cells = overview!.tables.flatMap(({ rows }) => rows.map(([, now]) => now!.text));
    for (const { name } of legend.data) expect(cells).toContain(legend.formatter(name).split(' ').at(-1));
  });
});
