import type { HeatCell } from '../map/mapping/heatData.ts';
import type { TownShape } from '../map/mapping/townData.ts';
import { inTown } from '../map/picking.ts';
import type { Ring, ScreenPoint } from '../map/types.ts';
import { fitView, projector } from '../map/view.ts';

/** The district with the heat of what is watched, flat, as paths in CSS pixels. Pure. */
export interface HeatPicture {
  towns: { code: string; d: string; anchor: ScreenPoint }[];
  /** Hottest first; of equals by cell. */
  cells: {
    cell: string;
    count: number;
    /** 0…3, faint to bright. */
    level: number;
    d: string;
    /** Code of the town that its middle lies in. */
    town?: string;
  }[];
}

/** Room around the land, CSS px. */
const PADDING = 8;

/** @param cells faintest first, as `heatCells` gives them @param size CSS px */
export function heatPicture(
  shapes: readonly TownShape[],
  cells: readonly HeatCell[],
  size: { width: number; height: number },
): HeatPicture {
  const outline = shapes.flatMap(({ polygons }) => polygons.flatMap(([ring]) => [...(ring ?? [])]));
  if (outline.length === 0 || size.width <= 2 * PADDING || size.height <= 2 * PADDING) return { towns: [], cells: [] };
  const padding = { top: PADDING, right: PADDING, bottom: PADDING, left: PADDING };
  const project = projector(fitView(outline, 0, size, padding, 0));
  // Flat and without horizon, every point has a place.
  const place = (x: number, y: number): ScreenPoint => project(x, y) ?? { x: 0, y: 0 };
  const path = (ring: Ring) =>
    `${ring
      .map(([x, y], i) => {
        const p = place(x, y);
        return `${i ? 'L' : 'M'}${p.x.toFixed(1)} ${p.y.toFixed(1)}`;
      })
      .join('')}Z`;
  return {
    towns: shapes.map(({ code, polygons, anchor }) => ({
      code,
      anchor: place(...anchor),
      d: polygons.flatMap((rings) => rings.map(path)).join(''),
    })),
    cells: [...cells]
      .sort((a, b) => b.count - a.count || (a.cell < b.cell ? -1 : 1))
      .map(({ cell, count, level, drawn, centre }) => {
        const town = shapes.find((shape) => inTown(shape, centre))?.code;
        return { cell, count, level, d: path(drawn), ...(town === undefined ? {} : { town }) };
      }),
  };
}
