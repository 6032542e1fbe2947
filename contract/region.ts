import { Type, type Static, type TSchema } from 'typebox';
import { DAY_ENDS_PATTERN } from '../common/terms/termEnd.ts';
import { PLATFORMS, SUPERVISION_LEVELS, TIERS, UNIT_KINDS, type Tier } from './codes.ts';
import { AreaCode, closed, codes, RegionCode, TownCode } from './fields.ts';

/** Code of a unit: lower-case letters, digits and hyphens. */
export const UNIT_PATTERN = '^[a-z0-9]+(-[a-z0-9]+)*$';

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

/** An office that alerts are dispatched to (docs/casework.md §1). */
export const UnitSchema = Type.Object(
  {
    code: Type.String({ pattern: UNIT_PATTERN }),
    name: LocalNameSchema,
    /** Where its people work. */
    platform: codes(PLATFORMS),
    /** Towns that it is there for; without it, the whole region. */
    towns: Type.Optional(Type.Array(TownCode, { minItems: 1 })),
    kind: codes(UNIT_KINDS),
    phone: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  },
  closed,
);
export type Unit = Static<typeof UnitSchema>;

/** Where a tier's alerts go: to which platform, and to the unit of which kind. */
export const DispatchRuleSchema = Type.Object(
  {
    platform: codes(PLATFORMS),
    unit: codes(UNIT_KINDS),
    /** Whether the program dispatches by itself; true where it is not given. */
    auto: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type DispatchRule = Static<typeof DispatchRuleSchema>;

/** What a handling can come to besides the outcomes that the program knows, such as a platform's own conclusions. */
export const PackOutcomeSchema = Type.Object(
  { code: Type.String({ pattern: UNIT_PATTERN }), name: LocalNameSchema },
  closed,
);

/** The stages' terms, in order: until it is dispatched, accepted, handled, audited, closed. */
export const STAGE_TERMS = ['dispatch', 'accept', 'handle', 'audit', 'close'] as const;
export type StageTermName = (typeof STAGE_TERMS)[number];
/** Written `30m`, `2h`, `3d`, `3wd` (docs/terms.md). */
const TermText = Type.String({ minLength: 2, maxLength: 20 });
export const StageTermsSchema = Type.Object(
  { dispatch: TermText, accept: TermText, handle: TermText, audit: TermText, close: TermText },
  closed,
);
export type StageTerms = Static<typeof StageTermsSchema>;

/** What a rung of the ladder does: tells the person, reminds them, urges the unit, drafts a supervision for leaders. */
export const RUNG_DEEDS = ['notice', 'reminder', 'urge', 'draft'] as const;
export type RungDeed = (typeof RUNG_DEEDS)[number];
/** Code of a rung, in the ids of events: as those of units. */
export const MAX_RUNG_CODE = 40;
/** A rung of the ladder (docs/casework.md §3): `at` a share of the stage's term, or `after` its end. */
export const RungSchema = Type.Object(
  {
    rung: Type.String({ pattern: UNIT_PATTERN, maxLength: MAX_RUNG_CODE }),
    /** 0.5 is half of the term, 1 its end. */
    at: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1 })),
    /** A term that runs from the end of the stage's. */
    after: Type.Optional(TermText),
    does: codes(RUNG_DEEDS),
    /** Of a draft. */
    level: Type.Optional(codes(SUPERVISION_LEVELS)),
  },
  closed,
);
export type Rung = Static<typeof RungSchema>;

export type SourceNames = Readonly<Record<string, LocalName>>;

const byTier = <S extends TSchema>(schema: S) =>
  Type.Unsafe<Partial<Record<Tier, Static<S>>>>(
    Type.Object(Object.fromEntries(TIERS.map((tier) => [tier, Type.Optional(schema)])), closed),
  );

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
  units: Type.Optional(Type.Array(UnitSchema, { minItems: 1 })),
  /** Of every tier, where units are given. */
  dispatch: Type.Optional(byTier(DispatchRuleSchema)),
  outcomes: Type.Optional(Type.Array(PackOutcomeSchema, { minItems: 1 })),
  /** Of every tier. With it there is one clock: a term runs in every open stage (docs/casework.md §3). */
  terms: Type.Optional(byTier(StageTermsSchema)),
  /** What the clock does about each stage's term, in order of time; that of common/ladder.ts where it is not given. */
  ladder: Type.Optional(Type.Array(RungSchema, { minItems: 1, maxItems: 20 })),
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
  /** Where the data of the pack itself are from, and their licences. */
  sources: Type.Array(Type.String()),
  /** What an office calls the sources of its events, by `source`; one without a name is shown as it calls itself. */
  sourceNames: Type.Optional(Type.Unsafe<SourceNames>(Type.Record(Type.String(), LocalNameSchema))),
});
export type RegionPack = Static<typeof RegionPackSchema>;
