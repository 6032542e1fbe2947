import { onScopeDispose, shallowRef, watchEffect } from 'vue';
import { useRoute } from 'vue-router';
import { putTheme, type Theme } from '../../styles/ink.ts';
import { useSettingsStore } from './settingsStore.ts';

/** The theme that is on the page. */
export const themeShown = shallowRef<Theme>('night');

/**
 * Puts the theme of this screen on the page: the one chosen, else high contrast where the system asks for it, else the
 * night's; on a page that is read like paper (`meta.paper`) the day's, unless the system asks for dark. Call once, in the
 * program's root.
 */
export function useTheme(): void {
  const settings = useSettingsStore();
  const contrast = matchMedia('(prefers-contrast: more)');
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const route = useRoute();
  const own = () => (contrast.matches ? 'contrast' : route.meta.paper && !dark.matches ? 'day' : 'night');
  const put = () => {
    themeShown.value = settings.theme === 'auto' ? own() : settings.theme;
    putTheme(themeShown.value);
  };
  watchEffect(put);
  for (const query of [contrast, dark]) query.addEventListener('change', put);
  onScopeDispose(() => {
    for (const query of [contrast, dark]) query.removeEventListener('change', put);
  });
}
