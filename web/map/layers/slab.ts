import { LineLayer, PolygonLayer } from '@antv/l7';
import { EDGE, WALL_FOOT, WALL_TOP } from '../palette.ts';
import type { TownShape } from '../mapping/townData.ts';
import { collection, type MapLayer } from './layer.ts';

/** The body under the towns: walls of the slab, fading into the ground, and the thin lit edge of its foot. */
export function slabLayer(towns: readonly TownShape[], heightUnits: number): MapLayer<readonly TownShape[]> {
  const data = (shapes: readonly TownShape[]) => collection(shapes.map((t) => ({
    type: 'Feature', properties: { code: t.code }, geometry: { type: 'MultiPolygon', coordinates: t.coordinates },
  })));
  const walls = new PolygonLayer({ zIndex: 1, name: 'walls' })
    .source(data(towns))
    .shape('extrude')
    .size(heightUnits)
    .color(WALL_TOP)
    .style({ heightfixed: true, sourceColor: WALL_TOP, targetColor: WALL_FOOT, opacity: 1 });
  // A soft light on the ground along the foot of the walls: it lifts the slab off the dark.
  const glow = new LineLayer({ zIndex: 0, name: 'glow' })
    .source(data(towns))
    .shape('line')
    .size(7)
    .color(EDGE)
    .style({ opacity: 0.1, blur: [0, 1, 0] });
  return {
    layers: [glow, walls],
    update: (shapes) => {
      walls.setData(data(shapes));
      glow.setData(data(shapes));
    },
  };
}
