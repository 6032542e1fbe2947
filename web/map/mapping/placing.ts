import { parseAlertKey } from '../../../common/alertRef.ts';
import { inPolygons } from '../geometry.ts';
import { inTown } from '../picking.ts';
import type { Point } from '../types.ts';
import type { AlertPoint } from './alertData.ts';
import type { TownShape } from './townData.ts';
import { areaOf } from './worst.ts';

/** Points in the areas that their alerts belong to. Pure. */

export interface PlacedPoint extends AlertPoint {
  /** Code of the area of the map that it lies in. */
  area: string;
  /** Its position lies outside its area: it stands at the edge instead, and is drawn hollow. */
  imprecise: boolean;
}

/** The point of an area nearest to a place outside it, a little within its edge. */
export function nearestWithin(shape: TownShape, [x, y]: Point): Point {
  let best: Point | undefined;
  let least = Infinity;
  for (const polygon of shape.polygons) {
    const ring = polygon[0] ?? [];
    for (let i = 0; i + 1 < ring.length; i++) {
      const [ax, ay] = ring[i]!;
      const [bx, by] = ring[i + 1]!;
      const [dx, dy] = [bx - ax, by - ay];
      const length = dx * dx + dy * dy;
      const share = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
      const near: Point = [ax + share * dx, ay + share * dy];
      const distance = (near[0] - x) ** 2 + (near[1] - y) ** 2;
      if (distance < least) {
        least = distance;
        best = near;
      }
    }
  }
  if (!best) return shape.anchor;
  for (const share of [0.04, 0.08, 0.16, 0.3, 0.5, 0.75]) {
    const within: Point = [
      best[0] + share * (shape.anchor[0] - best[0]),
      best[1] + share * (shape.anchor[1] - best[1]),
    ];
    if (inPolygons(within, shape.polygons)) return within;
  }
  return shape.anchor;
}

/** Each point inside the area of its alert: at its own position where that lies there, else at the edge next to it. */
export function placePoints(points: readonly AlertPoint[], shapes: readonly TownShape[]): PlacedPoint[] {
  const byCode = new Map(shapes.map((shape) => [shape.code, shape]));
  const codes = new Set(byCode.keys());
  return points.flatMap((point): PlacedPoint[] => {
    const at: Point = [point.x, point.y];
    const code = areaOf(codes, { town: point.town, region: parseAlertKey(point.key)?.region ?? '' });
    const shape = (code !== undefined && byCode.get(code)) || shapes.find((each) => inTown(each, at));
    if (!shape) return [];
    if (inTown(shape, at)) return [{ ...point, area: shape.code, imprecise: false }];
    const [x, y] = nearestWithin(shape, at);
    return [{ ...point, x, y, area: shape.code, imprecise: true }];
  });
}
