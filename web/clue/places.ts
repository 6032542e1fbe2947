import { toLngLat, toPlane, inPolygons } from '../map/geometry.ts';
import type { FlatPlace } from '../map/flat.ts';
import type { TownShape } from '../map/mapping/townData.ts';
import type { ScreenPoint } from '../map/types.ts';

/** Places of a small flat map: what a finger means. Pure. */

/** The town that a position lies in; undefined outside. */
export function townAt(
  shapes: readonly Pick<TownShape, 'code' | 'polygons'>[],
  { lng, lat }: { lng: number; lat: number },
): string | undefined {
  const point = toPlane(lng, lat);
  return shapes.find(({ polygons }) => inPolygons(point, polygons))?.code;
}

/** The position under a finger, degrees to 6 decimals. A flat map turns nothing: each axis is one step and one scale. */
export function positionUnder({ x, y }: ScreenPoint, place: FlatPlace): { lng: number; lat: number } {
  const [zero, one] = [place(0, 0), place(1, 1)];
  const { lng, lat } = toLngLat([(x - zero.x) / (one.x - zero.x), (y - zero.y) / (one.y - zero.y)]);
  const round = (degrees: number) => Math.round(degrees * 1e6) / 1e6;
  return { lng: round(lng), lat: round(lat) };
}
