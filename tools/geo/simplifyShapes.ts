import { presimplify, simplify } from 'topojson-simplify';
import { topology } from 'topojson-server';
import type { MultiPolygon, Objects, Polygon, Topology } from 'topojson-specification';
import { meetings } from './crossings.ts';
import { shapesOf, type Partition } from './partition.ts';
import { signedArea, type Point, type Projection } from './plane.ts';
import { areaOf, roundedPoint, type Rings, type Shape } from './shapes.ts';

/**
 * Leaves out points that a wall cannot show (Visvalingam), border by border, so that what two towns
 * share stays shared.
 */

/** Smallest triangles that are kept, km²: 10 m by 20 m first, then coarser until the map is small enough. */
const STEPS = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2];
/** Points that a map should have at most, a shared border counted once: about 150 KB of GeoJSON. */
const ENOUGH = 4000;

export interface Simplified {
  map: Partition;
  /** Whether borders were drawn once: no two run across each other. Else each town is simplified for itself. */
  fitted: boolean;
}

/** @param shapes in degrees; one a town */
export function simplifyShapes(shapes: readonly Shape[], projection: Projection): Simplified {
  const collection: GeoJSON.GeometryCollection = {
    type: 'GeometryCollection',
    geometries: shapes.map((shape) => ({ type: 'MultiPolygon', coordinates: snapped(shape) })),
  };
  const exact = topology({ towns: collection }) as Topology<Objects<object>>;
  const towns = (exact.objects['towns'] as { geometries: (Polygon | MultiPolygon)[] }).geometries;
  const partition = (topo: Pick<Topology, 'arcs'>): Partition => ({
    arcs: topo.arcs.map((arc) => arc.map(([x, y]): Point => [x!, y!])),
    towns,
  });
  const weighed = presimplify(exact, (triangle) =>
    Math.abs(signedArea(triangle.map((p) => projection.toPlane([p[0], p[1]])))),
  );

  let best = partition(exact);
  const fitted = crossings(best.arcs) === 0;
  const faults = (map: Partition) =>
    fitted ? crossings(map.arcs) : shapesOf(map).reduce((sum, shape) => sum + crossings(shape.flat()), 0);
  const bound = faults(best);
  for (const step of STEPS) {
    const coarser = partition(simplify(weighed, step));
    if (!sound(coarser) || faults(coarser) > bound) break;
    best = coarser;
    if (best.arcs.reduce((sum, arc) => sum + arc.length, 0) <= ENOUGH) break;
  }
  return { map: best, fitted };
}

const crossings = (lines: readonly (readonly Point[])[]) => meetings(lines, { wanted: ['cross', 'overlap'] }).length;

/** Whether every town is still there. */
function sound(map: Partition): boolean {
  return shapesOf(map).every((shape) => shape.some((rings) => rings[0]!.length >= 4 && areaOf([rings]) > 0));
}

/** To the grid of what is written; what vanishes on it is left out. */
function snapped(shape: Shape): Shape {
  return withoutSpecks(
    shape.map((rings) =>
      rings.map((ring) => {
        const points = ring.map(roundedPoint);
        return points.filter((point, i) => i === 0 || point[0] !== points[i - 1]![0] || point[1] !== points[i - 1]![1]);
      }),
    ),
  );
}

/** Without rings that have shrunk to nothing; a polygon goes with its outer ring. */
export function withoutSpecks(shape: Shape): Shape {
  const lives = (ring: Rings[number]) => ring.length >= 4 && signedArea(ring) !== 0;
  return shape.filter(([outer]) => lives(outer!)).map(([outer, ...holes]) => [outer!, ...holes.filter(lives)]);
}
