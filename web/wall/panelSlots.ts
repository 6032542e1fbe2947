import { defineAsyncComponent, type Component } from 'vue';

/** A server that does not answer does not keep the rest of the screen waiting for longer, ms. */
const LONGEST_WAIT_MS = 3_000;
let resolveFigures = () => {};
const figuresShown = new Promise<void>((resolve) => {
  resolveFigures = resolve;
});

/** To be called when the headline figures are in the page: what comes after them may be fetched. */
export function startLaterPanels(): void {
  // Once they are drawn; a page that nobody sees draws nothing, and is in no hurry.
  requestAnimationFrame(() => {
    setTimeout(resolveFigures, 0);
  });
}

/**
 * The panels that come after the figures, each in a chunk of its own: headline and ticker are readable before the
 * code of charts and map is asked for, which on a thin line or a slow machine would be in their way.
 */
const later = (load: () => Promise<{ default: Component }>) =>
  defineAsyncComponent({
    async loader() {
      await Promise.race([
        figuresShown,
        new Promise((resolve) => {
          setTimeout(resolve, LONGEST_WAIT_MS);
        }),
      ]);
      return load();
    },
    // A wall that lost its network for a moment must not lose a panel for ever.
    onError(_error, retry, _fail, attempts) {
      setTimeout(retry, Math.min(15_000, 500 * 2 ** attempts));
    },
  });

const found = import.meta.glob<{ default: Component }>([
  '../panels/*/*Panel.vue',
  // These two are there from the beginning.
  '!../panels/{headline,ticker}/*',
]);
/** The panels by their slots, which are the names of their folders. */
const LATER_PANELS: Readonly<Record<string, Component>> = Object.fromEntries(
  Object.entries(found).map(([path, load]) => [path.split('/').at(-2)!, later(load)]),
);

/** The panel of a slot; undefined where there is none. */
export const panelOf = (slot: string): Component | undefined => LATER_PANELS[slot];

export const WallMap = later(() => import('../map/WallMap.vue'));

/** The past, fetched when somebody first asks for it. */
export const TimeBar = later(() => import('../timebar/TimeBar.vue'));

/** The wall's sheets, fetched when one is first opened. */
export const SettingsPanel = later(() => import('./SettingsPanel.vue'));
export const HelpPanel = later(() => import('./HelpPanel.vue'));
