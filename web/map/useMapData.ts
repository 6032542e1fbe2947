import type { FeatureCollection } from 'geojson';
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import type { AlertBrief, Frame } from '../../contract/frame.ts';
import type { RegionAnswer } from '../../contract/rest.ts';
import type { Lang } from '../i18n/lang.ts';
import { alertPoints, samePoints, type AlertPoint } from './mapping/alertData.ts';
import { heatCells, sameCounts, type HeatCell } from './mapping/heatData.ts';
import { classBreaks, townFigures, townShapes, type TownFigures, type TownShape } from './mapping/townData.ts';
import type { MapTarget, Point, Quality } from './types.ts';

/** What a map component is given. */
export interface MapProps {
  frame?: Frame | undefined;
  pack?: RegionAnswer | undefined;
  boundaries?: FeatureCollection | undefined;
  /** All open alerts, where somebody fetched them; without it the frame's latest are drawn. */
  alerts?: readonly AlertBrief[] | undefined;
  selection?: MapTarget | undefined;
  /** The alert the map flies to; none = rest. */
  focus?: AlertBrief | undefined;
  quality: Quality;
  lang: Lang;
  reducedMotion: boolean;
}

export interface MapData {
  shapes: ComputedRef<TownShape[]>;
  figures: ComputedRef<Map<string, TownFigures>>;
  breaks: ComputedRef<number[]>;
  points: ComputedRef<AlertPoint[]>;
  cells: ComputedRef<HeatCell[]>;
  /** Height of the slab, mercator units; 0 at low quality and for those who want no motion (screens.md, "Look"). */
  height: ComputedRef<number>;
  /** What the resting map shows: the region, or the town whose figures are on screen. */
  extent: ComputedRef<Point[]>;
}

/** Share of the region's width that the slab is high: gentle at any size of region. */
const SLAB = 0.022;

/**
 * The frame as the map's layers take it. A value is replaced only when it would draw something else: four patches a
 * second must not redraw a map in which nothing changed.
 */
export function useMapData(props: MapProps): MapData {
  const shapes = computed(() => townShapes(props.pack, props.boundaries));
  const figures = computed(() => new Map(townFigures(props.pack, props.frame, props.lang).map((f) => [f.code, f])));
  const breaks = stable(
    () => classBreaks([...figures.value.values()].map((f) => f.open ?? 0)),
    (a, b) => a.join() === b.join(),
  );
  const points = stable(() => alertPoints(props.frame, props.alerts), samePoints);
  const cells = stable(() => heatCells(props.frame?.heat), sameCounts);
  const whole = computed(() => shapes.value.flatMap((t) => t.polygons.flatMap((p) => p[0] ?? [])));
  const extent = computed(() => {
    const scope = props.frame?.scope;
    const town = scope?.length === 9 ? shapes.value.find((t) => t.code === scope) : undefined;
    return town ? town.polygons.flatMap((p) => [...(p[0] ?? [])]) : whole.value;
  });
  const height = computed(() => {
    if (props.quality === 'low' || props.reducedMotion || !whole.value.length) return 0;
    let west = Infinity;
    let east = -Infinity;
    for (const [x] of whole.value) {
      west = Math.min(west, x);
      east = Math.max(east, x);
    }
    return (east - west) * SLAB;
  });
  return { shapes, figures, breaks, points, cells, height, extent };
}

/** A computed value that keeps its identity while its content stays the same. */
function stable<T>(compute: () => T, same: (a: T, b: T) => boolean): ComputedRef<T> {
  const kept: ShallowRef<T> = shallowRef(compute());
  watch(
    compute,
    (next) => {
      if (!same(kept.value, next)) kept.value = next;
    },
    { flush: 'sync' },
  );
  return computed(() => kept.value);
}
