import { cellToBoundary, cellToLatLng, latLngToCell } from 'h3-js';
import { HEAT_RESOLUTION } from '../../contract/codes.ts';
import type { LngLat } from '../../contract/frame.ts';
import { NO_CELL } from './alertColumns.ts';

/** Positions: distance, a grid to find neighbours by, and H3 cells without asking H3 about every alert. */

/** Mean earth radius, m (haversine on the sphere: within 0.5 % of the ellipsoid). */
const EARTH_M = 6_371_008.8;
const RAD = Math.PI / 180;

/** The grid: 2^15 rows of latitude (611 m) by 2^16 columns of longitude (530 m at 30°), numbered row by row. */
const ROWS = 32_768;
const COLUMNS = 65_536;

function rowOf(lat: number): number {
  return Math.min(ROWS - 1, Math.max(0, Math.floor(((lat + 90) / 180) * ROWS)));
}
/** Column, not yet wrapped around the globe. */
function columnOf(lng: number): number {
  return Math.floor(((lng + 180) / 360) * COLUMNS);
}

/** Cell of a position; NO_CELL for NaN. */
export function gridCell(lng: number, lat: number): number {
  if (lng !== lng) return NO_CELL;
  return rowOf(lat) * COLUMNS + (columnOf(lng) & (COLUMNS - 1));
}

/** Great-circle distance in metres, positions in WGS-84 degrees. */
export function haversine(lngA: number, latA: number, lngB: number, latB: number): number {
  const dLat = Math.sin(((latB - latA) * RAD) / 2);
  const dLng = Math.sin(((lngB - lngA) * RAD) / 2);
  const h = dLat * dLat + Math.cos(latA * RAD) * Math.cos(latB * RAD) * dLng * dLng;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Ranges of grid cells `[first, last]`, ascending, that hold every position within `metres`. */
export function cellsAround(centre: LngLat, metres: number): [first: number, last: number][] {
  const dLat = (metres / EARTH_M / RAD) * 1.000001 + 1e-9;
  const south = centre.lat - dLat;
  const north = centre.lat + dLat;
  const ranges: [number, number][] = [];
  let from = 0;
  let to = COLUMNS - 1;
  if (south > -90 && north < 90) {
    // The widest difference of longitude on the circle, at the touching meridian.
    const ratio = Math.sin(dLat * RAD) / Math.cos(centre.lat * RAD);
    const dLng = ratio < 1 ? Math.asin(ratio) / RAD + 1e-9 : 180;
    if (dLng < 179) {
      from = columnOf(centre.lng - dLng);
      to = columnOf(centre.lng + dLng);
      if (to - from >= COLUMNS - 1) [from, to] = [0, COLUMNS - 1];
    }
  }
  for (let row = rowOf(south); row <= rowOf(north); row++) {
    const base = row * COLUMNS;
    const first = from & (COLUMNS - 1);
    const last = to & (COLUMNS - 1);
    if (first <= last) ranges.push([base + first, base + last]);
    else ranges.push([base, base + last], [base + first, base + COLUMNS - 1]);
  }
  return ranges;
}

export interface CellShape {
  centre: LngLat;
  /** Every position of the cell lies within so many metres of the centre. */
  radius: number;
  contains(lng: number, lat: number): boolean;
}

/** Nearer to an edge than this (m), H3 itself decides: our plane is good to decimetres. */
const DOUBTFUL_M = 2;

/**
 * The shape of an H3 cell. A position is tested against the cell's outline in a local plane, about a hundred times
 * faster than asking H3 for the position's cell; H3 is asked where it is close.
 */
export function cellShape(h3: string): CellShape {
  const [lat0, lng0] = cellToLatLng(h3);
  const outline = cellToBoundary(h3) as [number, number][];
  const radius = Math.max(...outline.map(([lat, lng]) => haversine(lng0, lat0, lng, lat))) * 1.001 + DOUBTFUL_M;
  const byH3 = (lng: number, lat: number) => latLngToCell(lat, lng, HEAT_RESOLUTION) === h3;
  const centre = { lng: lng0, lat: lat0 };
  if (Math.abs(lat0) > 80) return { centre, radius, contains: byH3 };
  const perLat = EARTH_M * RAD;
  const perLng = perLat * Math.cos(lat0 * RAD);
  const toX = (lng: number) => (((lng - lng0 + 540) % 360) - 180) * perLng;
  const toY = (lat: number) => (lat - lat0) * perLat;
  // Edges as unit normals pointing inwards (H3 gives outlines counter-clockwise).
  const edges = outline.map(([lat, lng], i) => {
    const [nextLat, nextLng] = outline[(i + 1) % outline.length]!;
    const x = toX(lng),
      y = toY(lat);
    const dx = toX(nextLng) - x,
      dy = toY(nextLat) - y;
    const length = Math.hypot(dx, dy);
    return { x, y, nx: -dy / length, ny: dx / length };
  });
  return {
    centre,
    radius,
    contains(lng, lat) {
      const x = toX(lng),
        y = toY(lat);
      let inside = Infinity;
      for (const edge of edges) inside = Math.min(inside, (x - edge.x) * edge.nx + (y - edge.y) * edge.ny);
      return inside > DOUBTFUL_M || (inside > -DOUBTFUL_M && byH3(lng, lat));
    },
  };
}
