import type { Point, Polygon, Ring } from './types.ts';

/** Plane geometry of the map, in mercator units (types.ts). Pure. */

const RAD = Math.PI / 180;
/** Web mercator ends here; it keeps logarithms finite for nonsense input. */
const MAX_LAT = 85;

/** Degrees (WGS-84 / CGCS2000) → mercator units. */
export function toPlane(lng: number, lat: number): Point {
  const phi = Math.min(MAX_LAT, Math.max(-MAX_LAT, lat)) * RAD;
  return [(lng + 180) / 360, (1 - Math.log(Math.tan(Math.PI / 4 + phi / 2)) / Math.PI) / 2];
}

/** Mercator units → degrees. */
export function toLngLat([x, y]: Point): { lng: number; lat: number } {
  return { lng: x * 360 - 180, lat: (2 * Math.atan(Math.exp((1 - 2 * y) * Math.PI)) - Math.PI / 2) / RAD };
}

/** Whether a point lies in a ring (even–odd rule; a point on the edge may go either way). */
function inRing(point: Point, ring: Ring): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i]!;
    const [xj, yj] = ring[j]!;
    if (yi > point[1] !== yj > point[1] && point[0] < ((xj - xi) * (point[1] - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** Whether a point lies in one of the polygons and in none of its holes. */
export function inPolygons(point: Point, polygons: readonly Polygon[]): boolean {
  return polygons.some(
    ([outer, ...holes]) => outer && inRing(point, outer) && !holes.some((hole) => inRing(point, hole)),
  );
}

/** Smallest box around points: [minX, minY, maxX, maxY]; absent for no points. */
export function bounds(points: Iterable<Point>): [number, number, number, number] | undefined {
  let box: [number, number, number, number] | undefined;
  for (const [x, y] of points) {
    if (!box) box = [x, y, x, y];
    else box = [Math.min(box[0], x), Math.min(box[1], y), Math.max(box[2], x), Math.max(box[3], y)];
  }
  return box;
}

/** Signed area of a ring (twice the shoelace sum halved); only its size matters here. */
function ringArea(ring: Ring): number {
  let sum = 0;
  for (let i = 0; i + 1 < ring.length; i++) sum += ring[i]![0] * ring[i + 1]![1] - ring[i + 1]![0] * ring[i]![1];
  return sum / 2;
}

/** Centroid of the largest polygon's outer ring: where a label goes when a file names no place for it. */
export function centroid(polygons: readonly Polygon[]): Point | undefined {
  const ring = polygons
    .map((p) => p[0])
    .filter((r) => r !== undefined)
    .sort((a, b) => Math.abs(ringArea(b)) - Math.abs(ringArea(a)))[0];
  if (!ring || ring.length < 4) return undefined;
  const area = ringArea(ring);
  if (area === 0) return ring[0];
  let x = 0;
  let y = 0;
  for (let i = 0; i + 1 < ring.length; i++) {
    const [xi, yi] = ring[i]!;
    const [xj, yj] = ring[i + 1]!;
    const cross = xi * yj - xj * yi;
    x += (xi + xj) * cross;
    y += (yi + yj) * cross;
  }
  return [x / (6 * area), y / (6 * area)];
}

/** A disc of a given area around a place: the shape of a town of which only seat and area are known. */
export function disc(lng: number, lat: number, areaKm2: number, corners = 48): [number, number][] {
  const radiusDeg = Math.sqrt(areaKm2 / Math.PI) / 111.32;
  const ring = Array.from({ length: corners }, (_, i): [number, number] => {
    const angle = (2 * Math.PI * i) / corners;
    return [lng + (radiusDeg * Math.cos(angle)) / Math.cos(lat * RAD), lat + radiusDeg * Math.sin(angle)];
  });
  return [...ring, ring[0]!];
}
