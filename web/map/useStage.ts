import { computed, onBeforeUnmount, onMounted, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { alertKey } from '../../common/alertRef.ts';
import { toPlane } from './geometry.ts';
import { arrange, NO_SEAMS, type Arrangement, type Seams } from './room.ts';
import type { ScreenPoint } from './types.ts';
import { focusPlace, type MapData, type MapProps } from './useMapData.ts';
import { projector, type View } from './view.ts';

/** Degrees from the vertical at rest. */
const TILT = 40;
/** Size of the call-out, rem. */
export const CALLOUT = { width: 27, height: 13.6 };
/** How much nearer an alert in focus is looked at, in steps of zoom, and no nearer than this. */
const NEARER = 1.7;
const NEAREST = 13.5;

export interface Stage {
  /** Size of the map and of its text, CSS pixels; 0 before it is on the page. */
  size: ShallowRef<{ width: number; height: number; rem: number }>;
  /** Seams of the wall that cross the map, CSS pixels from its top left. */
  seams: ComputedRef<Seams>;
  /** Height of the line of signs below the land, CSS pixels; told by the overlay. */
  foot: ShallowRef<number>;
  /** Where the map rests, and where the call-out stands beside the land. */
  arrangement: ComputedRef<Arrangement>;
  rest: ComputedRef<View>;
  /** Where the map should be now: on the alert in focus, or at rest. */
  target: ComputedRef<View>;
  /** Where the alert in focus is drawn in a view, CSS pixels; absent where nothing is in focus. */
  focusAt: (view: View) => ScreenPoint | undefined;
}

/** Size and resting place of the map in its element. */
export function useStage(root: Readonly<Ref<HTMLElement | null>>, props: MapProps, data: MapData): Stage {
  const size = shallowRef({ width: 0, height: 0, rem: 10 });
  const foot = shallowRef(0);
  let observer: ResizeObserver | undefined;
  const measure = () => {
    const box = root.value;
    if (!box) return;
    const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 10;
    const { clientWidth: width, clientHeight: height } = box;
    const old = size.value;
    if (width !== old.width || height !== old.height || rem !== old.rem) size.value = { width, height, rem };
  };
  onMounted(() => {
    measure();
    observer = new ResizeObserver(measure);
    observer.observe(root.value!);
  });
  onBeforeUnmount(() => observer?.disconnect());

  const seams = computed((): Seams => {
    const { width, height } = size.value;
    const box = root.value?.getBoundingClientRect();
    if (!props.seams || !box || width === 0) return NO_SEAMS;
    const within = (lines: readonly number[], from: number, length: number) =>
      lines.map((line) => line - from).filter((line) => line > 0 && line < length);
    return { x: within(props.seams.x, box.left, width), y: within(props.seams.y, box.top, height) };
  });

  const arrangement = computed((): Arrangement => {
    const { width, height, rem } = size.value;
    const town = data.scopeTown.value !== undefined;
    const polygons = data.extent.value.length ? data.extent.value : [[[toPlane(120, 30)]]];
    // A town is shown among its neighbours.
    const side = (town ? 0.26 : 0.02) * width;
    const below = foot.value + 0.8 * rem;
    const padding = {
      top: (town ? 0.18 * height : 0) + 1.6 * rem,
      bottom: (town ? 0.14 * height : 0) + below,
      left: side,
      right: side,
    };
    const callout = props.hero && !town ? { width: CALLOUT.width * rem, height: CALLOUT.height * rem } : undefined;
    return arrange(
      { polygons, height: data.top.value },
      { width: Math.max(1, width), height: Math.max(1, height) },
      padding,
      data.top.value > 0 ? TILT : 0,
      callout,
      seams.value,
      rem,
    );
  });
  const rest = computed(() => arrangement.value.view);
  const focused = computed(() => props.focus && focusPlace(data, props.focus, alertKey(props.focus)));
  const target = computed((): View => {
    if (!focused.value) return rest.value;
    return {
      ...rest.value,
      center: focused.value.at,
      zoom: Math.max(rest.value.zoom, Math.min(NEAREST, rest.value.zoom + NEARER)),
    };
  });
  const focusAt = (view: View) =>
    focused.value && projector(view)(...focused.value.at, data.heightOf(focused.value.area));
  return { size, seams, foot, arrangement, rest, target, focusAt };
}
