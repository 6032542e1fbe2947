import { blur2 } from 'd3-array';
import { contours } from 'd3-contour';
import { signedArea, type Point, type Ring } from './plane.ts';
import { cellsOf, clipped, frameOf, type Site } from './powerDiagram.ts';

/** Cells of the longer side of the grid on which the outline is traced. */
const GRID = 180;
const ROUNDS = 16;
/** Bounds of what a town's disc may become, as a share of its radius. */
const LEAST = 0.5,
  MOST = 1.5;

/** How an outline is drawn; lengths in km. */
export interface OutlineHand {
  /** Gaps of up to twice this width between discs are filled. */
  gap: number;
  /** Corners are rounded at about this scale. */
  blur: number;
}

/**
 * The outline of a region made of discs (radius² = weight): their union, with the corners between
 * neighbours filled, and what that adds taken off outside, town by town, so that each keeps its area.
 * One ring, counter-clockwise; holes are filled.
 *
 * @param areas of the towns, km²
 * @throws Error when the discs lie too far apart for one region
 */
export function outlineOf(sites: readonly Site[], areas: readonly number[], hand: OutlineHand): Ring {
  const radii = sites.map(({ weight }) => Math.sqrt(Math.max(weight, 0)));
  const frame = frameOf(
    sites.map(({ at }) => at),
    2.5 * Math.max(...radii),
  );
  const cells = cellsOf(sites, frame);
  const shown = [...radii];
  const total = areas.reduce((sum, area) => sum + area, 0);
  let ring: Ring = [];
  for (let round = 0; round < ROUNDS; round++) {
    ring = trace(sites, shown, hand, frame);
    cells.forEach((cell, i) => {
      const lack = areas[i]! - Math.abs(signedArea(clipped(ring, cell)));
      const radius = shown[i]! + (0.5 * lack) / (Math.PI * radii[i]!);
      shown[i] = Math.min(radii[i]! * MOST, Math.max(radii[i]! * LEAST, radius));
    });
  }
  if (Math.abs(signedArea(ring) / total - 1) > 0.25)
    throw new Error('The towns lie too far apart to be drawn as one region.');
  return ring;
}

/**
 * Draws the discs on a grid, closes the gaps between them, blurs the picture, and goes along where it
 * is half as bright: the longest such line.
 */
function trace(sites: readonly Site[], radii: readonly number[], hand: OutlineHand, frame: Ring): Ring {
  const [left, bottom] = frame[0]!,
    [right, top] = frame[2]!;
  const step = Math.max(right - left, top - bottom) / GRID;
  const columns = Math.ceil((right - left) / step),
    rows = Math.ceil((top - bottom) / step);
  const outside = new Float64Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = left + (column + 0.5) * step,
        y = bottom + (row + 0.5) * step;
      outside[row * columns + column] = sites.reduce(
        (least, { at }, i) => Math.min(least, Math.hypot(x - at[0], y - at[1]) - radii[i]!),
        Infinity,
      );
    }
  }
  // Closing: what no disc of radius `gap` can reach that keeps clear of the shape belongs to it.
  const depth = distances(
    outside.map((away) => (away > hand.gap ? 0 : Infinity)),
    columns,
  );
  const picture = depth.map((away) => Math.min(1, Math.max(0, away - hand.gap / step + 0.5)));
  blur2({ data: picture, width: columns }, hand.blur / step);
  const parts = contours()
    .size([columns, rows])
    .contour([...picture], 0.5).coordinates;
  const rings = parts.map((part) =>
    part[0]!.slice(0, -1).map((p): Point => [left + p[0]! * step, bottom + p[1]! * step]),
  );
  const ring = rings.reduce(
    (best, other) => (Math.abs(signedArea(other)) > Math.abs(signedArea(best)) ? other : best),
    [],
  );
  return signedArea(ring) < 0 ? ring.toReversed() : ring;
}

/** Distance of every cell of a grid to the nearest that is 0, in cells (Felzenszwalb and Huttenlocher: by columns, then by rows). */
function distances(grid: Float64Array, columns: number): Float64Array {
  const rows = grid.length / columns;
  const squares = grid.map((value) => (value === 0 ? 0 : 1e9));
  for (let column = 0; column < columns; column++) sweep(squares, column, columns, rows);
  for (let row = 0; row < rows; row++) sweep(squares, row * columns, 1, columns);
  return squares.map(Math.sqrt);
}

/** Lower envelope of the parabolas along one row or column, in place. */
function sweep(squares: Float64Array, start: number, stride: number, count: number): void {
  const height = Float64Array.from({ length: count }, (_, i) => squares[start + i * stride]!);
  const vertex = [0],
    from = [-Infinity];
  const crossing = (p: number, q: number) => (height[q]! + q * q - height[p]! - p * p) / (2 * (q - p));
  for (let q = 1; q < count; q++) {
    while (crossing(vertex.at(-1)!, q) <= from.at(-1)!) {
      vertex.pop();
      from.pop();
    }
    from.push(crossing(vertex.at(-1)!, q));
    vertex.push(q);
  }
  for (let q = 0, k = 0; q < count; q++) {
    while (k + 1 < vertex.length && from[k + 1]! < q) k++;
    squares[start + q * stride] = (q - vertex[k]!) ** 2 + height[vertex[k]!]!;
  }
}
