import { onScopeDispose, ref, watch, type Ref } from 'vue';

/** New figures roll for so long (screens.md, "Look"), then all is still. */
const ROLL_MS = 600;

/**
 * A number that rolls to its target and then rests; no frame is asked for in between. It jumps instead where `about` changes
 * (another scope or window: no number between the two is true of either), where `still` says so (low quality, reduced motion),
 * and on a hidden page, whose pictures nobody draws.
 * @param target both must come of one value, so that they change together
 */
export function useRolling(
  target: () => { value: number | undefined; about: string },
  still: () => boolean,
): Ref<number | undefined> {
  const shown = ref(target().value);
  let frame = 0;
  let end: ReturnType<typeof setTimeout> | undefined;
  function stop(): void {
    cancelAnimationFrame(frame);
    clearTimeout(end);
  }
  watch(target, ({ value: to, about }, before) => {
    if (to === before.value && about === before.about) return;
    stop();
    const from = shown.value;
    const jumps = about !== before.about || still() || document.visibilityState === 'hidden';
    if (jumps || from === undefined || to === undefined || from === to) {
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
    // Pictures may stop coming at any moment; the figure must be right all the same.
    end = setTimeout(() => {
      stop();
      shown.value = to;
    }, 2 * ROLL_MS);
  });
  onScopeDispose(stop);
  return shown;
}
