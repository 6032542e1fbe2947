import type { NameLang } from '../codeNames.ts';
import { fullGrid, labelRoom, stepAxis, valueAxis, type ChartEnv } from './axes.ts';
import { moneyTick, moneyUnit } from './moneyAxis.ts';
import { axisLabel, labelledSteps, type TimeAxis } from './timeAxis.ts';

export interface RecoveredSteps {
  axis: TimeAxis;
  /** Fen recovered in each step of the axis; steps still to come are absent (`undefined`), not zero. */
  fen: (number | undefined)[];
}

/** Bars of wages recovered, one a step. */
export function recoveredOption(view: RecoveredSteps, env: ChartEnv, lang: NameLang) {
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
        itemStyle: { color: env.ink.green },
        emphasis: { disabled: true },
        cursor: 'default',
      },
    ],
  };
}
