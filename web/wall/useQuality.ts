import { computed, onScopeDispose, ref, type ComputedRef, type Ref } from 'vue';
import type { ScreenState } from '../shell/settings/screenState.ts';
import { QualityJudge } from './quality.ts';

const FRAMES = 40;
/** A measurement takes no longer than this: a machine that draws one picture a second has said enough. */
const MEASURE_MS = 2_000;
/** After the map has been built it is still loading its parts; later looks find a machine that got hot or busy. */
const FIRST_MS = 2_500;
const AGAIN_MS = 3_000;
const LATER_MS = 15 * 60_000;

/**
 * The quality to draw with, by choice, by the reader's wish for less motion, or by measured frame time.
 * `drawn` is to be called when the map has been drawn for the first time: there is nothing to measure before.
 */
export function useQuality(choice: () => ScreenState['quality']): {
  quality: ComputedRef<'high' | 'low'>;
  reduced: Readonly<Ref<boolean>>;
  drawn: () => void;
} {
  const judge = new QualityJudge();
  const measuredLow = ref(false);
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const reduced = ref(calm.matches);
  const onCalm = () => {
    reduced.value = calm.matches;
  };
  calm.addEventListener('change', onCalm);

  let timer: ReturnType<typeof setTimeout> | undefined;
  let frame = 0;
  function measure(): void {
    const times: number[] = [];
    const step = (time: number) => {
      times.push(time);
      if (times.length <= FRAMES && time - times[0]! < MEASURE_MS) {
        frame = requestAnimationFrame(step);
        return;
      }
      // A hidden page draws nothing and says nothing about the machine.
      if (document.visibilityState === 'visible') judge.measure(times.slice(1).map((t, i) => t - times[i]!));
      measuredLow.value = judge.low;
      if (!judge.low) timer = setTimeout(measure, judge.suspicious ? AGAIN_MS : LATER_MS);
    };
    frame = requestAnimationFrame(step);
  }
  function drawn(): void {
    clearTimeout(timer);
    if (!judge.low) timer = setTimeout(measure, FIRST_MS);
  }
  onScopeDispose(() => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    calm.removeEventListener('change', onCalm);
  });
  const quality = computed(() => {
    if (reduced.value) return 'low';
    const chosen = choice();
    return chosen === 'auto' ? (measuredLow.value ? 'low' : 'high') : chosen;
  });
  return { quality, reduced, drawn };
}
