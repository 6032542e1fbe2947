import { computed, watch, type ComputedRef, type Ref } from 'vue';
import type { Box, ScreenPoint } from './types.ts';
import type { MapProps } from './useMapData.ts';
import type { Stage } from './useStage.ts';
import type { View } from './view.ts';

/** Where an alarm is on the page, CSS pixels of the viewport. */
export interface Aim {
  /** Where the alert in focus is now, and where once the map has come to it; none for a list. */
  point?: { now: ScreenPoint; end: ScreenPoint };
  /** The map's own box. */
  map: Box;
}

const same = (a: Aim | undefined, b: Aim | undefined) => JSON.stringify(a) === JSON.stringify(b);

/** Tells where an alarm is, whenever that changes; nothing while there is none. */
export function useAim(
  root: Readonly<Ref<HTMLElement | null>>,
  props: MapProps,
  view: ComputedRef<View>,
  stage: Stage,
  tell: (aim: Aim | undefined) => void,
): void {
  const aim = computed((): Aim | undefined => {
    const now = props.focus && stage.focusAt(view.value);
    const end = props.focus && stage.focusAt(stage.target.value);
    const element = root.value;
    if (!element || stage.size.value.width <= 1 || !(props.focus ?? props.alarmed?.length)) return undefined;
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const onPage = ({ x, y }: ScreenPoint) => ({ x: x + left, y: y + top });
    return {
      map: { left, top, right, bottom },
      ...(now && end ? { point: { now: onPage(now), end: onPage(end) } } : {}),
    };
  });
  let told: Aim | undefined;
  watch(
    aim,
    (next) => {
      if (same(told, next)) return;
      told = next;
      tell(next);
    },
    { immediate: true, flush: 'post' },
  );
}
