import { useResizeObserver, type MaybeComputedElementRef } from '@vueuse/core';
import { onMounted, watch, type Ref } from 'vue';

/** Sizes to go down by, largest first; the style says which each is. The first has no name. */
const STEPS = ['', 'small', 'smallest'] as const;

/**
 * Lets a text be as large as there is room for: where it would be cut, it is set in the next smaller size (`data-size`). Measured
 * before it is painted, so no screen shows it in between.
 * @param box what may become narrower or wider
 * @param content what the text follows from, and what stands beside it
 */
export function useFit(line: Ref<HTMLElement | null>, box: MaybeComputedElementRef, content: () => unknown): void {
  const fit = () => {
    const element = line.value;
    if (!element) return;
    for (const step of STEPS) {
      element.dataset['size'] = step;
      if (element.scrollHeight <= element.clientHeight && element.scrollWidth <= element.clientWidth) return;
    }
  };
  onMounted(() => {
    fit();
    // Letters of another font are of another width.
    void document.fonts.ready.then(fit);
  });
  watch(content, fit, { flush: 'post' });
  useResizeObserver(box, fit);
}
