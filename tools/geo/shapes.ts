import polylabel from 'polylabel';
import type { Boundaries, TownShape } from '../../contract/boundaries.ts';
import { distanceToLine, inRing, signedArea, type Point, type Projection } from './plane.ts';

/** What both ways to a map, drawn and imported, do with its shapes. */

/** The rings of a polygon, the outer one first; closed (the first point again at the end). */
export type Rings = Point[][];
/** One or more polygons of one town. */
export type Shape = Rings[];

/** Coordinates are kept to 1e-5 degrees, about a metre. */
const GRAIN = 1e5;
export const rounded = (degrees: number) => Math.round(degrees * GRAIN) / GRAIN;
export const roundedPoint = ([lng, lat]: Point): Point => [rounded(lng), rounded(lat)];

/** Outer rings counter-clockwise, holes clockwise (RFC 7946 §3.1.6). */
export function rewound(shape: Shape): Shape {
  return shape.map((rings) => rings.map((ring, i) => (signedArea(ring) > 0 === (i === 0) ? ring : ring.toReversed())));
}

/** Area of a shape on the plane, whatever its winding. */
export function areaOf(shape: Shape): number {
  return shape.reduce(
    (sum, rings) => rings.reduce((rest, ring, i) => rest + (i === 0 ? 1 : -1) * Math.abs(signedArea(ring)), sum),
    0,
  );
}

export function onPlane(shape: Shape, projection: Projection): Shape {
  return shape.map((rings) => rings.map((ring) => ring.map((point) => projection.toPlane(point))));
}

/** How far inside a shape a point lies: the distance to the nearest border, negative when it is outside. */
export function depthIn(shape: Shape, point: Point): number {
  const away = Math.min(...shape.flat().map((ring) => distanceToLine(point, ring)));
  return inShape(point, shape) ? away : -away;
}

/** Whether a shape covers a point; on the border it may or may not. */
export function inShape(point: Point, shape: Shape): boolean {
  return shape.some(([outer, ...holes]) => inRing(point, outer!) && !holes.some((hole) => inRing(point, hole)));
}

/** Where a name goes: the point of the largest part that is farthest from any border (pole of inaccessibility). */
export function labelPoint(shape: Shape, projection: Projection): Point {
  const parts = onPlane(shape, projection);
  const largest = parts.reduce((best, part) => (areaOf([part]) > areaOf([best]) ? part : best));
  const [x, y] = polylabel(largest, 0.01);
  return roundedPoint(projection.toDegrees([x, y]));
}

export function geometryOf(shape: Shape): TownShape['geometry'] {
  const turned = rewound(shape);
  return turned.length === 1
    ? { type: 'Polygon', coordinates: turned[0]! }
    : { type: 'MultiPolygon', coordinates: turned };
}

/** GeoJSON text with one town a line, so that a change of one town is one line of a diff. */
export function toText({ outline, ...collection }: Boundaries): string {
  const features = collection.features.map((feature) => `  ${JSON.stringify(feature)}`).join(',\n');
  return [
    '{',
    `"type": "FeatureCollection",`,
    `"features": [\n${features}\n]${outline ? ',' : ''}`,
    ...(outline ? [`"outline": ${JSON.stringify(outline)}`] : []),
    '}',
    '',
  ].join('\n');
}
