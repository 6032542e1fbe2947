import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';

/** From a finger's touch until so long after it, nothing moves under it, ms. */
const STILL_MS = 900;

/** A list that keeps still while somebody is pressing on the screen, and catches up right after. */
export function useStill<T>(source: Readonly<Ref<T>>): Readonly<ShallowRef<T>> {
  const shown = shallowRef(source.value) as ShallowRef<T>;
  const held = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const release = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      held.value = false;
    }, STILL_MS);
  };
  const hold = () => {
    held.value = true;
    release();
  };
  addEventListener('pointerdown', hold, { capture: true, passive: true });
  watch(
    [source, held],
    () => {
      if (!held.value) shown.value = source.value;
    },
    { flush: 'sync' },
  );
  onScopeDispose(() => {
    clearTimeout(timer);
    removeEventListener('pointerdown', hold, { capture: true });
  });
  return shown;
}
