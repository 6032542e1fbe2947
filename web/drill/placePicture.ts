import type { LngLat } from '../../contract/frame.ts';
import type { Tier } from '../../contract/codes.ts';
import { toPlane } from '../map/geometry.ts';
import { ringsPath } from '../map/flat.ts';
import type { AlertPoint } from '../map/mapping/alertData.ts';
import type { TownShape } from '../map/mapping/townData.ts';
import type { ScreenPoint } from '../map/types.ts';

/** The kilometre around an alert as paths and places in CSS pixels: north up, the alert in the middle. Pure. */

/** Rings around the alert, metres. Neighbours are read within the outer one. */
export const RINGS_M = [500, 1_000] as const;
/** As the server measures distances (haversine). */
const EARTH_M = 6_371_008.8;

/** Neighbours at one place of the picture: the gravest of them, and how many they are. */
export interface PlaceMark extends ScreenPoint {
  key: string;
  tier: Tier;
  n: number;
}

export interface PlacePicture {
  centre: ScreenPoint;
  rings: { metres: number; r: number; label: ScreenPoint }[];
  towns: { code: string; d: string; own: boolean }[];
  /** The least grave first, so that the gravest is drawn over the others. */
  marks: PlaceMark[];
  /** Neighbours so near that they would lie under the alert's own mark. */
  here: number;
}

/** How far a metre reaches in mercator units at a latitude. */
export const planePerMetre = (lat: number): number => 1 / (2 * Math.PI * EARTH_M * Math.cos((lat * Math.PI) / 180));

/** Directions in which a ring may carry its label, from the top on; the first that lies on nothing is taken. */
const DIRECTIONS = [0, 180, 45, 315, 135, 225, 90, 270].map((degrees) => (degrees * Math.PI) / 180);

/**
 * @param points open alerts near it, the gravest last (`alertPoints`); those of other places fall outside the picture
 * @param size CSS px
 * @param room CSS px: between the outer ring and the edge of the picture; half a mark; half of a ring's label
 */
export function placePicture(
  shapes: readonly TownShape[],
  { town, location }: { town: string; location: LngLat },
  points: readonly AlertPoint[],
  size: { width: number; height: number },
  room: { margin: number; mark: number; label: number },
): PlacePicture {
  const centre = { x: size.width / 2, y: size.height / 2 };
  const outer = RINGS_M[RINGS_M.length - 1]!;
  const radius = Math.max(1, Math.min(size.width, size.height) / 2 - room.margin);
  const [cx, cy] = toPlane(location.lng, location.lat);
  const scale = radius / (outer * planePerMetre(location.lat));
  const place = (x: number, y: number): ScreenPoint => ({
    x: centre.x + (x - cx) * scale,
    y: centre.y + (y - cy) * scale,
  });

  const inView = ({ bounds: [left, top, right, bottom] }: TownShape) => {
    const a = place(left, top);
    const b = place(right, bottom);
    return a.x < size.width && b.x > 0 && a.y < size.height && b.y > 0;
  };

  const { marks, here } = merge(
    points.map(({ key, tier, x, y }) => ({ key, tier, ...place(x, y) })),
    centre,
    room.mark,
  );
  const visible = marks.filter(({ x, y }) => x >= 0 && y >= 0 && x <= size.width && y <= size.height);
  return {
    centre,
    rings: RINGS_M.map((metres) => {
      const r = (radius * metres) / outer;
      return { metres, r, label: labelPlace(centre, r, visible, room) };
    }),
    towns: shapes
      .filter(inView)
      .map((shape) => ({
        code: shape.code,
        own: shape.code === town,
        d: ringsPath(shape.polygons.flat(), place),
      }))
      .sort((a, b) => Number(a.own) - Number(b.own)),
    marks: visible,
    here,
  };
}

/** Those that would lie on one another as one mark, in the place of the gravest; those under the middle only counted. */
function merge(
  points: readonly (ScreenPoint & { key: string; tier: Tier })[],
  centre: ScreenPoint,
  half: number,
): { marks: PlaceMark[]; here: number } {
  const touching = (a: ScreenPoint, b: ScreenPoint) => Math.hypot(a.x - b.x, a.y - b.y) < 2 * half;
  const marks: PlaceMark[] = [];
  let here = 0;
  for (const point of [...points].reverse()) {
    if (touching(point, centre)) {
      here++;
      continue;
    }
    const mark = marks.find((other) => touching(point, other));
    if (mark) mark.n++;
    else marks.push({ ...point, n: 1 });
  }
  return { marks: marks.reverse(), here };
}

function labelPlace(
  centre: ScreenPoint,
  r: number,
  marks: readonly ScreenPoint[],
  { mark, label }: { mark: number; label: number },
): ScreenPoint {
  const places = DIRECTIONS.map((angle) => ({ x: centre.x + r * Math.sin(angle), y: centre.y - r * Math.cos(angle) }));
  const free = places.find(({ x, y }) =>
    marks.every((other) => Math.abs(other.x - x) > mark + label || Math.abs(other.y - y) > mark + label / 2),
  );
  return free ?? places[0]!;
}
