import { computed, onBeforeUnmount, onMounted, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { toPlane } from './geometry.ts';
import type { MapData, MapProps } from './useMapData.ts';
import { fitBeside, type View } from './view.ts';

/** Degrees from the vertical at rest. */
const TILT = 40;
/** Room of the legend in the lower left corner, rem; its last line is wider, and lies below the land. */
const LEGEND = { width: 15, height: 16.5 };

export interface Stage {
  /** Size of the map and of its text, CSS pixels; 0 before it is on the page. */
  size: ShallowRef<{ width: number; height: number; rem: number }>;
  /** Where the map rests. */
  rest: ComputedRef<View>;
  /** Where the map should be now: on the alert in focus, or at rest. */
  target: ComputedRef<View>;
}

/** Size and resting place of the map in its element. */
export function useStage(root: Readonly<Ref<HTMLElement | null>>, props: MapProps, data: MapData): Stage {
  const size = shallowRef({ width: 0, height: 0, rem: 10 });
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

  const rest = computed(() => {
    const { width, height, rem } = size.value;
    const town = props.frame?.scope.length === 9;
    const points = data.extent.value.length ? data.extent.value : [toPlane(120, 30)];
    // Room for the platforms above, and for names beside the outermost towns. A town is shown among its neighbours.
    const side = (town ? 0.26 : 0.045) * width;
    const padding = {
      top: (town ? 0.2 * height : 0) + 4.6 * rem,
      bottom: (town ? 0.16 * height : 0) + 2.4 * rem,
      left: side,
      right: side,
    };
    const legend = { width: LEGEND.width * rem, height: LEGEND.height * rem };
    return fitBeside(
      points,
      data.height.value,
      { width: Math.max(1, width), height: Math.max(1, height) },
      padding,
      legend,
      data.height.value > 0 ? TILT : 0,
    );
  });
  const target = computed((): View => {
    const at = props.focus?.location;
    if (!at) return rest.value;
    return { ...rest.value, center: toPlane(at.lng, at.lat), zoom: Math.min(13.5, rest.value.zoom + 1.7) };
  });
  return { size, rest, target };
}
