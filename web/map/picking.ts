import { inPolygons } from './geometry.ts';
import type { HeatCell } from './mapping/heatData.ts';
import type { TownShape } from './mapping/townData.ts';
import type { Box, MapTarget, Point, ScreenPoint } from './types.ts';
import { unproject, worldSize, type View } from './view.ts';

/**
 * What lies under a pointer, from geometry alone. GPU picking reads back a picture and errs with CSS scaling, pixel
 * ratios and overlapping layers; this is exact, costs microseconds, and works without WebGL as well.
 */

export interface Pickable {
  view: View;
  towns: readonly TownShape[];
  /** Height of an area's top, mercator units. */
  heightOf: (code: string) => number;
  /** Height on which the heat lies. */
  ground: number;
  /** Marks of single alerts where they are drawn now, the topmost last. */
  marks: readonly { key: string; at: ScreenPoint }[];
  /** Rows in which alerts of an area are counted. */
  clusters: readonly { area: string; box: Box }[];
  /** Reach around a mark, CSS pixels. */
  reach: number;
  cells: readonly HeatCell[];
  /** A cell is picked only where it is drawn at least this wide, CSS pixels: smaller ones cannot be aimed at. */
  minCellPx: number;
  labels: readonly { code: string; box: Box; anchor: ScreenPoint; hidden: boolean }[];
}

const within = (p: ScreenPoint, box: Box): boolean =>
  p.x >= box.left && p.x <= box.right && p.y >= box.top && p.y <= box.bottom;

/** The town at a screen point: on its top, or else on the wall that shows below it; what is higher hides what is lower. */
export function townAt(
  view: View,
  towns: readonly TownShape[],
  heightOf: (code: string) => number,
  at: ScreenPoint,
): string | undefined {
  let found: { code: string; z: number } | undefined;
  const planes = new Map<number, Point | undefined>();
  for (const town of towns) {
    const top = heightOf(town.code);
    for (const level of top > 0 ? [1, 0.75, 0.5, 0.25, 0] : [0]) {
      const z = top * level;
      if (found && z <= found.z) break;
      if (!planes.has(z)) planes.set(z, unproject(view, at, z));
      const point = planes.get(z);
      if (point && inTown(town, point)) {
        found = { code: town.code, z };
        break;
      }
    }
  }
  return found?.code;
}

/** Whether a point of the plane lies in a town. */
export function inTown(town: TownShape, point: Point): boolean {
  const [minX, minY, maxX, maxY] = town.bounds;
  return (
    point[0] >= minX && point[0] <= maxX && point[1] >= minY && point[1] <= maxY && inPolygons(point, town.polygons)
  );
}

/** Width of a resolution-8 cell on screen at the centre of the view, CSS pixels. */
function cellWidth(cell: HeatCell, view: View): number {
  const xs = cell.outline.map(([x]) => x);
  return (Math.max(...xs) - Math.min(...xs)) * worldSize(view.zoom);
}

/**
 * The target of a press. A town's name and its place come first (whoever presses a name means the town), then the
 * alert nearest to the pointer, then what is counted of an area, then a heat cell once it is large enough to aim at, then
 * the town's area.
 */
export function pick(scene: Pickable, at: ScreenPoint): MapTarget | undefined {
  const { view, towns } = scene;
  const label = labelAt(scene, at);
  if (label) return { kind: 'town', code: label };

  const alert = alertAt(scene, at);
  if (alert) return { kind: 'alert', code: alert };
  const cluster = scene.clusters.find(({ box }) => within(at, box));
  if (cluster) return { kind: 'place', code: cluster.area };

  const [sample] = scene.cells;
  if (sample && cellWidth(sample, view) >= scene.minCellPx) {
    const point = unproject(view, at, scene.ground);
    const cell = point && scene.cells.find((c) => inPolygons(point, [[c.outline]]));
    if (cell) return { kind: 'cell', code: cell.cell };
  }
  const town = townAt(view, towns, scene.heightOf, at);
  return town === undefined ? undefined : { kind: 'town', code: town };
}

function alertAt({ marks, reach }: Pickable, at: ScreenPoint): string | undefined {
  let best: string | undefined;
  let nearest = reach;
  // The last drawn is the topmost: on a tie it wins.
  for (const mark of marks) {
    const distance = Math.hypot(mark.at.x - at.x, mark.at.y - at.y);
    if (distance <= nearest) {
      nearest = distance;
      best = mark.key;
    }
  }
  return best;
}

/** The town whose mark is within reach (the nearest of them), or on whose name the pointer is. */
function labelAt({ labels, reach }: Pickable, at: ScreenPoint): string | undefined {
  let best: string | undefined;
  let nearest = Math.max(6, reach * 0.6);
  for (const { code, anchor } of labels) {
    const distance = Math.hypot(anchor.x - at.x, anchor.y - at.y);
    if (distance <= nearest) {
      nearest = distance;
      best = code;
    }
  }
  return best ?? labels.find((l) => !l.hidden && within(at, l.box))?.code;
}
