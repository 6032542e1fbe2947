import { Scene } from '@antv/l7';
import { Mapbox } from '@antv/l7-maps';
import mapboxgl, { type Map as MapboxMap } from 'mapbox-gl';
import type { RegionAnswer } from '../../contract/rest.ts';
import { toPlane } from './geometry.ts';
import { outlineLayer } from './layers/edges.ts';
import { heatLayer } from './layers/heat.ts';
import { topLayer } from './layers/tops.ts';
import { wallLayer, type Standing } from './layers/walls.ts';
import { sameCells, type HeatCell } from './mapping/heatData.ts';
import { STEPS, type TownShape } from './mapping/townData.ts';
import type { MapPalette } from './palette.ts';
import { localStyle } from './style.ts';
import { cameraOf, type View } from './view.ts';

/** Making and unmaking of the drawn map: one mapbox-gl map, one L7 scene on it, layers made once. */

/** L7 measures fixed heights in units of 2^-28 of the world (its shaders scale them by 4 / 2^(21 - zoom) pixels of 512 · 2^zoom). */
const HEIGHT_UNITS = 2 ** 28;

// No worker: the local style has no vector tiles, glyphs or GeoJSON. No address of the maker's: no telemetry.
mapboxgl.workerCount = 0;
mapboxgl.baseApiUrl = '';

export interface SceneData {
  towns: readonly TownShape[];
  /** Step of each area that rises, 1 to `STEPS`. */
  steps: ReadonlyMap<string, number>;
  heat: readonly HeatCell[];
}

export interface SceneOptions {
  host: HTMLElement;
  view: View;
  data: SceneData;
  /** Heights of the land and of each step above it, mercator units: index 0 is the land; all 0 for a flat map. */
  heights: readonly number[];
  palette: MapPalette;
  baseMap: RegionAnswer['map']['baseMap'];
  /** Panning, zooming and tilting by hand. */
  interactive: boolean;
}

export interface DrawnMap {
  map: MapboxMap;
  /** Draws what differs from what is drawn; costs nothing when nothing does. */
  update: (data: SceneData) => void;
  dispose: () => void;
}

export function viewOf(map: MapboxMap): View {
  const { lng, lat } = map.getCenter();
  const { clientWidth, clientHeight } = map.getContainer();
  return {
    center: toPlane(lng, lat),
    zoom: map.getZoom(),
    pitch: map.getPitch(),
    bearing: map.getBearing(),
    width: clientWidth,
    height: clientHeight,
  };
}

/**
 * Draws the map.
 * @returns once its layers are there
 * @throws when there is no WebGL, or the context is lost on the way
 */
export async function drawMap({
  host,
  view,
  data,
  heights,
  palette,
  baseMap,
  interactive,
}: SceneOptions): Promise<DrawnMap> {
  const map = new mapboxgl.Map({
    container: host,
    style: localStyle(baseMap),
    ...cameraOf(view),
    interactive,
    attributionControl: false,
    fadeDuration: 0,
    collectResourceTiming: false,
    crossSourceCollisions: false,
    trackResize: false,
    renderWorldCopies: false,
    keyboard: false,
    boxZoom: false,
    doubleClickZoom: false,
    maxZoom: 15.5,
    maxPitch: 60,
    antialias: true,
  });
  const scene = new Scene({ id: host as HTMLDivElement, map: new Mapbox({ mapInstance: map }), logoVisible: false });
  const units = heights.map((height) => height * HEIGHT_UNITS);
  const flat = units[0] === 0;
  const byStep =
    ({ towns, steps }: SceneData) =>
    (step: number) =>
      towns.filter(({ code }) => steps.get(code) === step);
  const standing = ({ towns, steps }: SceneData): Standing =>
    towns.flatMap((shape) => {
      const step = steps.get(shape.code);
      return step ? [{ shape, height: units[step]! }] : [];
    });
  const land = (towns: readonly TownShape[]): Standing => towns.map((shape) => ({ shape, height: units[0]! }));
  const foot = flat
    ? undefined
    : wallLayer('foot', 1, land(data.towns), { top: palette.landFoot, foot: palette.landFoot });
  const walls = flat
    ? undefined
    : wallLayer('walls', 3, standing(data), { top: palette.wallTop, foot: palette.wallFoot });
  const ground = topLayer('land', 2, data.towns, units[0]!, {
    fill: palette.land,
    edge: palette.landEdge,
    opacity: 1,
  });
  const outline = outlineLayer(data.towns, units[0]! * 1.02, palette.outline);
  const tops = Array.from({ length: STEPS }, (_, i) =>
    topLayer(`step-${i + 1}`, 4 + i, byStep(data)(i + 1), units[i + 1]!, {
      fill: palette.rise[i]!,
      edge: palette.riseEdge,
      opacity: 0.4 + 0.12 * i,
    }),
  );
  // Beside heat nothing rises: it lies on the land.
  const heat = heatLayer(data.heat, units[0]! * 1.04, palette.heat);
  let disposed = false;
  const dispose = () => {
    if (disposed) return;
    disposed = true;
    scene.destroy();
  };

  try {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error('the map did not load'));
      }, 60_000);
      scene.on('loaded', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  } catch (error) {
    dispose();
    throw error;
  }
  for (const layer of [foot, ground, outline, walls, ...tops, heat].flatMap((part) => part?.layers ?? []))
    scene.addLayer(layer);

  const stepsOf = ({ towns, steps }: SceneData) => towns.map(({ code }) => steps.get(code) ?? 0);
  let drawn = { shapes: data.towns, steps: stepsOf(data), heat: data.heat };
  return {
    map,
    dispose,
    update: (next) => {
      if (disposed) return;
      const steps = stepsOf(next);
      const anew = next.towns !== drawn.shapes;
      if (anew) {
        foot?.update(land(next.towns));
        ground.update(next.towns);
        outline.update(next.towns);
      }
      if (anew || steps.some((step, i) => step !== drawn.steps[i])) {
        walls?.update(standing(next));
        for (const [i, top] of tops.entries()) {
          const step = i + 1;
          const touched = steps.some(
            (now, at) => now !== drawn.steps[at] && (now === step || drawn.steps[at] === step),
          );
          if (anew || touched) top.update(byStep(next)(step));
        }
      }
      if (!sameCells(next.heat, drawn.heat)) heat.update(next.heat);
      drawn = { shapes: next.towns, steps, heat: next.heat };
    },
  };
}
