import { Random } from '../../demo/random.ts';
import { between, distance, resample, type Point } from './plane.ts';

/** How a border runs. Lengths in km. */
export interface Hand {
  /** Where the freehand begins: a border is taken at points so far apart, and drawn anew between. */
  stride: number;
  /** The finest detail. */
  detail: number;
  /** Sideways deviation of the middle of a stretch, as a share of its length. */
  roughness: number;
}

/** No stroke goes astray by more than so many deviations: spikes are what gives a machine away. */
const STEADY = 1.5;

/** Rounds off corners: each gives way to two points, at a quarter and three quarters (Chaikin); ends stay. */
function soften(line: Point[]): Point[] {
  const softer: Point[] = [line[0]!];
  for (let i = 1; i < line.length; i++) {
    const a = line[i - 1]!,
      b = line[i]!;
    if (i > 1) softer.push(between(a, b, 0.25));
    if (i < line.length - 1) softer.push(between(a, b, 0.75));
  }
  softer.push(line.at(-1)!);
  return softer;
}

/**
 * Draws a border freehand: midpoint displacement, seeded, its ends kept. Some borders wind like a
 * stream, some are jagged like a ridge, some keep fairly straight like a road: also by the seed. The
 * same line backwards gives the same border backwards.
 */
export function roughen(line: readonly Point[], seed: number, hand: Hand): Point[] {
  const start = line[0]!,
    end = line.at(-1)!;
  if (start[0] > end[0] || (start[0] === end[0] && start[1] > end[1])) {
    return roughen(line.toReversed(), seed, hand).toReversed();
  }
  const chance = new Random(seed);
  const temper = chance.next();
  const roughness = hand.roughness * (temper < 0.25 ? 0.6 : temper < 0.65 ? 1 : 1.25);
  const winding = temper >= 0.65;
  let points = resample(line, hand.stride);
  for (;;) {
    const longest = points.slice(1).reduce((most, point, i) => Math.max(most, distance(point, points[i]!)), 0);
    if (longest <= hand.detail * 1.6) break;
    const finer: Point[] = [points[0]!];
    for (let i = 1; i < points.length; i++) {
      const a = points[i - 1]!,
        b = points[i]!;
      // One draw for each stretch, bent or not: a change of detail must not change what comes after.
      const off = Math.max(-STEADY, Math.min(STEADY, chance.normal())) * roughness;
      if (distance(a, b) > hand.detail) {
        const [mx, my] = between(a, b, 0.5);
        finer.push([mx - (b[1] - a[1]) * off, my + (b[0] - a[0]) * off]);
      }
      finer.push(b);
    }
    points = finer;
  }
  return winding ? soften(points) : points;
}
