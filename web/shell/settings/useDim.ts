import { computed, type ComputedRef } from 'vue';
import { brightnessAt } from './brightness.ts';
import type { useSettingsStore } from './settingsStore.ts';

/** How much of the screen's light is taken away now, 0…1. @param now the server's clock, epoch ms; 0 while unknown */
export function useDim(now: () => number, settings: ReturnType<typeof useSettingsStore>): ComputedRef<number> {
  return computed(() => 1 - (now() ? brightnessAt(now(), settings.state) : 100) / 100);
}
