import { PolygonLayer } from '@antv/l7';
import { HEAT_OPACITY } from '../palette.ts';
import type { HeatCell } from '../mapping/heatData.ts';
import { collection, dataSetter, type MapLayer } from './layer.ts';

/** `#7fdcff`, 0.5 → `rgba(127,220,255,0.5)`. */
function rgba(hex: string, alpha: number): string {
  const n = Number.parseInt(hex.slice(1), 16);
  return `rgba(${n >> 16},${(n >> 8) & 255},${n & 255},${alpha})`;
}

/** Heat as lit hexagons, one for each H3 cell: exact at every zoom, and each can be opened. */
export function heatLayer(
  first: readonly HeatCell[],
  heightUnits: number,
  colours: readonly string[],
): MapLayer<readonly HeatCell[]> {
  const fills = colours.map((colour, i) => rgba(colour, HEAT_OPACITY[i]!));
  const data = (cells: readonly HeatCell[]) =>
    collection(
      cells.map((c) => ({
        type: 'Feature',
        properties: { cell: c.cell, fill: fills[c.level] },
        geometry: { type: 'Polygon', coordinates: [c.ring] },
      })),
    );
  const layer = new PolygonLayer({ zIndex: 3, name: 'heat' })
    .source(data(first))
    .shape('fill')
    .color('fill', (fill: string) => fill)
    .style({ opacity: 1, raisingHeight: heightUnits / 2 });
  const set = dataSetter(layer);
  return {
    layers: [layer],
    update: (cells) => {
      set(data(cells));
    },
  };
}
