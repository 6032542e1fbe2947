import { LineLayer } from '@antv/l7';
import { townEdges, type TownShape } from '../mapping/townData.ts';
import { collection, dataSetter, type MapLayer } from './layer.ts';

/**
 * The region's own outline on the land, with a soft glow around it.
 * (L7 2.29 forgets `raisingHeight` on a line with `blur`: the glow is a plain wide line.)
 */
export function outlineLayer(
  towns: readonly TownShape[],
  heightUnits: number,
  colour: string,
): MapLayer<readonly TownShape[]> {
  const lines = (shapes: readonly TownShape[]) =>
    collection(
      townEdges(shapes).outer.map((line) => ({
        type: 'Feature',
        properties: {},
        geometry: { type: 'LineString', coordinates: line },
      })),
    );
  const line = (name: string, zIndex: number, size: number, opacity: number) =>
    new LineLayer({ zIndex, name })
      .source(lines(towns))
      .shape('line')
      .size(size)
      .color(colour)
      .style({ raisingHeight: heightUnits, opacity });
  const glow = line('glow', 2.6, 2.4, 0.16);
  const around = line('around', 2.8, 0.7, 0.9);
  const set = { glow: dataSetter(glow), around: dataSetter(around) };
  return {
    layers: [glow, around],
    update: (shapes) => {
      set.glow(lines(shapes));
      set.around(lines(shapes));
    },
  };
}
