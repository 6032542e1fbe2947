import { createApp, nextTick } from 'vue';
import { getInstanceByDom } from 'echarts/core';
import type { WindowName } from '../../../contract/codes.ts';
import type { Frame } from '../../../contract/frame.ts';
import { i18n, setLang } from '../../../web/i18n/index.ts';
import type { Lang } from '../../../web/i18n/lang.ts';
import '../../../web/styles/fonts.css';
import '../../../web/styles/base.css';
import { fixture, type FixtureVariant } from '../../support/webFixtures.ts';
import { board, opened, type Board } from './board.ts';
import BoardPage from './PanelBoard.vue';
import { PANELS } from './panels.ts';

export interface Scene extends Partial<Board> {
  variant?: FixtureVariant;
  window?: WindowName;
  lang?: Lang;
  /** px of 1rem. */
  rem?: number;
  /** Leaves the figures as they are. */
  keep?: boolean;
}

/** Shows a scene in the page that is already there. */
async function show(scene: Scene): Promise<void> {
  const { variant, window: name, lang, rem, keep, ...rest } = scene;
  if (lang) setLang(lang);
  if (rem) document.documentElement.style.fontSize = `${rem}px`;
  if (!keep) {
    const made = fixture({ ...(variant ? { variant } : {}), ...(name ? { window: name } : {}) });
    Object.assign(board, { frame: made.frame, pack: made.pack, now: made.now });
  }
  Object.assign(board, rest);
  await nextTick();
}

/** Replaces the frame by a changed copy, as a patch does. */
async function change(alter: (frame: Frame) => void): Promise<void> {
  const copy = structuredClone(board.frame!);
  alter(copy);
  board.frame = copy;
  await nextTick();
}

/** Ids of the chart instances on the page: a chart made again has another. */
function charts(): string[] {
  return [...document.querySelectorAll('.echarts-host')].map((host) => getInstanceByDom(host as HTMLElement)?.id ?? '');
}

/** What ECharts has been told by now, chart by chart. */
function options(): Record<string, unknown>[] {
  return [...document.querySelectorAll('.echarts-host')].map(
    (host) => getInstanceByDom(host as HTMLElement)!.getOption() as Record<string, unknown>,
  );
}

/** The part of it on moving. */
function animations(): unknown[] {
  return options().map(({ animation, animationDuration, animationDurationUpdate }) => ({
    animation,
    animationDuration,
    animationDurationUpdate,
  }));
}

/** Starts counting how often each chart is given an option; the function returned tells. */
function countUpdates(): () => number {
  let calls = 0;
  for (const host of document.querySelectorAll('.echarts-host')) {
    const chart = getInstanceByDom(host as HTMLElement)!;
    const setOption = chart.setOption.bind(chart) as (...args: unknown[]) => void;
    Object.assign(chart, {
      setOption: (...args: unknown[]) => {
        calls++;
        setOption(...args);
      },
    });
  }
  return () => calls;
}

const harness = { board, opened, show, change, charts, options, animations, countUpdates, panels: Object.keys(PANELS) };
export type Harness = typeof harness;
Object.assign(window, { panelsHarness: harness });

createApp(BoardPage).use(i18n).mount('#app');
