import { hash } from '../../demo/random.ts';
import type { Point } from './plane.ts';

/** Smooth noise on the plane: heights −1…1 at whole coordinates, quintic between. */
export function noise(seed: number): (x: number, y: number) => number {
  const height = (i: number, j: number) => hash(seed, i, j) / 2147483648 - 1;
  const fade = (t: number) => t * t * t * (t * (6 * t - 15) + 10);
  return (x, y) => {
    const i = Math.floor(x),
      j = Math.floor(y);
    const u = fade(x - i),
      v = fade(y - j);
    const low = height(i, j) * (1 - u) + height(i + 1, j) * u;
    const high = height(i, j + 1) * (1 - u) + height(i + 1, j + 1) * u;
    return low * (1 - v) + high * v;
  };
}

/**
 * A bending of the plane that keeps areas (to first order): the flow along the contour lines of a
 * noise. It carries straight borders into curved ones and never tears.
 * @param size length of a bend, km
 * @param reach about how far a point moves at most, km
 */
export function bending(seed: number, size: number, reach: number): (point: Point) => Point {
  const terrain = noise(seed);
  const h = 1e-3;
  return ([x, y]) => {
    const u = x / size,
      v = y / size;
    const dx = (terrain(u + h, v) - terrain(u - h, v)) / (2 * h);
    const dy = (terrain(u, v + h) - terrain(u, v - h)) / (2 * h);
    return [x + (reach * dy) / 2, y - (reach * dx) / 2];
  };
}
