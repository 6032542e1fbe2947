import { PolygonLayer } from '@antv/l7';
import type { TownShape } from '../mapping/townData.ts';
import { collection, dataSetter, type MapLayer } from './layer.ts';

/** Areas with the height to which their walls stand, in units of L7. */
export type Standing = readonly { shape: TownShape; height: number }[];

/** Walls from the ground up to the top of each area, fading into the ground. The tops are drawn apart (tops.ts). */
export function wallLayer(
  name: string,
  zIndex: number,
  first: Standing,
  colours: { top: string; foot: string },
): MapLayer<Standing> {
  const data = (areas: Standing) =>
    collection(
      areas.map(({ shape, height }) => ({
        type: 'Feature',
        properties: { height },
        geometry: { type: 'MultiPolygon', coordinates: shape.coordinates },
      })),
    );
  const walls = new PolygonLayer({ zIndex, name })
    .source(data(first))
    .shape('extrude')
    .size('height', (height: number) => height)
    .color(colours.top)
    .style({
      heightfixed: true,
      pickLight: true,
      topsurface: false,
      sourceColor: colours.foot,
      targetColor: colours.top,
      opacity: 1,
    });
  const set = dataSetter(walls);
  return {
    layers: [walls],
    update: (areas) => {
      set(data(areas));
    },
  };
}
