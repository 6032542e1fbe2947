import type { Point } from './plane.ts';

/**
 * Chance that is the same on every machine: integer arithmetic only, from a seed.
 */

/** A well-mixed 32-bit number of some integers (the finaliser of MurmurHash3). */
export function mix(...values: number[]): number {
  let hash = 0x9e3779b9;
  for (const value of values) {
    hash = Math.imul(hash ^ value, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash >>> 0;
}

/** A stream of numbers in 0…1 (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** About normal, mean 0, deviation 1, never beyond ±√12 (three uniforms would be too blunt, twelve too slow). */
export function bell(next: () => number): number {
  return (next() + next() + next() + next() - 2) * Math.sqrt(3);
}

/** Smooth noise on the plane: heights −1…1 at whole coordinates, quintic between. */
export function noise(seed: number): (x: number, y: number) => number {
  const height = (i: number, j: number) => mix(seed, i, j) / 2147483648 - 1;
  const fade = (t: number) => t * t * t * (t * (6 * t - 15) + 10);
  return (x, y) => {
    const i = Math.floor(x), j = Math.floor(y);
    const u = fade(x - i), v = fade(y - j);
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
    const u = x / size, v = y / size;
    const dx = (terrain(u + h, v) - terrain(u - h, v)) / (2 * h);
    const dy = (terrain(u, v + h) - terrain(u, v - h)) / (2 * h);
    return [x + (reach * dy) / 2, y - (reach * dx) / 2];
  };
}
