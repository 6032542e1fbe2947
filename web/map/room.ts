import type { Box, Point, Polygon } from './types.ts';
import { fitView, projector, type Padding, type View } from './view.ts';

/**
 * Where the land and the call-out go so that neither covers the other. The land is drawn once into a coarse grid; sizes and
 * places are then tried on sums over that grid, which cost nothing, and the best one is checked on the exact drawing. Pure.
 */

export interface Size {
  width: number;
  height: number;
}
/** Lines that no text may lie on, CSS pixels from the top left of the map: the seams of a wall of panels. */
export interface Seams {
  x: readonly number[];
  y: readonly number[];
}
export const NO_SEAMS: Seams = { x: [], y: [] };

export function onSeam(box: Box, seams: Seams, gap = 0): boolean {
  return (
    seams.x.some((x) => box.left - gap < x && box.right + gap > x) ||
    seams.y.some((y) => box.top - gap < y && box.bottom + gap > y)
  );
}

export interface Land {
  polygons: readonly Polygon[];
  /** Height of its highest place, mercator units. */
  height: number;
}

/** How much land lies in any box of the screen. */
class LandMask {
  private readonly cell: number;
  private readonly columns: number;
  private readonly rows: number;
  private readonly sums: Int32Array;

  constructor(land: Land, view: View, cell: number) {
    this.cell = cell;
    this.columns = Math.max(1, Math.ceil(view.width / cell));
    this.rows = Math.max(1, Math.ceil(view.height / cell));
    const filled = new Uint8Array(this.columns * this.rows);
    const project = projector(view);
    for (const z of land.height > 0 ? [0, land.height / 2, land.height] : [0]) {
      for (const polygon of land.polygons) this.fill(filled, polygon, (p) => project(p[0], p[1], z));
    }
    const wide = this.columns + 1;
    this.sums = new Int32Array(wide * (this.rows + 1));
    for (let row = 0; row < this.rows; row++) {
      let line = 0;
      for (let column = 0; column < this.columns; column++) {
        line += filled[row * this.columns + column]!;
        this.sums[(row + 1) * wide + column + 1] = this.sums[row * wide + column + 1]! + line;
      }
    }
  }

  private fill(
    filled: Uint8Array,
    polygon: Polygon,
    project: (point: Point) => { x: number; y: number } | undefined,
  ): void {
    const rings = polygon.map((ring) => ring.flatMap((point) => project(point) ?? []));
    const mark = (column: number, row: number) => {
      if (column >= 0 && row >= 0 && column < this.columns && row < this.rows) filled[row * this.columns + column] = 1;
    };
    // Corners count, however thin the land between them.
    for (const ring of rings) for (const p of ring) mark(Math.floor(p.x / this.cell), Math.floor(p.y / this.cell));
    for (let row = 0; row < this.rows; row++) {
      const y = (row + 0.5) * this.cell;
      const crossings: number[] = [];
      for (const ring of rings) {
        for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
          const a = ring[i]!;
          const b = ring[j]!;
          if (a.y > y !== b.y > y) crossings.push(((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x);
        }
      }
      crossings.sort((a, b) => a - b);
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        const to = Math.floor(crossings[i + 1]! / this.cell);
        for (let column = Math.floor(crossings[i]! / this.cell); column <= to; column++) mark(column, row);
      }
    }
  }

  /** Whether no land lies in a box, CSS pixels of the view that the mask was made of. */
  free({ left, top, right, bottom }: Box): boolean {
    const clamp = (value: number, most: number) => Math.min(most, Math.max(0, value));
    const a = clamp(Math.floor(left / this.cell), this.columns);
    const b = clamp(Math.floor(top / this.cell), this.rows);
    const c = clamp(Math.ceil(right / this.cell), this.columns);
    const d = clamp(Math.ceil(bottom / this.cell), this.rows);
    if (a >= c || b >= d) return true;
    const wide = this.columns + 1;
    const at = (column: number, row: number) => this.sums[row * wide + column]!;
    return at(c, d) - at(a, d) - at(c, b) + at(a, b) === 0;
  }
}

