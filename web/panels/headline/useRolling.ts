import { onScopeDispose, ref, watch, type Ref } from 'vue';

/** New figures roll for so long (screens.md, "Look"), then all is still. */
const ROLL_MS = 600;

/**
 * A number that rolls to its target and then rests; no frame is asked for in between. `still` jumps instead: at low
 * quality, with reduced motion, and on a hidden page, whose pictures nobody draws.
 */
export function useRolling(target: () => number | undefined, still: () => boolean): Ref<number | undefined> {
  const shown = ref(target());
  let frame = 0;
  watch(target, (to) => {
    cancelAnimationFrame(frame);
    const from = shown.value;
    if (from === undefined || to === undefined || from === to || still() || document.visibilityState === 'hidden') {
      shown.value = to;
      return;
    }
    let start: number | undefined;
    const step = (time: number) => {
      start ??= time;
      const t = Math.min(1, (time - start) / ROLL_MS);
      // Ease-out: quick first, so that the new figure is readable early.
      shown.value = t === 1 ? to : from + (to - from) * (1 - (1 - t) ** 3);
      if (t < 1) frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
  });
  onScopeDispose(() => {
    cancelAnimationFrame(frame);
  });
  return shown;
}
