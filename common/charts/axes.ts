import type { Tier } from '../../contract/codes.ts';

/**
 * What all charts are made of, on screens and in reports: axes and plots as ECharts takes them. Sizes are in rem and become px by `env.rem`.
 */

/** A chart as ECharts takes it. Plain data, so that whoever draws brings the library. */
export type ChartOption = Record<string, unknown>;

/** Smallest text of the screens, in rem. */
export const SMALL_REM = 1.5;

/** The colours of a chart: of a screen's theme, or of paper. */
export interface ChartInk {
  text: string;
  text2: string;
  structure: string;
  hairline: string;
  line: string;
  /** Wages recovered, and success. */
  green: string;
  /** What is neither a tier nor money. */
  bar: string;
  /** What is filled with a tier's colour, and its rim. */
  fill: Readonly<Record<Tier, string>>;
  rim: { borderColor: string; borderWidth: number };
}

/** What the drawing of a chart depends on besides its data. Lengths in px. */
export interface ChartEnv {
  rem: number;
  width: number;
  height: number;
  font: string;
  ink: ChartInk;
  /** Kept free above the plot, for a legend in the picture; nothing where the legend stands beside it. */
  head?: number;
}

const round = Math.round;

/** Text of an axis. */
export function axisText(env: ChartEnv, colour: string = env.ink.text2) {
  return { color: colour, fontSize: SMALL_REM * env.rem, fontFamily: env.font, hideOverlap: false };
}

/** A horizontal axis of named steps: a hairline, and labels only at the steps in `labelled`. */
export function stepAxis(env: ChartEnv, names: string[], labelled: ReadonlySet<number>) {
  return {
    id: 'steps',
    type: 'category',
    data: names,
    axisLine: { show: true, lineStyle: { color: env.ink.line, width: 1 } },
    axisTick: {
      show: true,
      alignWithLabel: true,
      length: round(0.4 * env.rem),
      lineStyle: { color: env.ink.line, width: 1 },
      interval: (index: number) => labelled.has(index),
    },
    axisLabel: { ...axisText(env), margin: round(0.8 * env.rem), interval: (index: number) => labelled.has(index) },
    splitLine: { show: false },
    animation: false,
  };
}

/** A vertical axis with two or three hairlines, as many as fit. */
export function valueAxis(
  env: ChartEnv,
  id: string,
  label: (value: number) => string,
  options: { split: boolean; whole?: boolean; colour?: string },
) {
  return {
    id,
    type: 'value',
    min: 0,
    splitNumber: env.height < 9 * env.rem ? 1 : env.height < 16 * env.rem ? 2 : 3,
    ...(options.whole ? { minInterval: 1 } : {}),
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { ...axisText(env, options.colour), margin: round(0.8 * env.rem), formatter: label },
    splitLine: { show: options.split, lineStyle: { color: env.ink.hairline, width: 1 } },
  };
}

/** The plot fills its box; the labels of its axes are inside. */
export function fullGrid(env: ChartEnv) {
  return {
    id: 'plot',
    left: 0,
    right: 0,
    top: round((env.head ?? 0) + 1.1 * env.rem),
    bottom: round(0.3 * env.rem),
    outerBoundsMode: 'same',
    outerBoundsContain: 'axisLabel',
  };
}

/** How many labels of about `characters` figures fit side by side. */
export function labelRoom(env: ChartEnv, characters: number, reservedRem = 6): number {
  const label = (characters * 0.52 + 1) * SMALL_REM * env.rem;
  return Math.max(2, Math.floor((env.width - reservedRem * env.rem) / label));
}