/** Places that are tried for the call-out: along the edges of the room, never in its middle, and off the seams. */
function places(room: Box, size: Size, seams: Seams, gap: number): Box[] {
  const spread = (from: number, to: number, lines: readonly number[], length: number) => {
    const last = Math.max(from, to - length);
    const tried = [0, 0.2, 0.4, 0.6, 0.8, 1].map((share) => from + share * (last - from));
    for (const line of lines) tried.push(line - length - gap, line + gap);
    return tried.filter((at) => at >= from - 0.01 && at <= last + 0.01);
  };
  const found: Box[] = [];
  for (const top of spread(room.top, room.bottom, seams.y, size.height)) {
    for (const left of spread(room.left, room.right, seams.x, size.width)) {
      const box = { left, top, right: left + size.width, bottom: top + size.height };
      if (!onSeam(box, seams, gap / 2)) found.push(box);
    }
  }
  return found;
}

const SCALES = Array.from({ length: 36 }, (_, i) => 1 - i * 0.02);
const STEPS = 9;

export interface Arrangement {
  view: View;
  /** Where the call-out stands; absent where none was asked for. */
  callout?: Box;
}

/**
 * The largest view of the land inside the padding that leaves room for the call-out beside it.
 * @param land at least one point
 * @param gap clear space around the call-out, CSS pixels
 */
export function arrange(
  land: Land,
  size: Size,
  padding: Padding,
  pitch: number,
  callout: Size | undefined,
  seams: Seams = NO_SEAMS,
  gap = 8,
): Arrangement {
  const outline = land.polygons.flatMap((polygon) => polygon[0] ?? []);
  const full = fitView(outline, land.height, size, padding, pitch);
  const room = {
    left: padding.left,
    top: padding.top,
    right: size.width - padding.right,
    bottom: size.height - padding.bottom,
  };
  // Where it does not fit, it would lie on the legend.
  if (!callout || callout.width > room.right - room.left || callout.height > room.bottom - room.top)
    return { view: full };
  const cell = Math.max(3, size.width / 240);
  const mask = new LandMask(land, full, cell);
  const drawn = boundsOf(outline, land.height, full);
  const candidates = places(room, callout, seams, gap);
  const middle = { x: (room.left + room.right) / 2, y: (room.top + room.bottom) / 2 };

  for (const scale of SCALES) {
    const width = (drawn.right - drawn.left) * scale;
    const height = (drawn.bottom - drawn.top) * scale;
    let best: { box: Box; target: Box; cost: number } | undefined;
    for (let i = 0; i < STEPS; i++) {
      const left = room.left + (Math.max(0, room.right - room.left - width) * i) / (STEPS - 1);
      for (let j = 0; j < STEPS; j++) {
        const top = room.top + (Math.max(0, room.bottom - room.top - height) * j) / (STEPS - 1);
        const off = Math.hypot(left + width / 2 - middle.x, top + height / 2 - middle.y);
        for (const [rank, box] of candidates.entries()) {
          const cost = off + rank * 1.5;
          if (best && cost >= best.cost) continue;
          const back = (value: number, from: number, base: number) => (value - from) / scale + base;
          const there = {
            left: back(box.left - gap, left, drawn.left),
            right: back(box.right + gap, left, drawn.left),
            top: back(box.top - gap, top, drawn.top),
            bottom: back(box.bottom + gap, top, drawn.top),
          };
          if (mask.free(there)) best = { box, target: { left, top, right: left + width, bottom: top + height }, cost };
        }
      }
    }
    if (!best) continue;
    // Perspective changes a little with the size: checked on the exact drawing, which the next smaller size then passes.
    const { box, target } = best;
    const view = fitView(
      outline,
      land.height,
      size,
      { left: target.left, top: target.top, right: size.width - target.right, bottom: size.height - target.bottom },
      pitch,
    );
    const grown = {
      left: box.left - gap / 2,
      top: box.top - gap / 2,
      right: box.right + gap / 2,
      bottom: box.bottom + gap / 2,
    };
    if (new LandMask(land, view, cell).free(grown)) return { view, callout: box };
  }
  return { view: full };
}

function boundsOf(points: readonly Point[], height: number, view: View): Box {
  const project = projector(view);
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const [x, y] of points) {
    for (const z of [0, height]) {
      const p = project(x, y, z);
      if (!p) continue;
      box.left = Math.min(box.left, p.x);
      box.top = Math.min(box.top, p.y);
      box.right = Math.max(box.right, p.x);
      box.bottom = Math.max(box.bottom, p.y);
    }
  }
  return box;
}
