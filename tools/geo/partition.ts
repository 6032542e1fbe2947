import { intersection } from 'polyclip-ts';
import { feature, merge, mergeArcs, neighbors } from 'topojson-client';
import { topology } from 'topojson-server';
import type { GeometryCollection, MultiPolygon, Polygon, Topology } from 'topojson-specification';
import { inRing, lineLength, type Point, type Ring } from './plane.ts';
import type { Shape } from './shapes.ts';

/** Towns that fit together: every border is one arc, kept once, that both its neighbours refer to. */
export interface Partition {
  arcs: Point[][];
  towns: (Polygon | MultiPolygon)[];
}

/** The grid on which borders are made to meet, km. */
const GRAIN = 1e-3;

/**
 * Cells (convex, side by side) within an outline (which need not be). A part of a cell that the
 * outline cuts off from the part with the seat goes to the neighbour along its longest border.
 * @throws Error when a seat is outside its own cell
 */
export function partition(outline: Ring, cells: readonly Ring[], seats: readonly Point[]): Partition {
  const parts = cells.flatMap((cell, town) =>
    intersection([outline], [cell]).map((rings) => ({
      town,
      main: inRing(seats[town]!, rings[0]!),
      rings: rings.map((ring) => ring.map(([x, y]): Point => [Math.round(x / GRAIN), Math.round(y / GRAIN)])),
    })),
  );
  const collection: GeoJSON.GeometryCollection = {
    type: 'GeometryCollection',
    geometries: parts.map(({ rings }) => ({ type: 'Polygon', coordinates: rings })),
  };
  const topo = topology({ parts: collection }) as Topology<{ parts: GeometryCollection }>;
  const arcs = topo.arcs.map((arc) => arc.map((p): Point => [p[0]! * GRAIN, p[1]! * GRAIN]));
  const shapes = topo.objects.parts.geometries as Polygon[];

  const owner = parts.map((part) => (part.main ? part.town : undefined));
  const beside = neighbors(shapes);
  const border = (a: Polygon, b: Polygon) => {
    const own = new Set(a.arcs.flat().map((arc) => (arc < 0 ? ~arc : arc)));
    return b.arcs
      .flat()
      .reduce((sum, arc) => sum + (own.has(arc < 0 ? ~arc : arc) ? lineLength(arcs[arc < 0 ? ~arc : arc]!) : 0), 0);
  };
  // A stray part may border only on strays: go round until all are placed.
  for (let placed = true; placed;) {
    placed = false;
    owner.forEach((mine, i) => {
      if (mine !== undefined) return;
      const best = (beside[i] ?? [])
        .filter((j) => owner[j] !== undefined)
        .map((j) => ({ j, length: border(shapes[i]!, shapes[j]!) }))
        .sort((p, q) => q.length - p.length)[0];
      if (!best) return;
      owner[i] = owner[best.j];
      placed = true;
    });
  }
  const towns = cells.map((_, town) => {
    const own = shapes.filter((_shape, i) => owner[i] === town);
    if (own.length === 0) throw new Error(`The seat of town ${town + 1} of the list came to lie outside its own cell.`);
    return own.length === 1 ? own[0]! : mergeArcs(topo, own);
  });
  return { arcs, towns };
}

/** The towns' shapes, with the arcs as they are now. */
export function shapesOf({ arcs, towns }: Partition): Shape[] {
  const topo: Topology = { type: 'Topology', arcs, objects: {} };
  return towns.map((town) => {
    const { geometry } = feature(topo, town) as { geometry: { type: string; coordinates: unknown } };
    return (geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates) as Shape;
  });
}

/** The shape of all towns together, made of the same arcs. */
export function wholeOf({ arcs, towns }: Partition): Shape {
  const topo: Topology = { type: 'Topology', arcs, objects: {} };
  return merge(topo, towns).coordinates as Shape;
}
