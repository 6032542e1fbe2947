import { PolygonLayer } from '@antv/l7';
import { AREA_ABSENT, AREA_COLOURS } from '../palette.ts';
import { classColour, classOf, type TownFigures, type TownShape } from '../mapping/townData.ts';
import { collection, dataSetter, type MapLayer } from './layer.ts';

export interface TownAreas {
  towns: readonly TownShape[];
  figures: ReadonlyMap<string, TownFigures>;
  breaks: readonly number[];
}

/** The fill of every town: what changes when figures move a town into another class. */
export function townColours({ towns, figures, breaks }: TownAreas): string[] {
  return towns.map((t) =>
    classColour(classOf(figures.get(t.code)?.open, breaks), breaks.length, AREA_COLOURS, AREA_ABSENT),
  );
}

/** The choropleth: tops of the slab, one colour a town. Unlit, so that a colour means its class exactly. */
export function townLayer(first: TownAreas, heightUnits: number): MapLayer<TownAreas> {
  const data = (areas: TownAreas) => {
    const colours = townColours(areas);
    return collection(
      areas.towns.map((t, i) => ({
        type: 'Feature',
        properties: { code: t.code, fill: colours[i] },
        geometry: { type: 'MultiPolygon', coordinates: t.coordinates },
      })),
    );
  };
  const tops = new PolygonLayer({ zIndex: 2, name: 'towns' })
    .source(data(first))
    .shape('fill')
    .color('fill', (fill: string) => fill)
    // L7 2.29 raises this model by twice the value (polygon/shaders/fill_vert.glsl adds it before and after scaling).
    .style({ opacity: 1, raisingHeight: heightUnits / 2 });
  const set = dataSetter(tops);
  return {
    layers: [tops],
    update: (areas) => {
      set(data(areas));
    },
  };
}
