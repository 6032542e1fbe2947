import { Type, type Static } from 'typebox';
import { AreaCode } from './events.ts';

/**
 * The shape of a region as the map gets it: GeoJSON (RFC 7946), one Feature a town, CGCS2000/WGS-84
 * degrees, whether drawn by us (schematic, 示意图) or imported under a review number (审图号).
 */

const Degrees = Type.Tuple([Type.Number({ minimum: -180, maximum: 180 }), Type.Number({ minimum: -90, maximum: 90 })]);
const Ring = Type.Array(Degrees, { minItems: 4 });
const Rings = Type.Array(Ring, { minItems: 1 });

const Area = Type.Union([
  Type.Object({ type: Type.Literal('Polygon'), coordinates: Rings }),
  Type.Object({ type: Type.Literal('MultiPolygon'), coordinates: Type.Array(Rings, { minItems: 1 }) }),
]);

export const TownShapeSchema = Type.Object({
  type: Type.Literal('Feature'),
  /** The town's code, again where GeoJSON keeps an id. */
  id: Type.Optional(AreaCode),
  properties: Type.Object({
    code: AreaCode,
    /** Chinese name; names in other languages are in the region pack. */
    name: Type.String({ minLength: 1 }),
    /** Where the name goes: the point farthest from the town's border. */
    label: Degrees,
  }),
  geometry: Area,
});
export type TownShape = Static<typeof TownShapeSchema>;

export const BoundariesSchema = Type.Object({
  type: Type.Literal('FeatureCollection'),
  features: Type.Array(TownShapeSchema, { minItems: 1 }),
  /** All towns together, along the very same lines (a foreign member, RFC 7946 §6.1); our tools always write it. */
  outline: Type.Optional(Area),
});
export type Boundaries = Static<typeof BoundariesSchema>;
