import { Type, type Static, type TEnum, type TSchema } from 'typebox';
import { CRS } from './codes.ts';
import { DIVISION_PATTERN, REGION_PATTERN, TOWN_PATTERN } from '../common/divisions.ts';
import { MAX_STRING } from './textLimits.ts';

/** What the schemas of all events are made of (contract §1). */

export { MAX_NOTE, MAX_STRING } from './textLimits.ts';
/** 10 000 000 000.00 yuan: beyond any wage case, and far inside exact integers when summed. */
export const MAX_FEN = 1_000_000_000_000;
export const MAX_WORKERS = 1_000_000;
export const MAX_ARREARS_DAYS = 36_500;
export const MAX_REASONS = 50;
/** How far in the future an event's `time` may lie, ms (clocks of sources differ). */
export const MAX_FUTURE_MS = 5 * 60_000;
/** The earliest `time`: 2000-01-01T00:00:00Z. */
export const MIN_TIME_MS = Date.UTC(2000, 0, 1);

/** The schema of a vocabulary: its static type is the union of the codes. */
export function codes<T extends string>(values: readonly T[]): TEnum<T[]> {
  return Type.Enum<T[]>([...values]);
}
export const Text = Type.String({ minLength: 1, maxLength: MAX_STRING });
export const Note = Type.String({ maxLength: MAX_STRING });
/** RFC 3339 with offset; the exact check, calendar included, is `parseRfc3339`. */
export const Timestamp = Type.String({ format: 'date-time', maxLength: 40 });
export const Fen = Type.Integer({ minimum: 0, maximum: MAX_FEN, description: 'fen (分)' });
export const Workers = Type.Integer({ minimum: 0, maximum: MAX_WORKERS });
export const ArrearsDays = Type.Integer({ minimum: 0, maximum: MAX_ARREARS_DAYS });
export const RegionCode = Type.String({ pattern: REGION_PATTERN, description: '6-digit division code' });
export const TownCode = Type.String({ pattern: TOWN_PATTERN, description: '9-digit division code' });
/** An area of a map: a town or, on that of a city or province, a region. */
export const AreaCode = Type.String({ pattern: DIVISION_PATTERN, description: '9- or 6-digit division code' });

export const closed = { additionalProperties: false } as const;
/** A closed object: a field that it does not name is refused. */
export const object = <P extends Record<string, TSchema>>(properties: P) => Type.Object(properties, closed);

export const EnterpriseSchema = object({ uscc: Type.Optional(Text), name: Text });
export type Enterprise = Static<typeof EnterpriseSchema>;
export const ProjectSchema = object({ id: Text, name: Text });
export type Project = Static<typeof ProjectSchema>;
/** A position as it may arrive; `crs` defaults to CGCS2000. */
export const PositionSchema = object({
  lng: Type.Number({ minimum: -180, maximum: 180 }),
  lat: Type.Number({ minimum: -90, maximum: 90 }),
  crs: Type.Optional(codes(CRS)),
});
export type Position = Static<typeof PositionSchema>;
