import { computed, ref, type ComputedRef } from 'vue';

const STEPS: Record<string, number> = {
  ArrowRight: 1,
  ArrowDown: 1,
  ArrowLeft: -1,
  ArrowUp: -1,
  Home: -Infinity,
  End: Infinity,
};

export interface Stops {
  /** Index of the one that the keyboard is on; 0 before there was one. */
  index: ComputedRef<number>;
  /** Goes to an index; beyond an end, to that end. */
  choose(to: number): void;
  /** Takes arrows, Home and End, and says whether it was one of them. */
  onKey(event: KeyboardEvent): boolean;
}

/**
 * Many things that are one stop for the Tab key: arrows go through them.
 * @param keys of all of them in order; the stop stays on its key while others pass it by
 */
export function useStops(keys: () => readonly string[]): Stops {
  const chosen = ref<string>();
  const index = computed(() => Math.max(0, chosen.value === undefined ? 0 : keys().indexOf(chosen.value)));
  function choose(to: number): void {
    const all = keys();
    chosen.value = all[Math.max(0, Math.min(all.length - 1, to))];
  }
  return {
    index,
    choose,
    onKey(event) {
      const step = STEPS[event.key];
      if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return false;
      // The screen has these keys, too (scope, window, scrolling); here they belong to what has the focus.
      event.preventDefault();
      event.stopPropagation();
      choose(index.value + step);
      return true;
    },
  };
}
