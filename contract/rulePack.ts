import { Type, type Static } from 'typebox';
import { CHANNELS, TIERS } from './codes.ts';
import { closed, codes, RegionCode, Timestamp } from './fields.ts';
import { LocalNameSchema } from './region.ts';
import { DateText, RULE_ID_PATTERN, VERSION_PATTERN } from './signals.ts';

/**
 * A rule pack (signals §2): what an observation is worth, and from when on a subject is red, orange, yellow or blue. What a
 * schema cannot say is checked by server/signals/assess/compilePack.ts.
 */

/** Bounds of a pack: far above what a region needs, and small enough that a pack is read and checked at once. */
export const PACK_LIMITS = {
  /** Of the JSON, bytes. */
  bytes: 1024 * 1024,
  /** Of what is sent: a pack that is too large, too, is told what is wrong with it, as far as this. */
  sentBytes: 16 * 1024 * 1024,
  indicators: 300,
  steps: 20,
  rules: 100,
  /** Comparisons in one `when`. */
  comparisons: 100,
  /** Groups (`all`, `any`, `not`) within each other. */
  nesting: 5,
  tests: 300,
  /** Events of one test. */
  events: 300,
  /** The greatest number in a pack. */
  number: 1_000_000_000_000,
} as const;
/** `validDays` and `windowDays`. */
export const MAX_DAYS = 366;
/** After a false alarm, where a pack does not name `quietDays`. */
export const QUIET_DAYS = 30;

export const INDICATOR_KINDS = ['state', 'event'] as const;
export type IndicatorKind = (typeof INDICATOR_KINDS)[number];
export const INDICATOR_MEASURES = ['value', 'count', 'amountYuan', 'workers'] as const;
export type IndicatorMeasure = (typeof INDICATOR_MEASURES)[number];
export const OPERATORS = ['>=', '>', '<=', '<', '==', '!='] as const;
export type Operator = (typeof OPERATORS)[number];
/** Variables of `when` that every pack has; besides these `indicator:<code>` and `channel:<code>`. */
export const PLAIN_VARIABLES = ['score', 'channels', 'workers', 'amountYuan', 'months', 'headcount'] as const;
/** What a text may name in braces. */
export const TEXT_FIELDS = ['value', 'count', 'workers', 'amountYuan', 'days'] as const;

export const INDICATOR_PATTERN = '^[a-z0-9]+([.-][a-z0-9]+)*$';

/** `[variable, operator, number]`. */
export type Comparison = readonly [variable: string, operator: Operator, number: number];
export type Condition = Comparison | { all: readonly Condition[] } | { any: readonly Condition[] } | { not: Condition };

const Days = Type.Integer({ minimum: 1, maximum: MAX_DAYS });
const Decimal = Type.Number({ minimum: 0, maximum: PACK_LIMITS.number, description: 'at most 3 decimals' });
const Basis = Type.String({
  minLength: 1,
  maxLength: 500,
  description: 'where the numbers come from: a law or document, or `site` for a starting value of our own',
});

export const PackChannelSchema = Type.Object(
  {
    /** The most that the channel adds to the score. */
    cap: Decimal,
    /** How often its source should speak; without it the source is never late. */
    everyDays: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: MAX_DAYS })),
    basis: Type.Optional(Basis),
  },
  closed,
);
export type PackChannel = Static<typeof PackChannelSchema>;

export const PackIndicatorSchema = Type.Object(
  {
    /** What it is called in rules; its code where it is not given. */
    name: Type.Optional(LocalNameSchema),
    channel: codes(CHANNELS),
    kind: codes(INDICATOR_KINDS),
    measure: codes(INDICATOR_MEASURES),
    unit: Type.String({ minLength: 1, maxLength: 40 }),
    /** Of a state. */
    validDays: Type.Optional(Days),
    /** Of an event. */
    windowDays: Type.Optional(Days),
    /** `[threshold, points]`: thresholds rise, points do not fall. */
    points: Type.Array(Type.Tuple([Decimal, Decimal]), { minItems: 1, maxItems: PACK_LIMITS.steps }),
    /** Its workers and amount are owed wages. */
    owed: Type.Optional(Type.Boolean()),
    /** Its value is in months of unpaid wages. */
    months: Type.Optional(Type.Boolean()),
    text: LocalNameSchema,
    basis: Type.Optional(Basis),
  },
  closed,
);
export type PackIndicator = Static<typeof PackIndicatorSchema>;

export const PackRuleSchema = Type.Object(
  {
    id: Type.String({ pattern: RULE_ID_PATTERN }),
    tier: codes(TIERS),
    name: LocalNameSchema,
    basis: Type.Optional(Basis),
    when: Type.Unsafe<Condition>({
      description:
        '`{all: […]}`, `{any: […]}`, `{not: …}` or `[variable, operator, number]`; groups nested to 5. Variables: score, channels, workers, amountYuan, months, headcount, indicator:<code>, channel:<code>',
    }),
  },
  closed,
);
export type PackRule = Static<typeof PackRuleSchema>;

