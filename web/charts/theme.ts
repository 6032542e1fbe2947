import { ink } from '../styles/ink.ts';

/** Colours of all charts: the tokens of styles/tokens.css in the theme that is on. Sizes are in rem and become px by `env.rem`. */
export const INK = {
  get text() {
    return ink['--text'];
  },
  get text2() {
    return ink['--text-2'];
  },
  get structure() {
    return ink['--line-strong'];
  },
  get hairline() {
    return ink['--line-faint'];
  },
  get line() {
    return ink['--line'];
  },
  get green() {
    return ink['--green'];
  },
};

/** Figures' font, as the page has it. */
export function figuresFont(): string {
  return getComputedStyle(document.documentElement).getPropertyValue('--font-figures').trim() || 'sans-serif';
}

/** A font that has not come by then is not waited for: a chart in another face is better than none. */
const FONT_WAIT_MS = 1_500;
let fonts: Promise<void> | undefined;

/** Settles once the figures' font is there to be measured by: ECharts keeps the widths it has once measured. */
export function figuresFontReady(): Promise<void> {
  fonts ??= Promise.race([
    document.fonts.load(`16px ${figuresFont()}`).then(
      () => undefined,
      () => undefined,
    ),
    new Promise<void>((done) => {
      setTimeout(done, FONT_WAIT_MS);
    }),
  ]);
  return fonts;
}

/** Smallest text of the screens, in rem. */
export const SMALL_REM = 1.5;

/** What the drawing of a chart depends on besides its data. Lengths in px. */
export interface ChartEnv {
  rem: number;
  width: number;
  height: number;
  font: string;
}

const round = Math.round;

/** Text of an axis. */
export function axisText(env: ChartEnv, colour: string = INK.text2) {
  return { color: colour, fontSize: SMALL_REM * env.rem, fontFamily: env.font, hideOverlap: false };
}

/** A horizontal axis of named steps: a hairline, and labels only at the steps in `labelled`. */
export function stepAxis(env: ChartEnv, names: string[], labelled: ReadonlySet<number>) {
  return {
    id: 'steps',
    type: 'category',
    data: names,
    axisLine: { show: true, lineStyle: { color: INK.line, width: 1 } },
    axisTick: {
      show: true,
      alignWithLabel: true,
      length: round(0.4 * env.rem),
      lineStyle: { color: INK.line, width: 1 },
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
    splitLine: { show: options.split, lineStyle: { color: INK.hairline, width: 1 } },
  };
}

/** The plot fills its box; the labels of its axes are inside. */
export function fullGrid(env: ChartEnv) {
  return {
    id: 'plot',
    left: 0,
    right: 0,
    top: round(1.1 * env.rem),
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
