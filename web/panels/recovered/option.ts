import { moneyTick, moneyUnit } from '../../charts/moneyAxis.ts';
import type { ChartOption } from '../../charts/echarts.ts';
import { fullGrid, INK, labelRoom, stepAxis, valueAxis, type ChartEnv } from '../../charts/theme.ts';
import { axisLabel, labelledSteps } from '../../charts/timeAxis.ts';
import type { Lang } from '../../i18n/lang.ts';
import type { RecoveredView } from './mapping.ts';

/** Bars of wages recovered, one a step. */
export function recoveredOption(view: RecoveredView, env: ChartEnv, lang: Lang): ChartOption {
  const names = view.axis.starts.map((start) => axisLabel(start, view.axis.step, lang));
  const unit = moneyUnit(Math.max(0, ...view.fen.map((fen) => fen ?? 0)), lang);
  return {
    grid: fullGrid(env),
    xAxis: stepAxis(env, names, labelledSteps(view.axis, labelRoom(env, names[0]?.length ?? 5))),
    yAxis: valueAxis(env, 'money', (value) => moneyTick(value, unit), { split: true }),
    series: [
      {
        id: 'recovered',
        type: 'bar',
        data: view.fen.map((fen) => (fen === undefined ? '-' : fen / unit.fen)),
        barCategoryGap: '35%',
        barMaxWidth: 2.4 * env.rem,
        itemStyle: { color: INK.green },
        emphasis: { disabled: true },
        cursor: 'default',
      },
    ],
  };
}
