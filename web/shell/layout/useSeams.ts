import { computed, onScopeDispose, shallowRef, type ComputedRef } from 'vue';
import { useSettingsStore } from '../settings/settingsStore.ts';
import { parsePanels, seamsOf, type Seams } from './seams.ts';

/** The seams of this screen, by its settings and the size of its window. Call in `setup`. */
export function useSeams(): ComputedRef<Seams> {
  const settings = useSettingsStore();
  const size = shallowRef([innerWidth, innerHeight] as const);
  const measure = () => {
    size.value = [innerWidth, innerHeight];
  };
  addEventListener('resize', measure);
  onScopeDispose(() => {
    removeEventListener('resize', measure);
  });
  return computed(() => seamsOf(parsePanels(settings.panels), ...size.value));
}
