import type { Boundaries } from '../../contract/boundaries.ts';
import type { RegionPack } from '../../contract/region.ts';
import { meetings } from './crossings.ts';
import { spread } from './discs.ts';
import { outlineOf } from './outline.ts';
import { partition, shapesOf, wholeOf, type Partition } from './partition.ts';
import { resample, sinusoidal, type Point } from './plane.ts';
import { cellsOf, fitDiagram, frameOf } from './powerDiagram.ts';
import { bending, mix } from './random.ts';
import { roughen } from './roughen.ts';
import { areaOf, geometryOf, labelPoint, onPlane, roundedPoint } from './shapes.ts';

/** Areas are drawn as area^this, so that the smallest towns stay legible (one of a fifth of the mean gains 11 %). */
const EVENING = 0.93;
/** A seat keeps this share of its town's radius, and at most so many km, from the border. */
const CLEARANCE = { share: 0.25, km: 0.9 };
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

  const bend = bending(mix(seed, 1), 2.4 * unit, 0.42 * unit);
  const seats = pack.towns.map(({ seat }) => unbent(projection.toPlane([seat[0], seat[1]]), bend));
  const discs = wanted.map((area, i) => ({ seat: seats[i]!, radius: Math.sqrt(area / Math.PI) }));
  const middles = spread(discs);
  const outline = outlineOf(discs.map(({ radius }, i) => ({ middle: middles[i]!, radius })), total, 0.45 * unit);
  const clearance = discs.map(({ radius }) => Math.min(CLEARANCE.share * radius, CLEARANCE.km));
  const frame = frameOf(outline, unit);

  const draw = (targets: number[]): Partition => {
    const { sites } = fitDiagram(outline, middles, seats, targets, clearance);
    return freehand(partition(outline, cellsOf(sites, frame), seats), seed, unit, bend, (point) => roundedPoint(projection.toDegrees(point)));
  };
  let targets = wanted;
  let map = draw(targets);
  for (let round = 1; round < CORRECTIONS; round++) {
    const areas = shapesOf(map).map((shape) => areaOf(onPlane(shape, projection)));
    targets = targets.map((target, i) => target * (wanted[i]! / areas[i]!));
    map = draw(targets);
  }

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

/** The point that `bend` carries to where this one is. */
function unbent(point: Point, bend: (point: Point) => Point): Point {
  let from = point;
  for (let i = 0; i < 50; i++) {
    const [x, y] = bend(from);
    from = [from[0] + (point[0] - x) / 2, from[1] + (point[1] - y) / 2];
  }
  return from;
}

/** How often a border that runs into another is drawn again, each time more carefully. */
const PATIENCE = 8;

/**
 * Bends and roughens every arc, once, and takes it to degrees; arcs that come to meet elsewhere than
 * at their ends are drawn again with a steadier hand.
 * @throws Error when they still meet with no roughness at all
 */
function freehand(
  { arcs, towns }: Partition, seed: number, unit: number, bend: (point: Point) => Point, toDegrees: (point: Point) => Point,
): Partition {
  const bent = arcs.map((arc) => resample(arc, unit / 15).map(bend));
  const care = arcs.map(() => 0);
  for (;;) {
    const lines = bent.map((arc, i) => {
      const roughness = care[i]! >= PATIENCE ? 0 : 0.15 * 0.7 ** care[i]!;
      return roughen(arc, mix(seed, 2, i), { stride: unit * 0.55, detail: unit / 18, roughness }).map(toDegrees);
    });
    const bad = new Set(meetings(lines).flatMap((meeting) => meeting.lines));
    if (bad.size === 0) return { arcs: lines, towns };
    for (const i of bad) {
      if (care[i]! > PATIENCE) throw new Error('Two borders run into each other: try another seed.');
      care[i]!++;
    }
  }
}
