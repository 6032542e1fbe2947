/**
 * Plane geometry in kilometres, and the way between it and degrees. x points east, y north.
 */

export type Point = [x: number, y: number];
/** A ring without its closing point; either winding. */
export type Ring = Point[];

/** Mean radius of the earth, km (IUGG). */
export const EARTH_KM = 6371.0088;
const RAD = Math.PI / 180;

export interface Projection {
  /** [lng, lat] in degrees → km. */
  toPlane(lngLat: Point): Point;
  toDegrees(point: Point): Point;
}

/**
 * The sinusoidal projection about a point: areas are true everywhere, shapes are close to true within
 * a few degrees of the centre.
 */
export function sinusoidal([lng0, lat0]: Point): Projection {
  return {
    toPlane: ([lng, lat]) => [EARTH_KM * RAD * (lng - lng0) * Math.cos(lat * RAD), EARTH_KM * RAD * (lat - lat0)],
    toDegrees: ([x, y]) => {
      const lat = lat0 + y / (EARTH_KM * RAD);
      return [lng0 + x / (EARTH_KM * RAD * Math.cos(lat * RAD)), lat];
    },
  };
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

export function between(a: Point, b: Point, t: number): Point {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
}

/** Area with sign: positive when the ring runs counter-clockwise. The ring may repeat its first point. */
export function signedArea(ring: readonly Point[]): number {
  let twice = 0;
  let [px, py] = ring.at(-1) ?? [0, 0];
  for (const [x, y] of ring) {
    twice += px * y - x * py;
    [px, py] = [x, y];
  }
  return twice / 2;
}

/** Centre of gravity of a ring's area. */
export function centroid(ring: readonly Point[]): Point {
  let twice = 0,
    cx = 0,
    cy = 0;
  let [px, py] = ring.at(-1) ?? [0, 0];
  for (const [x, y] of ring) {
    const cross = px * y - x * py;
    twice += cross;
    cx += (px + x) * cross;
    cy += (py + y) * cross;
    [px, py] = [x, y];
  }
  return [cx / (3 * twice), cy / (3 * twice)];
}

/** Whether a point lies within a ring (even-odd rule); on the border it may be either. */
export function inRing([x, y]: Point, ring: readonly Point[]): boolean {
  let inside = false;
  let [px, py] = ring.at(-1) ?? [0, 0];
  for (const [qx, qy] of ring) {
    if (qy > y !== py > y && x < ((px - qx) * (y - qy)) / (py - qy) + qx) inside = !inside;
    [px, py] = [qx, qy];
  }
  return inside;
}

/** Distance from a point to the nearest point of a line. */
export function distanceToLine(point: Point, line: readonly Point[]): number {
  let best = Infinity;
  for (let i = 1; i < line.length; i++) {
    const a = line[i - 1]!,
      b = line[i]!;
    const dx = b[0] - a[0],
      dy = b[1] - a[1];
    const square = dx * dx + dy * dy;
    const t = square === 0 ? 0 : Math.min(1, Math.max(0, ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / square));
    best = Math.min(best, distance(point, [a[0] + t * dx, a[1] + t * dy]));
  }
  return best;
}

export function lineLength(line: readonly Point[]): number {
  let sum = 0;
  for (let i = 1; i < line.length; i++) sum += distance(line[i - 1]!, line[i]!);
  return sum;
}

/** Points at even steps of about `step` along a line, its ends among them; at least three points, that a closed line stays open enough to bend. */
export function resample(line: readonly Point[], step: number): Point[] {
  const total = lineLength(line);
  const pieces = Math.max(2, Math.round(total / step));
  const points: Point[] = [line[0]!];
  let segment = 1,
    before = 0;
  for (let i = 1; i < pieces; i++) {
    const at = (total * i) / pieces;
    while (segment < line.length - 1 && before + distance(line[segment - 1]!, line[segment]!) < at) {
      before += distance(line[segment - 1]!, line[segment]!);
      segment++;
    }
    const a = line[segment - 1]!,
      b = line[segment]!;
    points.push(between(a, b, (at - before) / (distance(a, b) || 1)));
  }
  points.push(line.at(-1)!);
  return points;
}
