import type { FeatureCollection } from 'geojson';
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import type { AlertBrief, Frame } from '../../contract/frame.ts';
import type { RegionAnswer } from '../../contract/rest.ts';
import type { Lang } from '../i18n/lang.ts';
import { alertPoints, samePoints } from './mapping/alertData.ts';
import { knownAlerts } from './mapping/flights.ts';
import { heatCells, sameCounts, type HeatCell } from './mapping/heatData.ts';
import { placePoints, type PlacedPoint } from './mapping/placing.ts';
import { graveSteps, STEPS, townFigures, townShapes, type TownFigures, type TownShape } from './mapping/townData.ts';
import { areaStates, worstArea, type AreaState } from './mapping/worst.ts';
import type { Seams } from './room.ts';
import type { MapTarget, Point, Polygon, Quality } from './types.ts';

/** What a map component is given. */
export interface MapProps {
  frame?: Frame | undefined;
  pack?: RegionAnswer | undefined;
  boundaries?: FeatureCollection | undefined;
  /** All open alerts, where somebody fetched them; without it the frame's latest are drawn. */
  alerts?: readonly AlertBrief[] | undefined;
  /** `alerts` are not all that were open, but those of so many newest alerts: the map says so. */
  newestOnly?: number | undefined;
  selection?: MapTarget | undefined;
  /** The alert the map flies to; none = rest. */
  focus?: AlertBrief | undefined;
  /** Alerts that an alarm is about: everything else steps back. */
  alarmed?: readonly AlertBrief[] | undefined;
  /** Heat by H3 cell in place of heights: only when somebody asks for it. */
  heat?: boolean | undefined;
  /** Has a call-out about the worst place, as the wall's map does. */
  hero?: boolean | undefined;
  /** Seams of the wall, CSS pixels of the page: no text or mark lies on them. */
  seams?: Seams | undefined;
  /** Server's clock, epoch ms, by the second; for how long something has waited. */
  now?: number | undefined;
  quality: Quality;
  lang: Lang;
  reducedMotion: boolean;
}

export interface MapData {
  shapes: ComputedRef<TownShape[]>;
  polygons: ComputedRef<Polygon[]>;
  figures: ComputedRef<Map<string, TownFigures>>;
  /** Step of each area that rises, 1 to `STEPS`; areas without open red or orange alerts have none. */
  steps: ComputedRef<ReadonlyMap<string, number>>;
  points: ComputedRef<PlacedPoint[]>;
  cells: ComputedRef<HeatCell[]>;
  /** Heights of the land and of each step, mercator units; all 0 on a flat map (screens.md, "Look"). */
  heights: ComputedRef<readonly number[]>;
  ground: ComputedRef<number>;
  heightOf: (code: string) => number;
  /** The highest that anything can be. */
  top: ComputedRef<number>;
  /** What the resting map shows: the region, or the town whose figures are on screen. */
  extent: ComputedRef<Polygon[]>;
  /** The town whose figures are on screen, where it is one. */
  scopeTown: ComputedRef<string | undefined>;
  worst: ComputedRef<AreaState | undefined>;
}

/** Shares of the region's width: how thick the land is, and how high the highest step. */
const LAND = 0.006;
const RISE = [0, 0.4, 0.62, 0.82, 1].map((share) => share * 0.026);
/** Towns have 9 digits, regions 6. */
const TOWN_DIGITS = 9;

/**
 * The frame as the map's layers take it. A value is replaced only when it would draw something else: four patches a
 * second must not redraw a map in which nothing changed.
 */
export function useMapData(props: MapProps): MapData {
  const shapes = computed(() => townShapes(props.pack, props.boundaries));
  const polygons = computed(() => shapes.value.flatMap((shape) => shape.polygons));
  const scopeTown = computed(() => {
    const scope = props.frame?.scope;
    return scope?.length === TOWN_DIGITS && shapes.value.some(({ code }) => code === scope) ? scope : undefined;
  });
  const figures = stable(
    () =>
      new Map(
        townFigures(props.pack, props.frame, props.lang).map(({ open, ...figure }) => [
          figure.code,
          // On a town's screen no figure of another place stands.
          open === undefined || (scopeTown.value !== undefined && scopeTown.value !== figure.code)
            ? figure
            : { ...figure, open },
        ]),
      ),
    (a, b) => JSON.stringify([...a]) === JSON.stringify([...b]),
  );
  const steps = stable(
    (): ReadonlyMap<string, number> => {
      if (props.heat) return new Map();
      const found = graveSteps([...figures.value.values()]);
      return new Map([...found].filter(([code]) => scopeTown.value === undefined || scopeTown.value === code));
    },
    (a, b) => a.size === b.size && [...a].every(([code, step]) => b.get(code) === step),
  );
  const alerts = stable(() => alertPoints(props.frame, props.alerts), samePoints);
  const placed = computed(() => placePoints(alerts.value, shapes.value));
  // A town's screen is about that town: the neighbours are there to tell where it lies.
  const points = computed(() =>
    scopeTown.value === undefined ? placed.value : placed.value.filter(({ area }) => area === scopeTown.value),
  );
  const cells = stable(() => (props.heat ? heatCells(props.frame?.heat) : []), sameCounts);
  const extent = computed(() => shapes.value.find(({ code }) => code === scopeTown.value)?.polygons ?? polygons.value);
  const width = computed(() => {
    let west = Infinity;
    let east = -Infinity;
    for (const [ring] of polygons.value) {
      for (const [x] of ring ?? []) {
        west = Math.min(west, x);
        east = Math.max(east, x);
      }
    }
    return props.quality === 'low' || props.reducedMotion || east < west ? 0 : east - west;
  });
  const heights = computed(() => RISE.map((rise) => width.value * (LAND + rise)));
  const ground = computed(() => heights.value[0]!);
  const top = computed(() => heights.value[STEPS]!);
  const heightOf = (code: string) => heights.value[steps.value.get(code) ?? 0]!;
  const worst = stable(
    () =>
      props.hero && scopeTown.value === undefined
        ? worstArea(areaStates(props.frame, knownAlerts(props.frame, props.alerts)))
        : undefined,
    (a, b) => JSON.stringify(a) === JSON.stringify(b),
  );
  return { shapes, polygons, figures, steps, points, cells, heights, ground, heightOf, top, extent, scopeTown, worst };
}

/** Where the alert in focus is drawn: its mark, or its area where it has no position. */
export function focusPlace(data: MapData, focus: AlertBrief, key: string): { at: Point; area: string } | undefined {
  const point = data.points.value.find((each) => each.key === key);
  if (point) return { at: [point.x, point.y], area: point.area };
  const shape =
    data.shapes.value.find(({ code }) => code === focus.town) ??
    data.shapes.value.find(({ code }) => code === focus.region);
  return shape && { at: shape.anchor, area: shape.code };
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
