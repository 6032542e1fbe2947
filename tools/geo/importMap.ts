import { union } from 'polyclip-ts';
import type { Boundaries } from '../../contract/boundaries.ts';
import type { Crs } from '../../contract/codes.ts';
import type { RegionPack } from '../../contract/region.ts';
import { toWgs84 } from '../../server/streams/intake/position.ts';
import { ImportError, refuse } from './importProblems.ts';
import type { Fields } from './joinTowns.ts';
import { overlaps } from './overlaps.ts';
import { shapesOf, wholeOf } from './partition.ts';
import { boundariesOf, middleOf } from './packShapes.ts';
import { sinusoidal, type Point } from './plane.ts';
import { readShapes } from './readShapes.ts';
import { areaOf, depthIn, onPlane, roundedPoint, type Shape } from './shapes.ts';
import { simplifyShapes, withoutSpecks } from './simplifyShapes.ts';

/** Overlaps this narrow or this small come of drawing one border twice: told, but let pass. */
const SLIVER = { widthKm: 0.03, areaKm2: 0.01 };
/** A seat (known to about 1 km) farther than this outside its town is worth a word; all of them farther than `lost`, and it is another map. */
const SEAT_KM = { near: 1.5, lost: 20 };
/** How many times larger or smaller than the pack says a town may measure without a word. */
const AREA_FACTOR = 1.5;
/** Holes between towns smaller than this are closed in the outline, km². */
const HOLE_KM2 = 0.05;

export interface Imported {
  boundaries: Boundaries;
  /** What a person should look at; a sentence each. */
  warnings: string[];
}

/**
 * The boundaries of a region from a GeoJSON file, checked, in CGCS2000/WGS-84, small enough for a wall. Pure.
 * @throws ImportError with a sentence for every fault
 */
export function importBoundaries(text: string, pack: RegionPack, crs: Crs, fields: Fields): Imported {
  const read = readShapes(text, pack, fields);
  const projection = sinusoidal(middleOf(pack));
  const full = pack.towns.map((town) => whole(converted(read.get(town.code)!, crs)));
  const onGround = full.map((shape) => onPlane(shape, projection));
  const names = pack.towns.map((town) => town.name['zh-CN']);

  const problems: string[] = [];
  const warnings: string[] = [];
  const depths = pack.towns.map((town, i) => depthIn(onGround[i]!, projection.toPlane([town.seat[0], town.seat[1]])));
  if (depths.every((depth) => depth < -SEAT_KM.lost)) {
    throw new ImportError([
      `Every town lies more than ${SEAT_KM.lost} km from where its seat is: this is the map of another place, or longitude and latitude are swapped.`,
    ]);
  }
  depths.forEach((depth, i) => {
    if (depth < -SEAT_KM.near)
      warnings.push(`The seat of ${names[i]} lies ${(-depth).toFixed(1)} km outside its boundaries.`);
  });
  pack.towns.forEach((town, i) => {
    const area = areaOf(onGround[i]!);
    if (Math.max(area / town.areaKm2, town.areaKm2 / area) > AREA_FACTOR) {
      warnings.push(`${names[i]} measures ${area.toFixed(1)} km², and the region pack says ${town.areaKm2} km².`);
    }
  });
  const slivers: string[] = [];
  for (const {
    pair: [a, b],
    areaKm2,
    widthKm,
    at,
  } of overlaps(onGround).toSorted((p, q) => q.areaKm2 - p.areaKm2)) {
    const [lng, lat] = projection.toDegrees(at);
    const what = `${names[a]} and ${names[b]} overlap by ${areaKm2.toPrecision(2)} km² near [${lng.toFixed(5)}, ${lat.toFixed(5)}]`;
    (widthKm <= SLIVER.widthKm || areaKm2 <= SLIVER.areaKm2 ? slivers : problems).push(what);
  }
  if (slivers.length)
    warnings.push(
      `${slivers[0]}: a sliver, let pass${slivers.length > 1 ? `, and ${slivers.length - 1} smaller ones between others` : ''}.`,
    );
  refuse(problems.map((problem) => `${problem}.`));

  const { map, fitted } = simplifyShapes(full, projection);
  const shapes = shapesOf(map).map(withoutSpecks);
  const together = fitted ? withoutSpecks(wholeOf(map)) : whole(shapes.flat());
  const outline = together.map(([outer, ...holes]) => {
    const large = holes.filter((hole) => areaOf(onPlane([[hole]], projection)) >= HOLE_KM2);
    for (const hole of large)
      warnings.push(
        `Between the towns there is a hole of ${areaOf(onPlane([[hole]], projection)).toPrecision(2)} km² near [${hole[0]!.join(', ')}].`,
      );
    return [outer!.map(roundedPoint), ...large];
  });
  return { boundaries: boundariesOf(pack, shapes, outline, projection), warnings };
}

function converted(shape: Shape, crs: Crs): Shape {
  return shape.map((rings) =>
    rings.map((ring) =>
      ring.map(([lng, lat]): Point => {
        const to = toWgs84({ lng, lat, crs });
        return [to.lng, to.lat];
      }),
    ),
  );
}

/** Polygons of which those that touch or overlap are made one. */
function whole(shape: Shape): Shape {
  return shape.length === 1 ? shape : union(shape[0]!, ...shape.slice(1));
}
