import { flatPlace, ringsPath } from '../map/flat.ts';
import type { HeatCell } from '../map/mapping/heatData.ts';
import type { TownShape } from '../map/mapping/townData.ts';
import { inTown } from '../map/picking.ts';
import type { ScreenPoint } from '../map/types.ts';

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
  const place = flatPlace(shapes, size, { top: PADDING, right: PADDING, bottom: PADDING, left: PADDING });
  if (!place) return { towns: [], cells: [] };
  return {
    towns: shapes.map(({ code, polygons, anchor }) => ({
      code,
      anchor: place(...anchor),
      d: ringsPath(polygons.flat(), place),
    })),
    cells: [...cells]
      .sort((a, b) => b.count - a.count || (a.cell < b.cell ? -1 : 1))
      .map(({ cell, count, level, drawn, centre }) => {
        const town = shapes.find((shape) => inTown(shape, centre))?.code;
        return { cell, count, level, d: ringsPath([drawn], place), ...(town === undefined ? {} : { town }) };
      }),
  };
}
