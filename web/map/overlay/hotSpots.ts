import type { HeatCell } from '../mapping/heatData.ts';
import { inTown } from '../picking.ts';
import type { ScreenPoint } from '../types.ts';
import type { MapData } from '../useMapData.ts';

/** So many of the hottest cells are offered to the keyboard: those that a hand would aim at. */
export const MOST_SPOTS = 20;

/** A heat cell with the place where it is drawn. */
export interface HotSpot {
  cell: HeatCell;
  at: ScreenPoint;
}

/**
 * The hottest cells that are in the picture, the hottest first. Pure.
 * @param cells faintest first, as they are drawn
 */
export function hotSpots(
  cells: readonly HeatCell[],
  project: (x: number, y: number) => ScreenPoint | undefined,
  size: { width: number; height: number },
): HotSpot[] {
  const spots: HotSpot[] = [];
  for (let i = cells.length - 1; i >= 0 && spots.length < MOST_SPOTS; i--) {
    const cell = cells[i]!;
    const at = project(...cell.centre);
    if (at && at.x >= 0 && at.y >= 0 && at.x <= size.width && at.y <= size.height) spots.push({ cell, at });
  }
  return spots;
}

/** Name of the town that the middle of a cell lies in. */
export function townOfCell(
  { centre }: HeatCell,
  { shapes, figures }: Pick<MapData, 'shapes' | 'figures'>,
): string | undefined {
  const town = shapes.value.find((shape) => inTown(shape, centre));
  return town && figures.value.get(town.code)?.name;
}
