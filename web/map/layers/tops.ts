import { LineLayer, PolygonLayer } from '@antv/l7';
import { townEdges, type TownShape } from '../mapping/townData.ts';
import { collection, dataSetter, type MapLayer } from './layer.ts';

/**
 * The tops of all areas of one height: one colour, unlit, so that it means its step exactly, and their edges.
 * @param height units of L7
 */
export function topLayer(
  name: string,
  zIndex: number,
  first: readonly TownShape[],
  height: number,
  colours: { fill: string; edge: string; opacity: number },
): MapLayer<readonly TownShape[]> {
  const areas = (shapes: readonly TownShape[]) =>
    collection(
      shapes.map(({ coordinates }) => ({
        type: 'Feature',
        properties: {},
        geometry: { type: 'MultiPolygon', coordinates },
      })),
    );
  const lines = (shapes: readonly TownShape[]) => {
    const { inner, outer } = townEdges(shapes);
    return collection(
      [...inner, ...outer].map((line) => ({
        type: 'Feature',
        properties: {},
        geometry: { type: 'LineString', coordinates: line },
      })),
    );
  };
  const tops = new PolygonLayer({ zIndex, name })
    .source(areas(first))
    .shape('fill')
    .color(colours.fill)
    // L7 2.29 raises this model by twice the value (polygon/shaders/fill_vert.glsl adds it before and after scaling).
    .style({ opacity: 1, raisingHeight: height / 2 });
  const edges = new LineLayer({ zIndex: zIndex + 0.5, name: `${name}-edges` })
    .source(lines(first))
    .shape('line')
    .size(0.6)
    .color(colours.edge)
    // L7 tests depth: what lies on a top is lifted off it by a hair.
    .style({ raisingHeight: height * 1.01, opacity: colours.opacity });
  const set = { tops: dataSetter(tops), edges: dataSetter(edges) };
  return {
    layers: [tops, edges],
    update: (shapes) => {
      set.tops(areas(shapes));
      set.edges(lines(shapes));
    },
  };
}
