import { LineLayer } from '@antv/l7';
import { EDGE, OUTLINE } from '../palette.ts';
import { townEdges, type TownShape } from '../mapping/townData.ts';
import { collection, dataSetter, type MapLayer } from './layer.ts';

const lines = (coordinates: [number, number][][]) =>
  collection(
    coordinates.map((line) => ({
      type: 'Feature',
      properties: {},
      geometry: { type: 'LineString', coordinates: line },
    })),
  );

/**
 * Lit edges on the top of the slab: fine ones between towns, a brighter one with a soft glow around the region.
 * (L7 2.29 forgets `raisingHeight` on a line with `blur`: the glow is a plain wide line.)
 */
export function edgeLayer(towns: readonly TownShape[], heightUnits: number): MapLayer<readonly TownShape[]> {
  const { inner, outer } = townEdges(towns);
  const line = (
    name: string,
    zIndex: number,
    data: [number, number][][],
    size: number,
    colour: string,
    style: object,
  ) =>
    new LineLayer({ zIndex, name })
      .source(lines(data))
      .shape('line')
      .size(size)
      .color(colour)
      .style({ raisingHeight: heightUnits, ...style });
  const between = line('between', 4, inner, 0.55, EDGE, { opacity: 0.5 });
  const glow = line('glow', 5, outer, 2.6, EDGE, { opacity: 0.22 });
  const around = line('around', 6, outer, 0.8, OUTLINE, { opacity: 0.95 });
  const set = { between: dataSetter(between), glow: dataSetter(glow), around: dataSetter(around) };
  return {
    layers: [between, glow, around],
    update: (shapes) => {
      const next = townEdges(shapes);
      set.between(lines(next.inner));
      set.glow(lines(next.outer));
      set.around(lines(next.outer));
    },
  };
}
