import { contours } from 'd3-contour';
import { signedArea, type Point, type Ring } from './plane.ts';

/** Points a side of the longer side of the grid on which the outline is traced. */
const GRID = 240;

/**
 * The outline of a region made of discs: their union, swollen and smoothed until it has the area
 * they have together. One ring; holes are filled.
 *
 * @param blend over what distance neighbouring discs flow together, km
 * @throws Error when the discs lie too far apart for one region
 */
export function outlineOf(discs: readonly { middle: Point; radius: number }[], area: number, blend: number): Ring {
  const margin = Math.max(...discs.map((disc) => disc.radius)) * 1.5;
  const xs = discs.map(({ middle }) => middle[0]), ys = discs.map(({ middle }) => middle[1]);
  const reach = Math.max(...discs.map((disc) => disc.radius)) + margin;
  const left = Math.min(...xs) - reach, bottom = Math.min(...ys) - reach;
  const width = Math.max(...xs) + reach - left, height = Math.max(...ys) + reach - bottom;
  const cell = Math.max(width, height) / GRID;
  const columns = Math.ceil(width / cell), rows = Math.ceil(height / cell);

  // Height above the outline: a smooth maximum of the depths within the discs.
  const depth = new Array<number>(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = left + (column + 0.5) * cell, y = bottom + (row + 0.5) * cell;
      let sum = 0;
      for (const { middle, radius } of discs) {
        sum += Math.exp((radius - Math.hypot(x - middle[0], y - middle[1])) / blend);
      }
      depth[row * columns + column] = blend * Math.log(sum);
    }
  }

  const tracer = contours().size([columns, rows]).smooth(true);
  const at = (level: number): Ring => {
    const outers = tracer.contour(depth, level).coordinates.map((polygon) => polygon[0]!);
    const rings = outers.map((outer) => outer.slice(0, -1).map((p): Point => [left + p[0]! * cell, bottom + p[1]! * cell]));
    return rings.reduce((best, ring) => (Math.abs(signedArea(ring)) > Math.abs(signedArea(best)) ? ring : best), []);
  };
  // The area falls as the level rises.
  let low = -margin, high = margin;
  for (let i = 0; i < 40; i++) {
    const level = (low + high) / 2;
    if (Math.abs(signedArea(at(level))) > area) low = level; else high = level;
  }
  const ring = at((low + high) / 2);
  if (Math.abs(Math.abs(signedArea(ring)) / area - 1) > 0.02) {
    throw new Error('The towns lie too far apart to be drawn as one region.');
  }
  return signedArea(ring) < 0 ? ring.reverse() : ring;
}
