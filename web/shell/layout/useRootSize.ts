import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';

/** Sets the root font size from the viewport, now and whenever that changes. Call once, in the screen's setup. */
export function useRootSize<T extends { rem: number }>(fit: (width: number, height: number) => T): ShallowRef<T> {
  const fitted = shallowRef(fit(innerWidth, innerHeight)) as ShallowRef<T>;
  function apply(): void {
    fitted.value = fit(innerWidth, innerHeight);
    document.documentElement.style.fontSize = `${fitted.value.rem}px`;
  }
  apply();
  addEventListener('resize', apply);
  onScopeDispose(() => {
    removeEventListener('resize', apply);
  });
  return fitted;
}
