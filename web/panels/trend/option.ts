import { moneyTick, moneyUnit } from '../../charts/moneyAxis.ts';
import type { ChartOption } from '../../charts/echarts.ts';
import { fullGrid, INK, labelRoom, stepAxis, valueAxis, type ChartEnv } from '../../charts/theme.ts';
import { labelledSteps, stepLabel } from '../../charts/timeAxis.ts';
import { shortCount } from '../../i18n/format.ts';
import type { Lang } from '../../i18n/lang.ts';
import { TIER_HEX } from '../tierMark.ts';
import type { TrendView } from './mapping.ts';

/** Bars of alerts raised, stacked by tier with the gravest at the foot, and a line of wages recovered on an axis of its own. */
export function trendOption(view: TrendView, env: ChartEnv, lang: Lang): ChartOption {
  const names = view.axis.starts.map((start) => stepLabel(start, view.axis.step, lang));
  const unit = moneyUnit(Math.max(0, ...view.recoveredFen.map((fen) => fen ?? 0)), lang);
  return {
    grid: fullGrid(env),
    xAxis: stepAxis(env, names, labelledSteps(view.axis, labelRoom(env, names[0]?.length ?? 5, 12))),
    yAxis: [
      valueAxis(env, 'alerts', (value) => shortCount(value, lang), { split: true, whole: true }),
      { ...valueAxis(env, 'money', (value) => moneyTick(value, unit), { split: false, colour: INK.green }), alignTicks: true },
    ],
    series: [
      ...view.tiers.map(({ tier, raised }) => ({
        id: `tier-${tier}`,
        type: 'bar',
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
        yAxisIndex: 1,
        z: 5,
        data: view.recoveredFen.map((fen) => (fen === undefined ? '-' : fen / unit.fen)),
        showSymbol: view.axis.starts.length < 3,
        symbol: 'circle',
        symbolSize: 0.6 * env.rem,
        lineStyle: { color: INK.green, width: 0.25 * env.rem },
        itemStyle: { color: INK.green },
        emphasis: { disabled: true },
        cursor: 'default',
      },
    ],
  };
}
