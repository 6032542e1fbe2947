import { computed, type ComputedRef } from 'vue';
import type { Box } from './types.ts';
import type { MapProps } from './useMapData.ts';
import type { Stage } from './useStage.ts';
import type { View } from './view.ts';

/** A camera this near to its place is there: parts of a pixel. */
const NEAR = 1e-7;
export const sameView = (a: View, b: View): boolean =>
  Math.abs(a.center[0] - b.center[0]) < NEAR &&
  Math.abs(a.center[1] - b.center[1]) < NEAR &&
  Math.abs(a.zoom - b.zoom) < 1e-4 &&
  a.pitch === b.pitch &&
  Math.abs(a.bearing - b.bearing) < 1e-4 &&
  a.width === b.width &&
  a.height === b.height;

/** The call-out's place while the map rests: elsewhere the land may lie under it. */
export function useCallout(
  props: MapProps,
  view: ComputedRef<View>,
  settled: () => boolean,
  stage: Stage,
): ComputedRef<Box | undefined> {
  return computed(() =>
    settled() && !props.focus && sameView(view.value, stage.rest.value) ? stage.arrangement.value.callout : undefined,
  );
}
