import { Type, type Static } from 'typebox';
import { INDUSTRIES, TIERS, type Channel } from './codes.ts';
import {
  closed,
  codes,
  EnterpriseSchema,
  Fen,
  Note,
  object,
  PositionSchema,
  ProjectSchema,
  RegionCode,
  Text,
  TownCode,
  Workers,
} from './fields.ts';

/**
 * Signals (docs/signals.md): the two event types from which alerts are made, and what is assessed of them. Rule packs are in
 * rulePack.ts.
 */

export const SUBJECT_KINDS = ['enterprise', 'project'] as const;
export type SubjectKind = (typeof SUBJECT_KINDS)[number];
export const SUBJECT_STATUSES = ['active', 'ceased'] as const;
export type SubjectStatus = (typeof SUBJECT_STATUSES)[number];

/** The greatest `value` of an observation, in its indicator's unit. */
export const MAX_VALUE = 1_000_000_000;
export const MAX_HEADCOUNT = 1_000_000;

/** A date of the region's zone: `2026-12-01`. The exact check, calendar included, is `parseDay`. */
export const DateText = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', description: 'date, YYYY-MM-DD' });

/** `wage.subject.registered` (signals §1): an employer or a project that is watched, as a whole. */
export const RegisteredData = object({
  region: RegionCode,
  kind: codes(SUBJECT_KINDS),
  /** Of a project: its general contractor. */
  enterprise: EnterpriseSchema,
  /** Required for a project; an enterprise has none. */
  project: Type.Optional(ProjectSchema),
  town: TownCode,
  /** Required for an enterprise; a project without one has `E`. */
  industry: Type.Optional(codes(INDUSTRIES)),
  headcount: Type.Optional(Type.Integer({ minimum: 0, maximum: MAX_HEADCOUNT })),
  capitalFen: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'fen (分)' })),
  location: Type.Optional(PositionSchema),
  address: Type.Optional(Note),
  startedOn: Type.Optional(DateText),
  endedOn: Type.Optional(DateText),
  status: codes(SUBJECT_STATUSES),
});
export type RegisteredData = Static<typeof RegisteredData>;

/** `wage.signal.observed` (signals §1): one fact about an employer or a project. */
export const ObservedData = object({
  region: RegionCode,
  /** A code that a stored version of the region's rule pack knows. */
  indicator: Text,
  enterprise: Type.Optional(object({ uscc: Type.Optional(Text), name: Type.Optional(Text) })),
  project: Type.Optional(object({ id: Text, name: Type.Optional(Text) })),
  /** Number of an account, contract, case or bill; absent is "". */
  ref: Type.Optional(Note),
  /** In the indicator's unit; absent is 1. */
  value: Type.Optional(Type.Number({ minimum: 0, maximum: MAX_VALUE })),
  amountFen: Type.Optional(Fen),
  workers: Type.Optional(Workers),
  /** The last day on which the fact holds. */
  until: Type.Optional(DateText),
  text: Type.Optional(Note),
  town: Type.Optional(TownCode),
  industry: Type.Optional(codes(INDUSTRIES)),
  location: Type.Optional(PositionSchema),
});
export type ObservedData = Static<typeof ObservedData>;

/** How versions of rule packs, and their rules, are named. */
export const VERSION_PATTERN = '^[0-9A-Za-z][0-9A-Za-z._-]{0,39}$';
export const RULE_ID_PATTERN = '^[0-9A-Za-z][0-9A-Za-z._-]{0,39}$';

/** Which rule raised an alert, or made it graver (signals §4). */
export const AlertRuleSchema = object({
  /** Region of the rule pack. */
  pack: RegionCode,
  version: Type.String({ pattern: VERSION_PATTERN }),
  /** `id` of the rule in `tiers`. */
  id: Type.String({ pattern: RULE_ID_PATTERN }),
});
export type AlertRule = Static<typeof AlertRuleSchema>;

const Points = Type.Number({ minimum: 0 });

/** What one indicator comes to (signals §3). */
export const AssessedIndicatorSchema = Type.Object({
  code: Type.String(),
  /** By the indicator's `measure`. */
  measure: Type.Number({ minimum: 0 }),
  points: Points,
  /** Time of the oldest observation that counts. */
  since: Type.String({ format: 'date-time' }),
  /** The last day on which the newest one counts. */
  until: DateText,
  count: Type.Integer({ minimum: 0 }),
  value: Type.Number({ minimum: 0 }),
  workers: Workers,
  amountFen: Fen,
});

/** The assessment of a subject on a day (signals §3, §5). */
export const AssessmentSchema = Type.Object({
  day: DateText,
  /** Region and version of the rule pack. */
  pack: RegionCode,
  version: Type.String(),
  score: Type.Number({ minimum: 0, description: 'to 1 decimal' }),
  tier: Type.Optional(codes(TIERS)),
  rule: Type.Optional(Type.String()),
  /** On the watch list. */
  watch: Type.Boolean(),
  /** How many channels have points. */
  channels: Type.Integer({ minimum: 0 }),
  channelPoints: Type.Record(Type.String(), Points, { description: 'by channel: those that have points' }),
  indicators: Type.Array(AssessedIndicatorSchema),
  workers: Workers,
  amountFen: Fen,
  months: Type.Number({ minimum: 0 }),
});
export type AssessmentView = Static<typeof AssessmentSchema>;

export const SOURCE_STATES = ['ok', 'late', 'silent', 'never'] as const;
export type SourceState = (typeof SOURCE_STATES)[number];

/** The health of a channel (signals §4, Silence is a fact). */
export const MonitoredSourceSchema = Type.Object({
  state: codes(SOURCE_STATES),
  /** Of the last receipt. */
  lastAt: Type.Optional(Type.String({ format: 'date-time' })),
  /** Observations received today. */
  today: Type.Integer({ minimum: 0 }),
});

export type MonitoredSource = Static<typeof MonitoredSourceSchema>;

const Count = Type.Integer({ minimum: 0 });
/** `monitor` in the frame of a town (signals §5). */
export const TownMonitorSchema = Type.Object({ enterprises: Count, projects: Count, watch: Count }, closed);
export type TownMonitor = Static<typeof TownMonitorSchema>;
/** `monitor` in the frame of a region or city; `today` is by the time of receipt (signals §5). */
export const MonitorSchema = Type.Object(
  {
    ...TownMonitorSchema.properties,
    unplaced: Count,
    observations: Type.Object({ today: Count, total: Count }, closed),
    /** By channel. */
    sources: Type.Unsafe<Partial<Record<Channel, MonitoredSource>>>(Type.Record(Type.String(), MonitoredSourceSchema)),
  },
  closed,
);
export type Monitor = Static<typeof MonitorSchema>;
