import type { RegionPack } from '../../contract/region.ts';
import { meetings } from './crossings.ts';
import { refuse } from './importProblems.ts';
import { callFeature, townFinder, type Fields } from './joinTowns.ts';
import { inRing, signedArea, type Point } from './plane.ts';
import type { Rings, Shape } from './shapes.ts';

/**
 * From the text of somebody's GeoJSON file to the polygons of each town, in the file's own coordinates,
 * with everything checked that can be said of one feature alone.
 */

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names of reference systems in degrees of WGS-84 or CGCS2000, as an (old-style) `crs` member may have them. */
const IN_DEGREES = /(CRS84|EPSG:+(\d+\.?\d*:)?(4326|4490)|CGCS2000|WGS ?84)$/i;

/**
 * @returns the polygons of each town by its code, at least one each
 * @throws ImportError naming every feature at fault
 */
export function readShapes(text: string, pack: RegionPack, fields: Fields): Map<string, Shape> {
  const find = townFinder(pack, fields);
  const shapes = new Map<string, Shape>();
  const problems: string[] = [];
  collection(text).forEach((feature, index) => {
    const properties = isObject(feature) && isObject(feature['properties']) ? feature['properties'] : {};
    const name = callFeature(index, properties, fields);
    const geometry = isObject(feature) ? feature['geometry'] : undefined;
    const found = find(properties);
    if ('problem' in found) problems.push(`${name} ${found.problem}.`);
    const { shape, faults } = polygons(geometry);
    problems.push(...faults.map((fault) => `${name}: ${fault}.`));
    if ('town' in found) shapes.set(found.town.code, [...(shapes.get(found.town.code) ?? []), ...shape]);
  });
  const absent = pack.towns.filter((town) => !shapes.has(town.code));
  if (absent.length)
    problems.push(
      `There is no feature for ${absent.map((town) => `${town.name['zh-CN']} (${town.code})`).join(', ')}.`,
    );
  refuse(problems);
  return shapes;
}

function collection(text: string): unknown[] {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    refuse([`The file is not JSON: ${(cause as Error).message}.`]);
  }
  if (!isObject(json) || json['type'] !== 'FeatureCollection' || !Array.isArray(json['features'])) {
    refuse(['The file is not a GeoJSON FeatureCollection.']);
  }
  const { features, crs } = json as { features: unknown[]; crs?: unknown };
  const system = isObject(crs) && isObject(crs['properties']) ? crs['properties']['name'] : undefined;
  if (typeof system === 'string' && !IN_DEGREES.test(system)) {
    refuse([`The file says that it is in ${system}: convert it to degrees of longitude and latitude first.`]);
  }
  if (features.length === 0) refuse(['The file has no features.']);
  return features;
}

/** The polygons of a geometry, and what is wrong with them, each a phrase. */
function polygons(geometry: unknown): { shape: Shape; faults: string[] } {
  if (!isObject(geometry)) return { shape: [], faults: ['it has no geometry'] };
  const { type, coordinates } = geometry;
  if (type !== 'Polygon' && type !== 'MultiPolygon')
    return { shape: [], faults: [`its geometry is a ${String(type)}, not a Polygon or MultiPolygon`] };
  const parts: unknown = type === 'Polygon' ? [coordinates] : coordinates;
  if (!Array.isArray(parts) || parts.length === 0) return { shape: [], faults: ['its geometry has no coordinates'] };
  const shape: Shape = [];
  const faults: string[] = [];
  parts.forEach((part: unknown, p) => {
    const where = parts.length > 1 ? `part ${p + 1}, ` : '';
    if (!Array.isArray(part) || part.length === 0) {
      faults.push(`${where}it has no rings`);
      return;
    }
    const rings = part.map((ring: unknown, r) => readRing(ring, `${where}ring ${r + 1}`, faults));
    if (rings.every((ring) => ring !== undefined)) {
      faults.push(...ringFaults(rings, where));
      shape.push(rings);
    }
  });
  return { shape, faults };
}

function readRing(ring: unknown, where: string, faults: string[]): Point[] | undefined {
  if (!Array.isArray(ring)) {
    faults.push(`${where} is no list of positions`);
    return undefined;
  }
  const points: Point[] = [];
  for (const [i, position] of ring.entries()) {
    const [lng, lat] = Array.isArray(position) ? (position as unknown[]) : [];
    if (typeof lng !== 'number' || typeof lat !== 'number' || !Number.isFinite(lng) || !Number.isFinite(lat)) {
      faults.push(`${where}, position ${i + 1} is not [lng, lat]: ${JSON.stringify(position)?.slice(0, 60)}`);
      return undefined;
    }
    if (Math.abs(lng) > 180 || Math.abs(lat) > 90) {
      const why =
        Math.abs(lng) > 1000
          ? 'are these metres?'
          : Math.abs(lng) <= 90 && Math.abs(lat) <= 180
            ? 'are longitude and latitude swapped?'
            : 'it must be in degrees';
      faults.push(`${where}, position ${i + 1} is not on earth: [${lng}, ${lat}] (${why})`);
      return undefined;
    }
    points.push([lng, lat]);
  }
  const first = points[0],
    last = points.at(-1);
  if (points.length < 4) faults.push(`${where} has ${points.length} positions, and a ring needs at least 4`);
  else if (first![0] !== last![0] || first![1] !== last![1])
    faults.push(`${where} is not closed: it begins at ${place(first!)} and ends at ${place(last!)}`);
  else if (signedArea(points) === 0) faults.push(`${where} has no area`);
  else return points;
  return undefined;
}

const place = ([lng, lat]: Point) => `[${Number(lng.toFixed(6))}, ${Number(lat.toFixed(6))}]`;

/** What is wrong with the rings of one polygon, told once for each kind of fault and ring. */
function ringFaults(rings: Rings, where: string): string[] {
  const faults = new Map<string, string>();
  for (const { kind, lines, at } of meetings(rings, { wanted: ['cross', 'overlap'], limit: 100 })) {
    const a = Math.min(...lines),
      b = Math.max(...lines);
    const how = kind === 'cross' ? 'crosses' : 'runs back along';
    const what =
      a === b
        ? `ring ${a + 1} ${how} itself`
        : `ring ${a + 1} and ring ${b + 1} ${kind === 'cross' ? 'cross' : 'run along each other'}`;
    if (!faults.has(what)) faults.set(what, `${where}${what} near ${place(at)}`);
  }
  const [outer, ...holes] = rings;
  holes.forEach((hole, h) => {
    // A corner of the hole may touch the outer ring, where inside and outside are all one; not all of them can.
    if (faults.size === 0 && hole.filter((point) => !inRing(point, outer!)).length > hole.length / 2) {
      faults.set(`hole ${h}`, `${where}ring ${h + 2} is a hole, but lies outside ring 1`);
    }
  });
  return [...faults.values()];
}
