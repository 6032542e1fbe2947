import { cellToBoundary, isValidCell } from 'h3-js';
import { toPlane } from '../geometry.ts';
import type { Point, Ring } from '../types.ts';

/** Heat: the frame's H3 cells → hexagons in classes of brightness. Pure. */

export interface HeatCell {
  cell: string;
  count: number;
  /** 0…3, faint to bright. */
  level: number;
  /** Degrees, closed, drawn a little smaller than the cell so that cells stay apart. */
  ring: [number, number][];
  /** The same in mercator units. */
  drawn: Ring;
  /** The whole cell in mercator units, for picking. */
  outline: Ring;
  /** Its middle, mercator units. */
  centre: Point;
}

/** Share of the cell's width that is drawn. */
const INSET = 0.86;

type CellShape = Pick<HeatCell, 'ring' | 'drawn' | 'outline' | 'centre'>;
/** Cells never move: their corners are computed once. Bounded, for walls that stay open for weeks. */
const shapes = new Map<string, CellShape>();
const MAX_SHAPES = 20_000;

function shapeOf(cell: string): CellShape {
  const known = shapes.get(cell);
  if (known) return known;
  const corners = cellToBoundary(cell, true) as [number, number][];
  // The closing corner repeats the first: it must not weigh twice in the centre.
  const open = corners.slice(0, -1);
  const cx = open.reduce((sum, [lng]) => sum + lng, 0) / open.length;
  const cy = open.reduce((sum, [, lat]) => sum + lat, 0) / open.length;
  const ring = corners.map(([lng, lat]): [number, number] => [cx + (lng - cx) * INSET, cy + (lat - cy) * INSET]);
  const shape = {
    ring,
    drawn: ring.map(([lng, lat]) => toPlane(lng, lat)),
    outline: corners.map(([lng, lat]) => toPlane(lng, lat)),
    centre: toPlane(cx, cy),
  };
  if (shapes.size >= MAX_SHAPES) shapes.clear();
  shapes.set(cell, shape);
  return shape;
}

/** Brightness of a cell by its share of the brightest, on a square-root scale: the few extremes do not drown the rest. */
export function heatLevel(count: number, max: number): number {
  return Math.min(3, Math.floor(Math.sqrt(count / Math.max(1, max)) * 4));
}

/** The cells to draw, faintest first; cells that are no H3 cells, or hold nothing, are left out. */
export function heatCells(heat: Readonly<Record<string, number>> | undefined): HeatCell[] {
  const entries = Object.entries(heat ?? {}).filter(([cell, count]) => count > 0 && isValidCell(cell));
  const max = entries.reduce((most, [, count]) => Math.max(most, count), 0);
  return entries
    .sort(([a, m], [b, n]) => m - n || (a < b ? -1 : 1))
    .map(([cell, count]) => ({ cell, count, level: heatLevel(count, max), ...shapeOf(cell) }));
}

/** Whether two lists would draw the same picture: cells do not overlap, so their order draws nothing. */
export function sameCells(a: readonly HeatCell[], b: readonly HeatCell[]): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  const levels = new Map(a.map(({ cell, level }) => [cell, level]));
  return b.every(({ cell, level }) => levels.get(cell) === level);
}

/** Whether two lists say the same: the number of a cell is told where the pointer or the focus is. */
export function sameCounts(a: readonly HeatCell[], b: readonly HeatCell[]): boolean {
  return a.length === b.length && a.every((c, i) => c.cell === b[i]!.cell && c.count === b[i]!.count);
}
