import type { Tier } from '../../contract/codes.ts';
import type { ReportChart } from './model.ts';

/** A chart as ECharts takes it, in light colours: for paper. Plain data, so that whoever draws brings the library. */
export type ChartOption = Record<string, unknown>;

/** As on the wall by day (web/styles/tokens.css). */
const FILL: Record<Tier, string> = { red: '#dd0205', orange: '#ff8a00', yellow: '#ffd500', blue: '#064bc2' };
const INK = '#0a1a30';
const INK_2 = '#435c79';
const LINE = '#d5dee8';
const BAR = '#4a86bf';
/** Of several figures side by side: blue beside a light one, told apart in grey print, too. */
const COLUMNS = ['#2f6ca8', '#9cc3e6', '#435c79'];

/** Pixels; text is 14 px, which is 9 pt on a sheet. */
export const CHART_SIZE = { width: 920, series: 300, row: 30 };

export const chartHeight = (chart: ReportChart): number =>
  chart.kind === 'bars' ? 44 + chart.rows.length * CHART_SIZE.row : CHART_SIZE.series;

export function chartOption(chart: ReportChart, font: string): ChartOption {
  const textStyle = { fontFamily: font, fontSize: 14, color: INK };
  const axis = {
    axisLabel: { ...textStyle, color: INK_2 },
    axisLine: { lineStyle: { color: INK_2 } },
    axisTick: { show: false },
  };
  const value = {
    type: 'value',
    minInterval: 1,
    ...axis,
    axisLine: { show: false },
    splitLine: { lineStyle: { color: LINE } },
  };
  const common = { animation: false, backgroundColor: '#ffffff', textStyle };
  if (chart.kind === 'bars') {
    return {
      ...common,
      grid: { left: 8, right: 60, top: 8, bottom: 8, containLabel: true },
      xAxis: { ...value, axisLabel: { show: false } },
      yAxis: {
        type: 'category',
        inverse: true,
        data: chart.rows.map(({ label }) => label),
        ...axis,
        axisLabel: { ...textStyle, interval: 0 },
      },
      series: [
        {
          type: 'bar',
          data: chart.rows.map((row) => row.value),
          itemStyle: { color: BAR },
          barMaxWidth: 16,
          label: { show: true, position: 'right', ...textStyle },
        },
      ],
    };
  }
  const overTime = {
    ...common,
    legend: { top: 0, right: 8, icon: 'rect', itemWidth: 14, itemHeight: 10, textStyle },
    grid: { left: 8, right: 12, top: 36, bottom: 4, containLabel: true },
    xAxis: { type: 'category', data: chart.steps.map(({ label }) => label), ...axis },
    yAxis: value,
  };
  if (chart.kind === 'columns')
    return {
      ...overTime,
      color: COLUMNS,
      series: chart.names.map((name, i) => ({
        name,
        type: 'bar',
        barMaxWidth: 18,
        data: chart.steps.map(({ values }) => values[i] ?? 0),
      })),
    };
  return {
    ...overTime,
    color: chart.tiers.map((tier) => FILL[tier]),
    series: chart.tiers.map((tier) => ({
      name: chart.names[tier],
      type: 'bar',
      stack: 'raised',
      barMaxWidth: 26,
      itemStyle: { borderColor: '#543c06', borderWidth: tier === 'yellow' ? 0.5 : 0 },
      data: chart.steps.map((step) => step.tiers[tier] ?? 0),
    })),
  };
}