/**
 * A test in a pack: events about one subject, and what they come to on a day. An event is one of the two types as in
 * contract §1; what a test need not say may be left out: `specversion`, `id`, `source`, `type` (`wage.signal.observed`),
 * `data.region`, and the employer or project.
 */
export const PackTestSchema = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 200 }),
    day: DateText,
    /** Facts until then have been dealt with. */
    settledAt: Type.Optional(Timestamp),
    events: Type.Array(Type.Unsafe<Record<string, unknown>>({ type: 'object' }), { maxItems: PACK_LIMITS.events }),
    /** What is named must be so; `tier` and `rule` null: there is none. */
    expect: Type.Object(
      {
        tier: Type.Optional(Type.Union([codes(TIERS), Type.Null()])),
        rule: Type.Optional(Type.Union([Type.String(), Type.Null()])),
        score: Type.Optional(Type.Number()),
        watch: Type.Optional(Type.Boolean()),
        channels: Type.Optional(Type.Number()),
        workers: Type.Optional(Type.Number()),
        amountFen: Type.Optional(Type.Number()),
        months: Type.Optional(Type.Number()),
      },
      closed,
    ),
  },
  closed,
);
export type PackTest = Static<typeof PackTestSchema>;

export const RulePackSchema = Type.Object(
  {
    region: RegionCode,
    version: Type.String({ pattern: VERSION_PATTERN }),
    name: LocalNameSchema,
    basis: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 500 }), { maxItems: 100 })),
    /** From this score on a subject is on the watch list. */
    watch: Decimal,
    /** Midnights after a false alarm before the same tier is raised again; 30 where it is not named. */
    quietDays: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_DAYS })),
    channels: Type.Record(Type.String(), PackChannelSchema),
    indicators: Type.Record(Type.String(), PackIndicatorSchema, { maxProperties: PACK_LIMITS.indicators }),
    /** Gravest first; the first that matches is the tier. */
    tiers: Type.Array(PackRuleSchema, { minItems: 1, maxItems: PACK_LIMITS.rules }),
    tests: Type.Optional(Type.Array(PackTestSchema, { maxItems: PACK_LIMITS.tests })),
  },
  closed,
);
export type RulePack = Static<typeof RulePackSchema>;

/** A fault of a pack: where (RFC 6901), and what is wrong. */
export const PackFaultSchema = Type.Object({ path: Type.String(), problem: Type.String() });
export type PackFault = Static<typeof PackFaultSchema>;

/** `shadow`: assesses beside the active one and raises nothing. */
export const VERSION_STATES = ['draft', 'shadow', 'active', 'retired'] as const;
export type VersionState = (typeof VERSION_STATES)[number];

const Change = {
  version: Type.String(),
  state: codes(VERSION_STATES),
  /** Who brought it into this state. */
  by: Type.String(),
  at: Type.String({ format: 'date-time' }),
  why: Type.Optional(Type.String()),
};
/** A change of a version's state, kept for ever. */
export const VersionChangeSchema = Type.Object({
  ...Change,
  /** Of an activation: alerts that it would raise, as confirmed, or that all known was taken as dealt with. */
  raises: Type.Optional(Type.Integer({ minimum: 0 })),
  settle: Type.Optional(Type.Boolean()),
});
export type VersionChange = Static<typeof VersionChangeSchema>;

/** `GET /api/v1/rules`. */
export const RulesSchema = Type.Object({
  region: RegionCode,
  /** The version in force. */
  active: Type.Optional(Type.String()),
  /** Each version as it stands, newest first. */
  items: Type.Array(Type.Object({ ...Change, draftedBy: Type.String() })),
  /** All changes, newest first. */
  history: Type.Array(VersionChangeSchema),
});
export type Rules = Static<typeof RulesSchema>;

/** What became of one test of a pack. */
export const TestResultSchema = Type.Object({
  name: Type.String(),
  ok: Type.Boolean(),
  /** What was otherwise than expected. */
  problems: Type.Array(Type.String()),
});
export type TestResult = Static<typeof TestResultSchema>;

/** `POST /api/v1/rules/{version}/activate`. */
export const ActivateSchema = Type.Object(
  {
    why: Type.String({ minLength: 1, maxLength: 500 }),
    /** How many alerts this raises now, as the answer without it told. */
    raises: Type.Optional(Type.Integer({ minimum: 0 })),
    /** Takes all that is known as dealt with, so that nothing is raised. */
    settle: Type.Optional(Type.Boolean()),
  },
  closed,
);
export type Activate = Static<typeof ActivateSchema>;
