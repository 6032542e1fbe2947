import { moneyTick, moneyUnit } from '../../charts/moneyAxis.ts';
import type { ChartOption } from '../../charts/echarts.ts';
import { fullGrid, INK, labelRoom, stepAxis, valueAxis, type ChartEnv } from '../../charts/theme.ts';
import { axisLabel, labelledSteps } from '../../charts/timeAxis.ts';
import { shortCount } from '../../i18n/format.ts';
import type { Lang } from '../../i18n/lang.ts';
import { TIER_HEX } from '../../shell/tierMark.ts';
import type { TrendView } from './mapping.ts';

/**
 * Bars of alerts raised, stacked by tier with the gravest at the foot, and a line of wages recovered on an axis of
 * its own. Over the bars that line would be lost, so it has the lower third to itself, on the same time axis.
 */
export function trendOption(view: TrendView, env: ChartEnv, lang: Lang): ChartOption {
  const names = view.axis.starts.map((start) => axisLabel(start, view.axis.step, lang));
  const unit = moneyUnit(Math.max(0, ...view.recoveredFen.map((fen) => fen ?? 0)), lang);
  const labels = stepAxis(env, names, labelledSteps(view.axis, labelRoom(env, names[0]?.length ?? 5)));
  const plot = fullGrid(env);
  const axisHeight = 2.8 * env.rem;
  const gap = 1.6 * env.rem;
  const room = Math.max(0, env.height - plot.top - axisHeight - gap);
  const lower = Math.round(room * 0.3);
  const split = { left: 5.6 * env.rem, right: 0.4 * env.rem };
  return {
    grid: [
      { id: 'alerts', ...split, top: plot.top, height: room - lower },
      { id: 'money', ...split, top: plot.top + room - lower + gap, height: lower },
    ],
    xAxis: [
      { ...labels, id: 'steps', gridIndex: 0, axisLabel: { show: false }, axisTick: { show: false } },
      { ...labels, id: 'steps-money', gridIndex: 1 },
    ],
    yAxis: [
      {
        ...valueAxis(env, 'alerts', (value) => shortCount(value, lang), { split: true, whole: true }),
        gridIndex: 0,
        splitNumber: room < 20 * env.rem ? 2 : 4,
      },
      {
        ...valueAxis(env, 'money', (value) => moneyTick(value, unit), { split: true, colour: INK.green }),
        gridIndex: 1,
        splitNumber: lower < 10 * env.rem ? 1 : 2,
      },
    ],
    series: [
      ...view.tiers.map(({ tier, raised }) => ({
        id: `tier-${tier}`,
        type: 'bar',
        xAxisIndex: 0,
        yAxisIndex: 0,
        stack: 'alerts',
        data: raised.map((value) => value ?? '-'),
        barCategoryGap: '35%',
        barMaxWidth: 2.4 * env.rem,
        itemStyle: { color: TIER_HEX[tier] },
        emphasis: { disabled: true },
        cursor: 'default',
      })),
      {
        id: 'recovered',
        type: 'line',
        xAxisIndex: 1,
        yAxisIndex: 1,
        data: view.recoveredFen.map((fen) => (fen === undefined ? '-' : fen / unit.fen)),
        // A line of one step is a point.
        // A line that is resized while it moves to new points stays where it was: it goes there at once instead.
        animation: false,
        showSymbol: view.axis.current === 0,
        symbol: 'circle',
        symbolSize: 0.8 * env.rem,
        lineStyle: { color: INK.green, width: 0.25 * env.rem },
        itemStyle: { color: INK.green },
        areaStyle: { color: INK.green, opacity: 0.18 },
        emphasis: { disabled: true },
        cursor: 'default',
      },
    ],
  };
}
