import { onScopeDispose } from 'vue';

/** Left alone for so long, the wall returns by itself (screens.md, "Drill-down"). */
export const IDLE_MS = 60_000;
const SIGNS = ['pointerdown', 'pointermove', 'wheel', 'keydown', 'touchstart', 'touchmove'] as const;

/** Calls `leave` once nobody has touched pointer, screen or keys for IDLE_MS. */
export function useIdleReturn(leave: () => void): void {
  let last = performance.now();
  let timer: ReturnType<typeof setTimeout>;
  function arm(ms: number): void {
    timer = setTimeout(() => {
      const rest = last + IDLE_MS - performance.now();
      if (rest > 0) arm(rest);
      else leave();
    }, ms);
  }
  // Moves come by the hundred: they note the time, and the timer looks when it is due.
  const touch = () => {
    last = performance.now();
  };
  for (const sign of SIGNS) addEventListener(sign, touch, { capture: true, passive: true });
  arm(IDLE_MS);
  onScopeDispose(() => {
    clearTimeout(timer);
    for (const sign of SIGNS) removeEventListener(sign, touch, { capture: true });
  });
}
