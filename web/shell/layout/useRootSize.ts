import { onScopeDispose, shallowRef, watchEffect, type ShallowRef } from 'vue';

/** Sets the root font size from the viewport, now and whenever that changes, or what `fit` reads of the screen's state does. Call once, in the screen's setup. */
export function useRootSize<T extends { rem: number }>(fit: (width: number, height: number) => T): ShallowRef<T> {
  const fitted = shallowRef(fit(innerWidth, innerHeight)) as ShallowRef<T>;
  function apply(): void {
    fitted.value = fit(innerWidth, innerHeight);
    document.documentElement.style.fontSize = `${fitted.value.rem}px`;
  }
  watchEffect(apply, { flush: 'sync' });
  addEventListener('resize', apply);
  onScopeDispose(() => {
    removeEventListener('resize', apply);
  });
  return fitted;
}
