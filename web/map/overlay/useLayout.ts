import { computed, onBeforeUnmount, shallowRef, watch, type ShallowRef } from 'vue';
import { leaderTo, segments, type Leader } from '../callout.ts';
import { inPolygons } from '../geometry.ts';
import { layoutLabels, type PlacedLabel } from '../labels/layout.ts';
import { measurer } from '../labels/measure.ts';
import { labelInputs, labelSizes } from '../labels/towns.ts';
import { MARK_HALF } from '../mapping/alertData.ts';
import { boxAround, layoutMarks, type Cluster, type Marks } from '../marks/layout.ts';
import type { Seams } from '../room.ts';
import type { Box, ScreenPoint } from '../types.ts';
import type { MapData, MapProps } from '../useMapData.ts';
import { projector, unproject, type View } from '../view.ts';

/** All that stands on the map at rest, placed together so that nothing lies on anything else. */
export interface Layout {
  view: View;
  marks: Marks;
  labels: PlacedLabel[];
  leader?: Leader;
}
interface Props {
  map: MapProps;
  data: MapData;
  view: View;
  settled: boolean;
  rem: number;
  callout?: Box | undefined;
  seams: Seams;
}

/** Places are found anew at most so often while figures stream in, ms. */
const CALM_MS = 500;
/** The areas of a city or province are regions, which have codes of so many digits. */
const REGION_DIGITS = 6;

/**
 * Marks, then the line of the call-out, then names: each keeps clear of what was placed before. A function of what is shown
 * and where alone, so that a wall at rest looks the same however it came there.
 * @param signs boxes of the signs below the land
 */
export function useLayout(
  props: Props,
  signs: ShallowRef<readonly Box[]>,
): { layout: ShallowRef<Layout | undefined>; place: () => void } {
  const layout = shallowRef<Layout>();
  const measure = measurer();

  function place(): void {
    clearTimeout(due);
    due = undefined;
    const { view, rem, map, data, callout, seams } = props;
    if (view.width <= 1 || !props.settled) return;
    const taken = [...signs.value, ...(callout ? [callout] : [])];
    const project = projector(view);
    const byCode = new Map(data.shapes.value.map((shape) => [shape.code, shape]));
    const inside = (code: string, at: ScreenPoint) => {
      const shape = byCode.get(code);
      const point = shape && unproject(view, at, data.heightOf(code));
      return point !== undefined && inPolygons(point, shape!.polygons);
    };
    const anchor = (code: string) => {
      const shape = byCode.get(code);
      return shape && project(...shape.anchor, data.heightOf(code));
    };
    const marks = layoutMarks(
      data.points.value.flatMap(({ key, tier, area, imprecise, x, y }) => {
        const at = project(x, y, data.heightOf(area));
        return at ? [{ key, tier, area, imprecise, at }] : [];
      }),
      {
        width: view.width,
        height: view.height,
        seams,
        taken,
        half: (tier) => MARK_HALF[tier] * rem * 1.1,
        measure: (parts) => clusterSize(parts, rem),
        gather: data.shapes.value[0]?.code.length === REGION_DIGITS,
        inside,
        anchor,
      },
    );
    const markBoxes = [
      ...marks.singles.map(({ at, half }) => boxAround(at, half)),
      ...marks.clusters.map(({ box }) => box),
    ];
    const worst = data.worst.value && byCode.get(data.worst.value.code);
    const leader =
      callout && worst ? leaderTo(callout, endsIn(worst.code, anchor(worst.code), inside, rem), markBoxes) : undefined;
    const labels = layoutLabels(
      labelInputs(data.shapes.value, data.figures.value, view, data.heightOf, labelSizes(rem), measure, map.lang),
      {
        width: view.width,
        // Names stay above the signs, and so do the lines to them.
        height: Math.min(view.height, ...signs.value.map(({ top }) => top)),
        taken: [...taken, ...markBoxes],
        lines: leader ? segments(leader) : [],
        seams,
        gap: 0.4 * rem,
      },
    );
    layout.value = { view, marks, labels, ...(leader ? { leader } : {}) };
  }

  function clusterSize(parts: Cluster['parts'], rem: number): { width: number; height: number } {
    const width = parts.reduce(
      (sum, { tier, count }) => sum + (tier ? 1.5 * rem : 1.2 * rem) + measure.figure(String(count), 1.5 * rem),
      (parts.length - 1) * 0.7 * rem,
    );
    return { width: width + 2, height: 1.9 * rem };
  }

  /** Places in an area where the line may end: around its middle, each within it. */
  function endsIn(
    code: string,
    at: ScreenPoint | undefined,
    inside: (code: string, at: ScreenPoint) => boolean,
    rem: number,
  ): ScreenPoint[] {
    if (!at) return [];
    const ends: ScreenPoint[] = [at];
    for (let ring = 1; ring <= 5; ring++) {
      for (let i = 0; i < 8; i++) {
        const angle = (Math.PI * i) / 4;
        const end = { x: at.x + Math.cos(angle) * ring * rem * 1.4, y: at.y + Math.sin(angle) * ring * rem * 1.4 };
        if (inside(code, end)) ends.push(end);
      }
    }
    return ends;
  }

  /** What a label says: its widths change with it. */
  const texts = computed(() =>
    [...props.data.figures.value.values()].map((f) => `${f.code}${f.name}${String(f.open ?? '')}`).join(),
  );
  let due: ReturnType<typeof setTimeout> | undefined;
  const soon = () => {
    due ??= setTimeout(place, CALM_MS);
  };
  watch(
    () => [
      props.settled,
      props.view,
      props.rem,
      props.data.shapes.value,
      props.data.steps.value,
      props.callout,
      signs.value,
      props.seams,
      props.map.lang,
      props.map.alerts !== undefined,
    ],
    place,
    { flush: 'post' },
  );
  watch([props.data.points, texts, () => props.data.worst.value?.code], soon, { flush: 'post' });
  onBeforeUnmount(() => {
    clearTimeout(due);
  });
  return { layout, place };
}
