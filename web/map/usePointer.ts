import { onBeforeUnmount, type Ref } from 'vue';
import type { MapTarget, ScreenPoint } from './types.ts';

/** Presses and the pointer's place over a map, turned into what lies there. */
export interface Pickers {
  targetAt: (at: ScreenPoint) => MapTarget | undefined;
  point: (at: ScreenPoint | undefined) => void;
}

/** A press that moves further than this is a drag, CSS pixels. */
const SLIP = 7;

/** Listeners for the map's root element. */
export function usePointer(
  root: Readonly<Ref<HTMLElement | null>>,
  pickers: () => Pickers | null,
  open: (target: MapTarget) => void,
): Record<string, (event: PointerEvent) => void> {
  let down: ScreenPoint | undefined;
  let waiting: ScreenPoint | undefined;
  let frame = 0;
  const place = (event: MouseEvent): ScreenPoint => {
    const box = root.value!.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const hover = () => {
    frame = 0;
    pickers()?.point(waiting);
  };
  /** At most one look-up a picture, however fast the mouse reports. */
  const later = (at: ScreenPoint | undefined) => {
    waiting = at;
    frame ||= requestAnimationFrame(hover);
  };
  onBeforeUnmount(() => {
    cancelAnimationFrame(frame);
  });
  return {
    pointerdown: (event) => {
      down = event.isPrimary && event.button === 0 ? place(event) : undefined;
    },
    pointermove: (event) => {
      if (event.pointerType === 'mouse') later(event.buttons ? undefined : place(event));
    },
    pointerleave: () => {
      later(undefined);
    },
    click: (event) => {
      const at = place(event);
      const dragged = !down || Math.hypot(at.x - down.x, at.y - down.y) > SLIP;
      down = undefined;
      const target = dragged ? undefined : pickers()?.targetAt(at);
      if (target) open(target);
    },
  };
}
