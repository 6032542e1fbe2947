import type { Boundaries } from '../../contract/boundaries.ts';
import type { RegionPack } from '../../contract/region.ts';
import { meetings } from './crossings.ts';
import { outlineOf } from './outline.ts';
import { partition, shapesOf, wholeOf, type Partition } from './partition.ts';
import { resample, sinusoidal, type Point } from './plane.ts';
import { cellsOf, fitDiscs, fitOutline, frameOf } from './powerDiagram.ts';
import { bending, mix } from './random.ts';
import { roughen } from './roughen.ts';
import { areaOf, depthIn, geometryOf, labelPoint, onPlane, roundedPoint } from './shapes.ts';

/** Areas are drawn as area^this, so that the smallest towns stay legible (one of a fifth of the mean gains 11 %). */
const EVENING = 0.93;
/** A seat keeps this share of its town's radius, and at most so many km, from the border. */
const CLEARANCE = { share: 0.3, km: 0.9 };
/** A seat should be so deep inside its town on the finished map, as a share of the mean town's radius. */
const SEAT_DEPTH = 0.07;
/** Where one is not, the map is drawn again with so many times that clearance. */
const CARE = [1, 1.5, 2, 3];
/** Times that areas are measured on the finished map and the targets set anew. */
const CORRECTIONS = 3;

/**
 * The schematic map (示意图) of a region, from the seats and areas of its towns alone.
 *
 * 1. Each town is a disc of its area; discs that overlap are pushed apart, within reach of their seats.
 * 2. The outline is their union, smoothed, with the area that they have together.
 * 3. A power diagram divides it, fitted until areas are right and seats lie inside.
 * 4. The plane is bent a little, keeping areas, so that no border is straight.
 * 5. Every border, inner and outer, is redrawn freehand once; both its neighbours get the same line.
 *
 * Pure: the same pack and seed give the same map to the last digit.
 *
 * @throws Error when the towns cannot be drawn as one region
 */
export function drawSchematic(pack: RegionPack, seed: number): Boundaries {
  const projection = sinusoidal(middleOf(pack));
  const total = pack.towns.reduce((sum, town) => sum + town.areaKm2, 0);
  const evened = pack.towns.map((town) => town.areaKm2 ** EVENING);
  const share = total / evened.reduce((sum, area) => sum + area, 0);
  const wanted = evened.map((area) => area * share);
  /** Radius of the mean town, km: the measure of all that is drawn. */
  const unit = Math.sqrt(total / pack.towns.length / Math.PI);

  const wide = bending(mix(seed, 1), 1.7 * unit, 0.34 * unit), close = bending(mix(seed, 3), 0.8 * unit, 0.12 * unit);
  const bend = (point: Point) => close(wide(point));
  const seats = pack.towns.map(({ seat }) => unbent(projection.toPlane([seat[0], seat[1]]), bend));
  const wishes = (areas: readonly number[], care: number) => areas.map((area, i) => ({
    seat: seats[i]!, area, clearance: care * Math.min(CLEARANCE.share * Math.sqrt(area / Math.PI), CLEARANCE.km),
  }));
  const draw = (care: number): Partition => {
    const discs = fitDiscs(wishes(wanted, care));
    const traced = outlineOf(discs, wanted, { gap: unit, blur: 0.25 * unit });
    const outline = resample([...traced, traced[0]!], unit / 4).slice(1);
    let sites = discs, targets = wanted;
    for (let round = 1; ; round++) {
      sites = fitOutline(wishes(targets, care), sites, outline);
      const parts = partition(outline, cellsOf(sites, frameOf(outline, unit)), seats);
      const map = freehand(parts, seed, unit, bend, (point) => roundedPoint(projection.toDegrees(point)));
      if (round === CORRECTIONS) return map;
      const areas = shapesOf(map).map((shape) => areaOf(onPlane(shape, projection)));
      targets = targets.map((target, i) => target * (wanted[i]! / areas[i]!));
    }
  };
  const map = bestOf(CARE, draw, (drawn) => {
    const onMap = shapesOf(drawn).map((shape) => onPlane(shape, projection));
    return Math.min(...pack.towns.map(({ seat }, i) => depthIn(onMap[i]!, projection.toPlane([seat[0], seat[1]])))) / unit;
  });

  const shapes = shapesOf(map);
  return {
    type: 'FeatureCollection',
    features: pack.towns.map((town, i) => ({
      type: 'Feature',
      id: town.code,
      properties: { code: town.code, name: town.name['zh-CN'], label: labelPoint(shapes[i]!, projection) },
      geometry: geometryOf(shapes[i]!),
    })),
    outline: geometryOf(wholeOf(map)),
  };
}

