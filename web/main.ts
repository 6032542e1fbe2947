import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './App.vue';
import { i18n } from './i18n/index.ts';
import { router } from './router.ts';
import { useSettingsStore } from './shell/settings/settingsStore.ts';
import './styles/fonts.css';
import './styles/base.css';

/** What belongs to a display is fetched by then, however busy the page is. */
const DISPLAY_WAITS_MS = 3_000;

addEventListener(
  'keydown',
  () => {
    document.documentElement.setAttribute('data-keys', '');
  },
  { once: true, capture: true },
);

const app = createApp(App).use(createPinia()).use(i18n).use(router);
void router.isReady().then(() => {
  useSettingsStore().bind(router);
  app.mount('#app');
  document.documentElement.setAttribute('data-started', '');
  // What a paired display does beside its screen, once that is there; a page that cannot fetch it now is loaded anew some day.
  whenIdle(() => {
    void import('./shell/display/display.ts').then(
      ({ startDisplay }) => {
        startDisplay();
      },
      () => {},
    );
  });
});

/** Once the page has nothing else to do. Safari cannot tell when that is. */
function whenIdle(work: () => void): void {
  if ('requestIdleCallback' in window) requestIdleCallback(work, { timeout: DISPLAY_WAITS_MS });
  else setTimeout(work, DISPLAY_WAITS_MS);
}
