import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue';

/** Size of the content box of an element in px; 0 × 0 while it is not laid out. */
export interface Box {
  width: number;
  height: number;
}

/** Follows the size of an element with a ResizeObserver. Call in `setup`. */
export function useBox(element: Readonly<Ref<Element | null>>): ShallowRef<Box> {
  const box = shallowRef<Box>({ width: 0, height: 0 });
  const observer = new ResizeObserver((entries) => {
    const rect = entries.at(-1)!.contentRect;
    if (rect.width !== box.value.width || rect.height !== box.value.height)
      box.value = { width: rect.width, height: rect.height };
  });
  watch(
    element,
    (now, before) => {
      if (before) observer.unobserve(before);
      if (now) observer.observe(now);
    },
    { immediate: true, flush: 'post' },
  );
  onScopeDispose(() => observer.disconnect());
  return box;
}

let rem: ShallowRef<number> | undefined;

/**
 * The root font size in px. One hidden probe for the whole page: charts need it as a number, and it changes with the
 * window, the zoom and the layout, at moments that no event tells reliably.
 */
export function useRem(): Readonly<ShallowRef<number>> {
  if (rem) return rem;
  const probe = document.createElement('i');
  probe.setAttribute('aria-hidden', 'true');
  probe.style.cssText = 'position:fixed;top:0;left:0;width:10rem;height:0;visibility:hidden;pointer-events:none';
  document.body.append(probe);
  const measured = shallowRef(probe.getBoundingClientRect().width / 10);
  new ResizeObserver((entries) => {
    measured.value = entries.at(-1)!.contentRect.width / 10;
  }).observe(probe);
  return (rem = measured);
}
