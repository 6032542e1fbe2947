import type { Tier } from '../../contract/codes.ts';
import type { NameLang } from '../codeNames.ts';
import { shortCount } from '../format.ts';
import { fullGrid, labelRoom, SMALL_REM, stepAxis, valueAxis, type ChartEnv } from './axes.ts';
import { moneyTick, moneyUnit } from './moneyAxis.ts';
import { axisLabel, labelledSteps, type TimeAxis } from './timeAxis.ts';

export interface TrendSteps {
  axis: TimeAxis;
  /** Alerts raised in each step of the axis, a line a tier, gravest first; steps still to come are absent. */
  tiers: { tier: Tier; raised: (number | undefined)[] }[];
  /** Fen recovered in each step. */
  recoveredFen: (number | undefined)[];
}

/**
 * Alerts raised as bars upwards, stacked by tier with the gravest at the foot; wages recovered as bars downwards, on the same
 * time axis, which runs between the two. Nothing is drawn between bars.
 * @param now what the step of now is called, where it is a day; nothing where the axis is all of the past
 */
export function trendOption(view: TrendSteps, env: ChartEnv, lang: NameLang, now?: string) {
  const { axis } = view;
  const names = axis.starts.map((start, index) =>
    now !== undefined && axis.step === 'day' && index === axis.current ? now : axisLabel(start, axis.step, lang),
  );
  const unit = moneyUnit(Math.max(0, ...view.recoveredFen.map((fen) => fen ?? 0)), lang);
  const labels = stepAxis(env, names, labelsOf(view, env, names, now !== undefined));
  const plot = fullGrid(env);
  const axisHeight = 2.6 * env.rem;
  const room = Math.max(0, env.height - plot.top - axisHeight);
  const lower = Math.round(room * 0.28);
  const split = { left: 5.6 * env.rem, right: 0.4 * env.rem };
  const bars = {
    type: 'bar',
    barCategoryGap: '35%',
    barMaxWidth: 2.4 * env.rem,
    emphasis: { disabled: true },
    cursor: 'default',
  };
  return {
    grid: [
      { id: 'alerts', ...split, top: plot.top, height: room - lower },
      { id: 'money', ...split, top: plot.top + room - lower, height: lower },
    ],
    xAxis: [
      { ...labels, id: 'steps', gridIndex: 0, axisLabel: { show: false }, axisTick: { show: false } },
      {
        ...labels,
        id: 'steps-money',
        gridIndex: 1,
        position: 'bottom',
        axisLine: { show: false, onZero: false },
        axisTick: { show: false },
      },
    ],
    yAxis: [
      {
        ...valueAxis(env, 'alerts', (value) => shortCount(value, lang), { split: true, whole: true }),
        gridIndex: 0,
        splitNumber: room < 20 * env.rem ? 2 : 4,
      },
      {
        ...valueAxis(env, 'money', (value) => (value === 0 ? '' : moneyTick(value, unit)), {
          split: true,
          colour: env.ink.green,
        }),
        gridIndex: 1,
        inverse: true,
        splitNumber: lower < 10 * env.rem ? 1 : 2,
      },
    ],
    series: [
      ...view.tiers.map(({ tier, raised }) => ({
        ...bars,
        id: `tier-${tier}`,
        xAxisIndex: 0,
        yAxisIndex: 0,
        stack: 'alerts',
        data: raised.map((value) => value ?? '-'),
        itemStyle: { color: env.ink.fill[tier], ...env.ink.rim },
      })),
      {
        ...bars,
        id: 'recovered',
        xAxisIndex: 1,
        yAxisIndex: 1,
        data: view.recoveredFen.map((fen) => (fen === undefined ? '-' : fen / unit.fen)),
        itemStyle: { color: env.ink.green },
      },
    ],
  };
}

/** Steps with a label: round ones, and, among days, today, which pushes its neighbours aside. */
function labelsOf({ axis }: TrendSteps, env: ChartEnv, names: readonly string[], hasNow: boolean): Set<number> {
  const labelled = labelledSteps(axis, labelRoom(env, names[0]?.length ?? 5));
  if (!hasNow || axis.step !== 'day') return labelled;
  const stepWidth = (env.width - 6 * env.rem) / Math.max(1, axis.starts.length);
  const apart = Math.ceil((5.2 * SMALL_REM * 0.7 * env.rem) / Math.max(1, stepWidth));
  return new Set([...[...labelled].filter((index) => Math.abs(index - axis.current) >= apart), axis.current]);
}
