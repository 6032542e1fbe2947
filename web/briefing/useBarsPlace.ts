import { useResizeObserver } from '@vueuse/core';
import { onScopeDispose, ref, watch, type Ref } from 'vue';

type Box = Pick<DOMRect, 'top' | 'bottom'>;

/**
 * How far above the lower edge of the screen the tools stand, px: below the page where its room has as much left, else on the footer of
 * the page, which tells of the moment and of what is no more than a demonstration, and so is never hidden. Pure.
 * @param height of the tools
 */
export function barsBottom(screen: Box, room: Box, footer: Box, height: number): number {
  const below = room.bottom - footer.bottom >= height;
  return screen.bottom - (below ? footer.bottom + height : footer.top);
}

/**
 * Where the tools of a briefing stand. Footers are as high as what stands in them, and pages that are presented lie in the middle of
 * the screen: so it is measured.
 * @param changes all that moves a footer besides the size of the screen
 */
export function useBarsPlace(
  bars: Ref<HTMLElement | null>,
  deck: Ref<HTMLElement | null>,
  changes: () => readonly unknown[],
): Ref<{ bottom: string } | undefined> {
  const place = ref<{ bottom: string }>();
  let asked = 0;
  function measure(): void {
    const screen = bars.value?.offsetParent?.getBoundingClientRect();
    const footer = deck.value?.closest(':not(.overview) > .deck')?.querySelector('.tile.on footer');
    if (!screen || !footer) {
      place.value = undefined;
      return;
    }
    const room = deck.value!.getBoundingClientRect();
    place.value = {
      bottom: `${barsBottom(screen, room, footer.getBoundingClientRect(), bars.value!.offsetHeight)}px`,
    };
  }
  /** A page lies anew in the picture after that in which its room has another size. */
  function later(): void {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => {
      measure();
      asked = requestAnimationFrame(measure);
    });
  }
  useResizeObserver([bars, deck], later);
  watch(changes, later, { flush: 'post' });
  onScopeDispose(() => {
    cancelAnimationFrame(asked);
  });
  return place;
}