/** The middle of the seats' extent, [lng, lat]. */
export function middleOf(pack: RegionPack): Point {
  const lngs = pack.towns.map(({ seat }) => seat[0]), lats = pack.towns.map(({ seat }) => seat[1]);
  return [(Math.min(...lngs) + Math.max(...lngs)) / 2, (Math.min(...lats) + Math.max(...lats)) / 2];
}

/**
 * The first map on which all seats are `SEAT_DEPTH` inside their towns, else the best of all tried.
 * @param depth how deep the worst seat lies, in units; negative when it is outside
 * @throws Error when a seat is outside on every map
 */
function bestOf(cares: readonly number[], draw: (care: number) => Partition, depth: (map: Partition) => number): Partition {
  let best: { map: Partition; depth: number } | undefined;
  let problem: unknown;
  for (const care of cares) {
    try {
      const map = draw(care);
      const found = { map, depth: depth(map) };
      if (!best || found.depth > best.depth) best = found;
      if (best.depth >= SEAT_DEPTH) break;
    } catch (error) {
      problem = error;
    }
  }
  if (best && best.depth > 0) return best.map;
  throw problem ?? new Error('A seat came to lie outside its town: try another seed.');
}

/** The point that `bend` carries to where this one is. */
function unbent(point: Point, bend: (point: Point) => Point): Point {
  let from = point;
  for (let i = 0; i < 50; i++) {
    const [x, y] = bend(from);
    from = [from[0] + (point[0] - x) / 2, from[1] + (point[1] - y) / 2];
  }
  return from;
}

/** How often a border that runs into another is drawn again, each time more carefully, before it is drawn straight. */
const PATIENCE = 8;

/**
 * Bends and roughens every arc, once, and takes it to degrees; arcs that come to meet elsewhere than
 * at their ends are drawn again with a steadier hand.
 * @throws Error when they still meet with no roughness at all
 */
function freehand(
  map: Partition, seed: number, unit: number, bend: (point: Point) => Point, toDegrees: (point: Point) => Point,
): Partition {
  const bent = map.arcs.map((arc) => resample(arc, unit / 15).map(bend));
  const seeds = arcSeeds(map, seed);
  const care = map.arcs.map(() => 0);
  for (;;) {
    const lines = bent.map((arc, i) => {
      const roughness = care[i]! >= PATIENCE ? 0 : 0.2 * 0.7 ** care[i]!;
      return roughen(arc, seeds[i]!, { stride: unit * 1.15, detail: unit / 15, roughness }).map(toDegrees);
    });
    const bad = new Set(meetings(lines).flatMap((meeting) => meeting.lines));
    if (bad.size === 0) return { ...map, arcs: lines };
    for (const i of bad) {
      if (care[i]! > PATIENCE) throw new Error('Two borders run into each other: try another seed.');
      care[i]!++;
    }
  }
}

/**
 * A seed for each arc that follows from which towns it lies between, not from its place in the list:
 * so a border that moves a little, when areas are corrected, keeps its character.
 */
function arcSeeds({ arcs, towns }: Partition, seed: number): number[] {
  const sides = arcs.map((): number[] => []);
  towns.forEach((town, t) => {
    const used = new Set(town.arcs.flat(2).map((arc) => (arc < 0 ? ~arc : arc)));
    for (const arc of used) sides[arc]!.push(t);
  });
  const met = new Map<string, number>();
  return sides.map((between) => {
    const key = between.join(' ');
    const nth = met.get(key) ?? 0;
    met.set(key, nth + 1);
    return mix(seed, 2, nth, ...between);
  });
}
