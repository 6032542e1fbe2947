import { LineLayer } from '@antv/l7';
import { EDGE } from '../palette.ts';
import type { TownShape } from '../mapping/townData.ts';
import { collection, type MapLayer } from './layer.ts';

/** Thin lit edges between towns, on the top of the slab. */
export function edgeLayer(towns: readonly TownShape[], heightUnits: number): MapLayer<readonly TownShape[]> {
  const data = (shapes: readonly TownShape[]) => collection(shapes.map((t) => ({
    type: 'Feature', properties: { code: t.code }, geometry: { type: 'MultiPolygon', coordinates: t.coordinates },
  })));
  const line = new LineLayer({ zIndex: 4, name: 'edges' })
    .source(data(towns))
    .shape('line')
    .size(0.7)
    .color(EDGE)
    .style({ opacity: 0.55, raisingHeight: heightUnits });
  return { layers: [line], update: (shapes) => { line.setData(data(shapes)); } };
}
