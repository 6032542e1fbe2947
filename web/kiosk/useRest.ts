import { onScopeDispose, ref, type Ref } from 'vue';

const SIGNS = ['pointerdown', 'pointermove', 'wheel', 'keydown'] as const;

export interface Rest {
  /** Whether the calm view is on. */
  resting: Readonly<Ref<boolean>>;
  /** Shows the working view, as a touch would. */
  wake(): void;
}

/**
 * The calm view of a kiosk that nobody has touched for `restMs()`. A touch only wakes it: what lies under the
 * finger is not pressed by it.
 */
export function useRest(restMs: () => number): Rest {
  const resting = ref(false);
  let last = performance.now();
  let timer: ReturnType<typeof setTimeout>;
  function arm(): void {
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        if (performance.now() - last >= restMs()) resting.value = true;
        else arm();
      },
      Math.max(50, last + restMs() - performance.now()),
    );
  }
  function wake(): void {
    last = performance.now();
    if (!resting.value) return;
    resting.value = false;
    arm();
  }
  // While it rests, the view that covers everything takes the touch itself.
  const sign = () => {
    last = performance.now();
  };
  for (const name of SIGNS) addEventListener(name, sign, { capture: true, passive: true });
  arm();
  onScopeDispose(() => {
    clearTimeout(timer);
    for (const name of SIGNS) removeEventListener(name, sign, { capture: true });
  });
  return { resting, wake };
}
