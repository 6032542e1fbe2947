import type { Tier } from '../../contract/codes.ts';
import { flatPlace, ringsPath } from '../map/flat.ts';
import type { AlertPoint } from '../map/mapping/alertData.ts';
import type { TownShape } from '../map/mapping/townData.ts';
import type { ScreenPoint } from '../map/types.ts';

/** A town's own map, flat, as paths and places in CSS pixels. Pure. */
export interface TownPicture {
  towns: { code: string; d: string; own: boolean; anchor: ScreenPoint }[];
  points: { key: string; tier: Tier; x: number; y: number }[];
}

/** How much of the map's width and height lies around the town: its neighbours tell where it is. */
const AROUND = 0.12;

/** @param size CSS px */
export function townPicture(
  shapes: readonly TownShape[],
  code: string,
  points: readonly AlertPoint[],
  size: { width: number; height: number },
): TownPicture {
  const own = shapes.find((shape) => shape.code === code);
  if (!own || size.width <= 1 || size.height <= 1) return { towns: [], points: [] };
  const padding = {
    top: AROUND * size.height,
    bottom: AROUND * size.height,
    left: AROUND * size.width,
    right: AROUND * size.width,
  };
  const place = flatPlace([own], size, padding);
  if (!place) return { towns: [], points: [] };
  return {
    towns: shapes
      .map((shape) => ({
        code: shape.code,
        own: shape === own,
        anchor: place(...shape.anchor),
        d: ringsPath(shape.polygons.flat(), place),
      }))
      // The own one last: its outline lies over those of its neighbours.
      .sort((a, b) => Number(a.own) - Number(b.own)),
    points: points.map(({ key, tier, x, y }) => ({ key, tier, ...place(x, y) })),
  };
}

/** The key of the alert nearest to a finger, if one is within its reach (CSS px); the last drawn of equals. */
export function nearest(points: TownPicture['points'], at: ScreenPoint, reach: number): string | undefined {
  let found: string | undefined;
  let best = reach;
  for (const { key, x, y } of points) {
    const distance = Math.hypot(x - at.x, y - at.y);
    if (distance > best) continue;
    best = distance;
    found = key;
  }
  return found;
}
