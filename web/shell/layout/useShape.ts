import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue';
import { useSettingsStore } from '../settings/settingsStore.ts';
import { parsePanels, type Panels } from './seams.ts';
import { chooseShape, isFar, rootSize, SHAPES, type Shape } from './shapes.ts';

export interface Fit extends Shape {
  far: boolean;
  /** The screens that it is put together from, if it is. */
  panels: Panels | undefined;
  /** Size of the page in rem. */
  width: number;
  height: number;
}

/** The shape of this viewport; sets the root font size. Call once, in the screen's setup. */
export function useShape(): ComputedRef<Fit> {
  const settings = useSettingsStore();
  const fit = shallowRef(measured());
  function measured(name = chooseShape(innerWidth, innerHeight)): Fit {
    const shape = SHAPES[name];
    const panels = name === 'phone' ? undefined : parsePanels(settings.panels);
    const far = isFar(settings.distance, name);
    const rem = rootSize(innerWidth, innerHeight, shape, far, panels);
    document.documentElement.style.fontSize = `${rem}px`;
    return { ...shape, far, panels, width: innerWidth / rem, height: innerHeight / rem };
  }
  function again(): void {
    fit.value = measured(chooseShape(innerWidth, innerHeight, fit.value.name));
  }
  addEventListener('resize', again);
  watch(() => [settings.distance, settings.panels], again);
  onScopeDispose(() => {
    removeEventListener('resize', again);
  });
  return computed(() => fit.value);
}
