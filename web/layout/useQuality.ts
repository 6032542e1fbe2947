import { computed, onScopeDispose, ref, type ComputedRef } from 'vue';
import type { ScreenState } from '../settings/screenState.ts';
import { QualityJudge } from './quality.ts';

const FRAMES = 40;
/** The first look comes when the map has been built; later ones find a machine that got hot or busy. */
const FIRST_MS = 12_000;
const AGAIN_MS = 20_000;
const LATER_MS = 15 * 60_000;

/** The quality to draw with, by choice, by the reader's wish for less motion, or by measured frame time. */
export function useQuality(choice: () => ScreenState['quality']): ComputedRef<'high' | 'low'> {
  const judge = new QualityJudge();
  const measuredLow = ref(false);
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const reduced = ref(calm.matches);
  const onCalm = () => { reduced.value = calm.matches; };
  calm.addEventListener('change', onCalm);

  let timer: ReturnType<typeof setTimeout>;
  let frame = 0;
  function look(): void {
    const times: number[] = [];
    const step = (time: number) => {
      times.push(time);
      if (times.length <= FRAMES) {
        frame = requestAnimationFrame(step);
        return;
      }
      // A hidden page draws nothing and says nothing about the machine.
      if (document.visibilityState === 'visible') judge.measure(times.slice(1).map((t, i) => t - times[i]!));
      measuredLow.value = judge.low;
      if (!judge.low) timer = setTimeout(look, judge.suspicious ? AGAIN_MS : LATER_MS);
    };
    frame = requestAnimationFrame(step);
  }
  timer = setTimeout(look, FIRST_MS);
  onScopeDispose(() => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    calm.removeEventListener('change', onCalm);
  });
  return computed(() => {
    if (reduced.value) return 'low';
    const chosen = choice();
    return chosen === 'auto' ? (measuredLow.value ? 'low' : 'high') : chosen;
  });
}
