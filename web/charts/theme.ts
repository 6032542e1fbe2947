import type { ChartInk } from '../../common/charts/axes.ts';
import { ink } from '../styles/ink.ts';

/** Colours of all charts: the tokens of styles/tokens.css in the theme that is on. Who reads one where it draws is drawn anew with it. */
export const INK: ChartInk = {
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
  get bar() {
    return ink['--bar'];
  },
  fill: {
    get red() {
      return ink['--red-fill'];
    },
    get orange() {
      return ink['--orange-fill'];
    },
    get yellow() {
      return ink['--yellow-fill'];
    },
    get blue() {
      return ink['--blue-fill'];
    },
  },
  get rim() {
    return { borderColor: ink['--rim'], borderWidth: Number.parseFloat(ink['--rim-width']) };
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
