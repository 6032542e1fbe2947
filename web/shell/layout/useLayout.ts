import { computed, onScopeDispose, ref, type ComputedRef } from 'vue';
import { chooseLayout, gridOf, LAYOUTS, rootSize, type Layout, type LayoutName } from './layouts.ts';

/** The layout of this viewport; sets the root font size. Call once, in the screen's setup. */
export function useLayout(): { layout: ComputedRef<Layout>; grid: ComputedRef<ReturnType<typeof gridOf>> } {
  const name = ref<LayoutName>(chooseLayout(innerWidth, innerHeight));
  function fit(): void {
    name.value = chooseLayout(innerWidth, innerHeight, name.value);
    document.documentElement.style.fontSize = `${rootSize(innerWidth, innerHeight, LAYOUTS[name.value])}px`;
  }
  fit();
  addEventListener('resize', fit);
  onScopeDispose(() => {
    removeEventListener('resize', fit);
  });
  const layout = computed(() => LAYOUTS[name.value]);
  return { layout, grid: computed(() => gridOf(layout.value)) };
}
