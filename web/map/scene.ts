import { Scene } from '@antv/l7';
import { Mapbox } from '@antv/l7-maps';
import mapboxgl, { type Map as MapboxMap } from 'mapbox-gl';
import type { RegionAnswer } from '../../contract/rest.ts';
import { toPlane } from './geometry.ts';
import { edgeLayer } from './layers/edges.ts';
import { heatLayer } from './layers/heat.ts';
import { slabLayer } from './layers/slab.ts';
import { townColours, townLayer, type TownAreas } from './layers/towns.ts';
import { sameCells, type HeatCell } from './mapping/heatData.ts';
import { localStyle } from './style.ts';
import { cameraOf, type View } from './view.ts';

/** Making and unmaking of the drawn map: one mapbox-gl map, one L7 scene on it, layers made once. */

/** L7 measures fixed heights in units of 2^-28 of the world (its shaders scale them by 4 / 2^(21 - zoom) pixels of 512 · 2^zoom). */
const HEIGHT_UNITS = 2 ** 28;

// No worker: the local style has no vector tiles, glyphs or GeoJSON. No address of the maker's: no telemetry.
mapboxgl.workerCount = 0;
mapboxgl.baseApiUrl = '';

export interface SceneData extends TownAreas {
  heat: readonly HeatCell[];
}

export interface SceneOptions {
  host: HTMLElement;
  view: View;
  data: SceneData;
  /** Height of the slab, mercator units; 0 for a flat map. */
  height: number;
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
export async function drawMap({ host, view, data, height, baseMap, interactive }: SceneOptions): Promise<DrawnMap> {
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
    minZoom: Math.max(0, view.zoom - 0.6),
    maxZoom: 15.5,
    maxPitch: 60,
    antialias: true,
  });
  const scene = new Scene({ id: host as HTMLDivElement, map: new Mapbox({ mapInstance: map }), logoVisible: false });
  const units = height * HEIGHT_UNITS;
  // L7 tests depth: what lies on the slab is lifted off it by a hair, layer by layer.
  const slab = units > 0 ? slabLayer(data.towns, units) : undefined;
  const tops = townLayer(data, units);
  const heat = heatLayer(data.heat, units * 1.02);
  const edges = edgeLayer(data.towns, units * 1.03);
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
  for (const layer of [slab, tops, heat, edges].flatMap((part) => part?.layers ?? [])) scene.addLayer(layer);

  let drawn = { shapes: data.towns, colours: townColours(data).join(), heat: data.heat };
  return {
    map,
    dispose,
    update: (next) => {
      if (disposed) return;
      const colours = townColours(next).join();
      if (next.towns !== drawn.shapes) {
        slab?.update(next.towns);
        edges.update(next.towns);
      }
      if (next.towns !== drawn.shapes || colours !== drawn.colours) tops.update(next);
      if (!sameCells(next.heat, drawn.heat)) heat.update(next.heat);
      drawn = { shapes: next.towns, colours, heat: next.heat };
    },
  };
}
