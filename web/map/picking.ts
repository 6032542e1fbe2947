import { inPolygons } from './geometry.ts';
import type { AlertPoint } from './mapping/alertData.ts';
import type { HeatCell } from './mapping/heatData.ts';
import type { TownShape } from './mapping/townData.ts';
import type { Box, MapTarget, Point, ScreenPoint } from './types.ts';
import { projector, unproject, worldSize, type View } from './view.ts';

/**
 * What lies under a pointer, from geometry alone. GPU picking reads back a picture and errs with CSS scaling, pixel
 * ratios and overlapping layers; this is exact, costs microseconds, and works without WebGL as well.
 */

export interface Pickable {
  view: View;
  towns: readonly TownShape[];
  /** Height of the slab, mercator units. */
  height: number;
  points: readonly AlertPoint[];
  /** Reach around a point, CSS pixels. */
  reach: number;
  cells: readonly HeatCell[];
  /** A cell is picked only where it is drawn at least this wide, CSS pixels: smaller ones cannot be aimed at. */
  minCellPx: number;
  labels: readonly { code: string; box: Box; anchor: ScreenPoint; hidden: boolean }[];
}

const within = (p: ScreenPoint, box: Box): boolean =>
  p.x >= box.left && p.x <= box.right && p.y >= box.top && p.y <= box.bottom;

/** The town at a screen point: on the slab's top, or else on the wall that shows below it. */
export function townAt(view: View, towns: readonly TownShape[], height: number, at: ScreenPoint): string | undefined {
  // From the top down: what is higher hides what is lower.
  const levels = height > 0 ? [1, 0.75, 0.5, 0.25, 0] : [0];
  for (const level of levels) {
    const point = unproject(view, at, height * level);
    if (!point) continue;
    const town = towns.find((t) => inTown(t, point));
    if (town) return town.code;
  }
  return undefined;
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
 * The target of a press. A town's name and its mark come first (whoever presses a name means the town), then the
 * alert nearest to the pointer, then a heat cell once it is large enough to aim at, then the town's area.
 */
export function pick(scene: Pickable, at: ScreenPoint): MapTarget | undefined {
  const { view, towns, height } = scene;
  const label = labelAt(scene, at);
  if (label) return { kind: 'town', code: label };

  const alert = alertAt(scene, at);
  if (alert) return { kind: 'alert', code: alert };

  const [sample] = scene.cells;
  if (sample && cellWidth(sample, view) >= scene.minCellPx) {
    const point = unproject(view, at, height);
    const cell = point && scene.cells.find((c) => inPolygons(point, [[c.outline]]));
    if (cell) return { kind: 'cell', code: cell.cell };
  }
  const town = townAt(view, towns, height, at);
  return town === undefined ? undefined : { kind: 'town', code: town };
}

function alertAt({ view, points, height, reach }: Pickable, at: ScreenPoint): string | undefined {
  const project = projector(view);
  let best: string | undefined;
  let nearest = reach;
  // The last drawn is the topmost: on a tie it wins.
  for (const p of points) {
    const s = project(p.x, p.y, height);
    if (!s) continue;
    const distance = Math.hypot(s.x - at.x, s.y - at.y);
    if (distance <= nearest) {
      nearest = distance;
      best = p.key;
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
