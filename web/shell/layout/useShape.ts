import { computed, onScopeDispose, ref, type ComputedRef } from 'vue';
import { chooseShape, rootSize, SHAPES, type Shape, type ShapeName } from './shapes.ts';

/** The shape of this viewport; sets the root font size. Call once, in the screen's setup. */
export function useShape(): ComputedRef<Shape> {
  const name = ref<ShapeName>(chooseShape(innerWidth, innerHeight));
  function fit(): void {
    name.value = chooseShape(innerWidth, innerHeight, name.value);
    document.documentElement.style.fontSize = `${rootSize(innerWidth, innerHeight, SHAPES[name.value])}px`;
  }
  fit();
  addEventListener('resize', fit);
  onScopeDispose(() => {
    removeEventListener('resize', fit);
  });
  return computed(() => SHAPES[name.value]);
}
