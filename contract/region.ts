import { Type, type Static } from 'typebox';
import { DAY_ENDS_PATTERN } from '../common/terms/termEnd.ts';
import { PLATFORMS, TIERS } from './codes.ts';
import { AreaCode, codes, RegionCode } from './events.ts';

/**
 * A region pack: which towns, tiers and terms a region has, and what its map may say. That of a city or province (an upper
 * one) has regions for towns, and its figures are the sum of theirs.
 */

export const LocalNameSchema = Type.Object({
  'zh-CN': Type.String({ minLength: 1 }),
  en: Type.String({ minLength: 1 }),
});
export type LocalName = Static<typeof LocalNameSchema>;

export const TownSchema = Type.Object({
  /** 9 digits; in the pack of a city or province the 6 of a region that lies in it: all towns of a pack alike. */
  code: AreaCode,
  name: LocalNameSchema,
  /** Seat of the town, WGS-84 degrees: [lng, lat]. */
  seat: Type.Tuple([Type.Number(), Type.Number()]),
  areaKm2: Type.Number({ exclusiveMinimum: 0 }),
});
export type Town = Static<typeof TownSchema>;

export const TierRuleSchema = Type.Object({
  tier: codes(TIERS),
  /** Default term in hours from the first `raised`, where no dispatch names a `dueAt`. */
  termHours: Type.Number({ exclusiveMinimum: 0 }),
  platform: codes(PLATFORMS),
});

export const RegionPackSchema = Type.Object({
  code: RegionCode,
  name: LocalNameSchema,
  /** What the wall calls itself. */
  title: LocalNameSchema,
  timeZone: Type.Literal('Asia/Shanghai'),
  /** When a day ends for terms in days: 24:00, or the end of business hours (Civil Code 203); 24:00 where it is not given. */
  dayEnds: Type.Optional(Type.String({ pattern: DAY_ENDS_PATTERN })),
  tiers: Type.Array(TierRuleSchema, { minItems: 1 }),
  towns: Type.Array(TownSchema, { minItems: 1 }),
  map: Type.Object({
    /** `schematic` (示意图) or `licensed` boundaries with their review number (审图号). */
    kind: codes(['schematic', 'licensed'] as const),
    reviewNumber: Type.Optional(Type.String()),
    /** Site's own base map: XYZ raster tiles or WMTS in KVP form, same network only. */
    baseMap: Type.Optional(Type.Object({ tiles: Type.String(), attribution: Type.String() })),
  }),
  /**
   * [west, south, east, north], WGS-84 degrees: positions outside are kept with their alert and left out of heat and map
   * (contract §1). Reckoned from the boundaries or the towns, with a margin, where a pack does not name it.
   */
  box: Type.Optional(Type.Tuple([Type.Number(), Type.Number(), Type.Number(), Type.Number()])),
  sources: Type.Array(Type.String()),
});
export type RegionPack = Static<typeof RegionPackSchema>;
