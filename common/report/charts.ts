import type { Tier } from '../../contract/codes.ts';
import {
  axisText,
  fullGrid,
  labelRoom,
  SMALL_REM,
  stepAxis,
  valueAxis,
  type ChartEnv,
  type ChartOption,
} from '../charts/axes.ts';
import { PAPER } from '../charts/paper.ts';
import { axisLabel, labelledSteps } from '../charts/timeAxis.ts';
import { trendOption } from '../charts/trendOption.ts';
import type { NameLang } from '../codeNames.ts';
import { shortCount } from '../format.ts';
import type { ReportChart } from './model.ts';
import { countText } from './numbers.ts';

/**
 * Charts of reports, of the same parts as those of the wall, and where the wall has that chart (预警趋势) by the very same option. In a picture
 * the legend must be drawn, too: on screens it is HTML.
 */

/** Pixels. On a sheet the width of the type area is four fifths of it, so that the text of axes is 9 points (小五). */
export const CHART_SIZE = { width: 736, overTime: 330, row: 28 };
const REM = 10;
/** The line of the legend. */
const HEAD = 3 * REM;
/** As on the wall (web/shell/tierMark.ts): each tier has a shape, too. */
const ICONS: Record<Tier | 'recovered', string> = {
  red: 'triangle',
  orange: 'diamond',
  yellow: 'circle',
  blue: 'rect',
  recovered: 'rect',
};
/** Of several figures side by side: a dark one beside a light one, told apart in grey print, too. */
const COLUMNS = [PAPER.structure, '#9cc3e6', PAPER.text2];

export const chartHeight = (chart: ReportChart): number =>
  chart.kind === 'bars' ? chart.rows.length * CHART_SIZE.row : CHART_SIZE.overTime;

/** @param font the family that all text is set in */
export function chartOption(chart: ReportChart, lang: NameLang, font: string): ChartOption {
  const env: ChartEnv = {
    rem: REM,
    width: CHART_SIZE.width,
    height: chartHeight(chart),
    font,
    ink: PAPER,
    head: chart.kind === 'bars' ? 0 : HEAD,
  };
  return { animation: false, backgroundColor: '#ffffff', ...drawingOf(chart, env, lang) };
}

function drawingOf(chart: ReportChart, env: ChartEnv, lang: NameLang): ChartOption {
  switch (chart.kind) {
    case 'trend':
      return trendWithLegend(chart, env, lang);
    case 'columns':
      return columnsOption(chart, env, lang);
    case 'bars':
      return barsOption(chart, env);
  }
}

function trendWithLegend({ steps, legend }: Chart<'trend'>, env: ChartEnv, lang: NameLang): ChartOption {
  const drawn = trendOption(steps, env, lang);
  const entries = legend.map(({ of, text }) => ({ id: of === 'recovered' ? of : `tier-${of}`, icon: ICONS[of], text }));
  const texts = new Map(entries.map(({ id, text }) => [id, text]));
  return {
    ...drawn,
    series: drawn.series.map((one) => ({ ...one, name: one.id })),
    legend: {
      ...legendLook(env),
      data: entries.map(({ id, icon }) => ({ name: id, icon })),
      formatter: (id: string) => texts.get(id) ?? id,
    },
  };
}

function columnsOption({ axis, columns }: Chart<'columns'>, env: ChartEnv, lang: NameLang): ChartOption {
  const names = axis.starts.map((start) => axisLabel(start, axis.step, lang));
  return {
    color: COLUMNS,
    grid: fullGrid(env),
    xAxis: stepAxis(env, names, labelledSteps(axis, labelRoom(env, names[0]?.length ?? 5))),
    yAxis: valueAxis(env, 'count', (value) => shortCount(value, lang), { split: true, whole: true }),
    legend: { ...legendLook(env), icon: 'rect' },
    series: columns.map(({ name, values }) => ({
      id: name,
      name,
      type: 'bar',
      barMaxWidth: 1.8 * env.rem,
      data: values,
    })),
  };
}

/** Bars that lie, each with its figure: the longest names stand whole. */
function barsOption({ rows }: Chart<'bars'>, env: ChartEnv): ChartOption {
  return {
    grid: { ...fullGrid(env), top: 0, bottom: 0, right: 6 * env.rem },
    xAxis: {
      ...valueAxis(env, 'count', String, { split: false, whole: true }),
      axisLabel: { show: false },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: rows.map(({ label }) => label),
      axisLine: { lineStyle: { color: env.ink.line } },
      axisTick: { show: false },
      axisLabel: { ...axisText(env, env.ink.text), interval: 0 },
    },
    series: [
      {
        id: 'count',
        type: 'bar',
        data: rows.map(({ value }) => value),
        barMaxWidth: 1.7 * env.rem,
        itemStyle: { color: env.ink.bar },
        label: {
          ...axisText(env, env.ink.text),
          show: true,
          position: 'right',
          formatter: ({ value }: { value: number }) => countText(value),
        },
      },
    ],
  };
}

const legendLook = (env: ChartEnv) => ({
  top: 0,
  right: 0.4 * env.rem,
  itemWidth: 1.3 * env.rem,
  itemHeight: 1.1 * env.rem,
  itemGap: 1.8 * env.rem,
  textStyle: { color: env.ink.text, fontSize: SMALL_REM * env.rem, fontFamily: env.font },
});

type Chart<K extends ReportChart['kind']> = Extract<ReportChart, { kind: K }>;
