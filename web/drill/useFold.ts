import { onScopeDispose, ref, watch, type Ref } from 'vue';
import { countBelow } from './fold.ts';

/**
 * How many parts of a page that scrolls are below its lower edge, wholly or in part; 0 once it is scrolled to its end. Call in
 * `setup`.
 * @param page the element that scrolls
 * @param selector its parts
 */
export function useFold(
  page: Readonly<Ref<HTMLElement | null>>,
  selector: string,
): { below: Readonly<Ref<number>>; onward: () => void } {
  const below = ref(0);
  let asked = 0;
  function look(): void {
    asked = 0;
    const element = page.value;
    if (!element) return;
    const left = element.scrollHeight - element.clientHeight - element.scrollTop;
    const edge = element.getBoundingClientRect().top + element.clientTop + element.clientHeight;
    // A part that is made of parts is told by them.
    const parts = Array.from(element.querySelectorAll(selector))
      .filter((part) => !part.querySelector(selector))
      .map((part) => part.getBoundingClientRect());
    below.value = left > 1 ? countBelow(parts, edge) : 0;
  }
  const ask = () => {
    asked ||= requestAnimationFrame(look);
  };
  const sizes = new ResizeObserver(ask);
  /** What is added, or taken away, may make the page longer without any of its parts changing size. */
  const changes = new MutationObserver(() => {
    observe();
    ask();
  });
  function observe(): void {
    if (page.value) for (const child of page.value.children) sizes.observe(child);
  }
  watch(
    page,
    (now, before) => {
      sizes.disconnect();
      changes.disconnect();
      before?.removeEventListener('scroll', ask);
      if (!now) return;
      now.addEventListener('scroll', ask, { passive: true });
      sizes.observe(now);
      changes.observe(now, { childList: true, subtree: true });
      observe();
      ask();
    },
    { immediate: true, flush: 'post' },
  );
  onScopeDispose(() => {
    cancelAnimationFrame(asked);
    sizes.disconnect();
    changes.disconnect();
    page.value?.removeEventListener('scroll', ask);
  });
  return {
    below,
    onward: () => page.value?.scrollBy({ top: page.value.clientHeight * 0.8 }),
  };
}
