import { onScopeDispose, watchEffect } from 'vue';
import { putTheme } from '../../styles/ink.ts';
import { useSettingsStore } from './settingsStore.ts';

/**
 * Puts the theme of this screen on the page: the one chosen, else high contrast where the system asks for it, else the
 * night's. Call once, in the program's root.
 */
export function useTheme(): void {
  const settings = useSettingsStore();
  const contrast = matchMedia('(prefers-contrast: more)');
  const put = () => {
    putTheme(settings.theme === 'auto' ? (contrast.matches ? 'contrast' : 'night') : settings.theme);
  };
  watchEffect(put);
  contrast.addEventListener('change', put);
  onScopeDispose(() => {
    contrast.removeEventListener('change', put);
  });
}
