import { PolygonLayer } from '@antv/l7';
import { WALL_FOOT, WALL_TOP } from '../palette.ts';
import type { TownShape } from '../mapping/townData.ts';
import { collection, dataSetter, type MapLayer } from './layer.ts';

/** The body under the towns: walls of the slab, fading into the ground. Its top is the choropleth (towns.ts). */
export function slabLayer(towns: readonly TownShape[], heightUnits: number): MapLayer<readonly TownShape[]> {
  const data = (shapes: readonly TownShape[]) =>
    collection(
      shapes.map((t) => ({
        type: 'Feature',
        properties: { code: t.code },
        geometry: { type: 'MultiPolygon', coordinates: t.coordinates },
      })),
    );
  const walls = new PolygonLayer({ zIndex: 1, name: 'walls' })
    .source(data(towns))
    .shape('extrude')
    .size(heightUnits)
    .color(WALL_TOP)
    .style({
      heightfixed: true,
      pickLight: true,
      topsurface: false,
      sourceColor: WALL_FOOT,
      targetColor: WALL_TOP,
      opacity: 1,
    });
  const set = dataSetter(walls);
  return {
    layers: [walls],
    update: (shapes) => {
      set(data(shapes));
    },
  };
}
