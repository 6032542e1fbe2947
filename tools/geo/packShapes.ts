import type { Boundaries } from '../../contract/boundaries.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { Point, Projection } from './plane.ts';
import { geometryOf, labelPoint, type Shape } from './shapes.ts';

/** The middle of the seats' extent, [lng, lat]. */
export function middleOf(pack: RegionPack): Point {
  const lngs = pack.towns.map(({ seat }) => seat[0]),
    lats = pack.towns.map(({ seat }) => seat[1]);
  return [(Math.min(...lngs) + Math.max(...lngs)) / 2, (Math.min(...lats) + Math.max(...lats)) / 2];
}

/** The boundaries of a region as they are written, from the shapes of its towns (in the order of the pack) and of all together. */
export function boundariesOf(
  pack: RegionPack,
  shapes: readonly Shape[],
  outline: Shape,
  projection: Projection,
): Boundaries {
  return {
    type: 'FeatureCollection',
    features: pack.towns.map((town, i) => ({
      type: 'Feature',
      id: town.code,
      properties: { code: town.code, name: town.name['zh-CN'], label: labelPoint(shapes[i]!, projection) },
      geometry: geometryOf(shapes[i]!),
    })),
    outline: geometryOf(outline),
  };
}
