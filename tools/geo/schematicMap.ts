import type { Boundaries } from '../../contract/boundaries.ts';
import type { RegionPack } from '../../contract/region.ts';
import { hash } from '../../demo/random.ts';
import { meetings } from './crossings.ts';
import { bending } from './noise.ts';
import { outlineOf } from './outline.ts';
import { partition, shapesOf, wholeOf, type Partition } from './partition.ts';
import { between, centroid, resample, sinusoidal, type Point, type Projection, type Ring } from './plane.ts';
import { cellsOf, fitDiscs, fitOutline, frameOf } from './powerDiagram.ts';
import { roughen } from './roughen.ts';
import { boundariesOf, middleOf } from './packShapes.ts';
import { areaOf, depthIn, onPlane, roundedPoint } from './shapes.ts';

/** The hand that was liked best for the shipped region, of two dozen looked at. */
export const SEED = 23;

/** Areas are drawn as area^this, so that the smallest towns stay legible (one of a fifth of the mean gains 11 %). */
const EVENING = 0.93;
/** A seat keeps this share of its town's radius, and at most so many km, from the border. */
const CLEARANCE = { share: 0.3, km: 0.9 };
/** Times that the map is drawn: between them areas are measured, and outline and targets set right. */
const DRAFTS = 4;
/** A seat should be so deep inside its town on the finished map, as a share of the mean town's radius. */
const SEAT_DEPTH = 0.07;
/** Where one is not, the map is drawn again with so many times that clearance, then with the next seeds. */
const CARE = [1, 2];
const SEEDS = 6;

/** What is known of a region, on the plane; km and km². */
interface Facts {
  projection: Projection;
  seats: Point[];
  /** Areas to be drawn. */
  areas: number[];
  /** Radius of the mean town: the measure of all that is drawn. */
  unit: number;
}

/**
 * The schematic map (示意图) of a region, from the seats and areas of its towns alone.
 *
 * 1. Each town is a disc; where discs overlap they share the ground, and grow until each has its area.
 * 2. The outline is their union, gaps closed and corners rounded.
 * 3. A power diagram divides it, fitted until areas are right and seats lie inside.
 * 4. The plane is bent a little, keeping areas, so that no border is straight.
 * 5. Every border, inner and outer, is redrawn freehand once; both its neighbours get the same line.
 *
 * Pure: the same pack and seed give the same map to the last digit.
 *
 * @throws Error when the towns cannot be drawn as one region
 */
export function drawSchematic(pack: RegionPack, seed: number): Boundaries {
  const seats = new Map<string, string>();
  for (const { seat, name } of pack.towns) {
    const other = seats.get(seat.join());
    if (other)
      throw new Error(
        `${other} and ${name['zh-CN']} have the same seat, [${seat.join(', ')}]: nothing tells where the border between them runs.`,
      );
    seats.set(seat.join(), name['zh-CN']);
  }
  const facts = factsOf(pack);
  const map = bestMap(facts, seed);
  const shapes = shapesOf(map);
  return boundariesOf(pack, shapes, wholeOf(map), facts.projection);
}

function factsOf(pack: RegionPack): Facts {
  const projection = sinusoidal(middleOf(pack));
  const total = sum(pack.towns.map((town) => town.areaKm2));
  const evened = pack.towns.map((town) => town.areaKm2 ** EVENING);
  const share = total / sum(evened);
  return {
    projection,
    seats: pack.towns.map(({ seat }) => projection.toPlane([seat[0], seat[1]])),
    areas: evened.map((area) => area * share),
    unit: Math.sqrt(total / pack.towns.length / Math.PI),
  };
}

/**
 * The first map on which all seats lie well inside, else the best of all tried.
 * @throws Error when there is none on which all are inside
 */
function bestMap(facts: Facts, seed: number): Partition {
  let best: { map: Partition; depth: number } | undefined;
  let problem: Error | undefined;
  for (let i = 0; i < SEEDS * CARE.length; i++) {
    try {
      const map = draw(facts, seed + Math.floor(i / CARE.length), CARE[i % CARE.length]!);
      const shapes = shapesOf(map).map((shape) => onPlane(shape, facts.projection));
      const depth = Math.min(...facts.seats.map((seat, town) => depthIn(shapes[town]!, seat))) / facts.unit;
      if (!best || depth > best.depth) best = { map, depth };
      if (depth >= SEAT_DEPTH) break;
    } catch (error) {
      problem = error as Error;
    }
  }
  if (best && best.depth > 0) return best.map;
  throw problem ?? new Error('A seat came to lie outside its town, however the map was drawn.');
}

/** One attempt. @throws Error when it does not come out */
function draw({ projection, seats, areas, unit }: Facts, seed: number, care: number): Partition {
  const wide = bending(hash(seed, 1), 1.7 * unit, 0.34 * unit),
    close = bending(hash(seed, 3), 0.8 * unit, 0.12 * unit);
  const bend = (point: Point) => close(wide(point));
  /** Where the seats are before the plane is bent. */
  const flat = seats.map((seat) => unbent(seat, bend));
  const wishes = (targets: readonly number[]) =>
    targets.map((area, i) => ({
      seat: flat[i]!,
      area,
      clearance: care * Math.min(CLEARANCE.share * Math.sqrt(area / Math.PI), CLEARANCE.km),
    }));
  const discs = fitDiscs(wishes(areas));
  const traced = outlineOf(discs, areas, { gap: unit, blur: 0.25 * unit });
  let outline = resample([...traced, traced[0]!], unit / 4).slice(1);
  let sites = discs,
    targets = areas;
  for (let draft = 1; ; draft++) {
    sites = fitOutline(wishes(targets), sites, outline);
    const parts = partition(outline, cellsOf(sites, frameOf(outline, unit)), flat);
    const map = freehand(parts, seed, unit, bend, (point) => roundedPoint(projection.toDegrees(point)));
    if (draft === DRAFTS) return map;
    const drawn = shapesOf(map).map((shape) => areaOf(onPlane(shape, projection)));
    targets = targets.map((target, i) => target * (areas[i]! / drawn[i]!));
    outline = scaled(outline, Math.sqrt(sum(areas) / sum(drawn)));
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** A ring made larger or smaller round its middle. */
function scaled(ring: Ring, factor: number): Ring {
  const middle = centroid(ring);
  return ring.map((point) => between(middle, point, factor));
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
  map: Partition,
  seed: number,
  unit: number,
  bend: (point: Point) => Point,
  toDegrees: (point: Point) => Point,
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
    return hash(seed, 2, nth, ...between);
  });
}
