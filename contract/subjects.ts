import { CluePhotoSchema } from './attachments.ts';
import { Type, type Static } from 'typebox';
import { DIVISION_PATTERN } from '../common/divisions.ts';
import { CHANNELS, INDUSTRIES, TIERS } from './codes.ts';
import { closed, codes, EnterpriseSchema, Fen, ProjectSchema, RegionCode, Timestamp, Workers } from './fields.ts';
import { AlertBriefSchema, LngLatSchema } from './frame.ts';
import { INDICATOR_PATTERN } from './rulePack.ts';
import { LocalNameSchema } from './region.ts';
import {
  AssessmentSchema,
  AlertRuleSchema,
  DateText,
  SOURCE_STATES,
  SUBJECT_KINDS,
  SUBJECT_STATUSES,
} from './signals.ts';

/** What is watched, as it goes out (signals §5): lists of subjects, portraits, sources, and what stands behind an alert. */

const Points = Type.Number({ minimum: 0 });
const Count = Type.Integer({ minimum: 0 });

/** `P:` + project id, `U:` + uscc or `N:` + normal name (signals §1). */
export const SubjectKeySchema = Type.String({
  pattern: '^[PUN]:',
  minLength: 3,
  maxLength: 600,
  description: 'P: and the project id, U: and the uscc, or N: and the name',
  examples: ['P:XM-0001', 'N:某甲建筑有限公司'],
});

export const SUBJECT_SORTS = ['score', 'changed', 'workers'] as const;
export type SubjectSort = (typeof SUBJECT_SORTS)[number];

/** An H3 cell of the resolution of heat (contract §4). */
export const HEAT_CELL_PATTERN = '^88[0-9a-f]{13}$';

/** Filters of `GET /api/v1/subjects`; all that are given must hold. */
export const SubjectFilterSchema = Type.Object(
  {
    region: RegionCode,
    scope: Type.Optional(
      Type.String({
        pattern: DIVISION_PATTERN,
        description: 'the region or a town of it; default: what the asker may see of the region',
        examples: ['330110012'],
      }),
    ),
    kind: Type.Optional(codes(SUBJECT_KINDS)),
    tier: Type.Optional(codes(TIERS)),
    watch: Type.Optional(Type.Boolean({ description: 'whether it is on the watch list' })),
    channel: Type.Optional(codes(CHANNELS)),
    indicator: Type.Optional(
      Type.String({ pattern: INDICATOR_PATTERN, maxLength: 100, description: 'has something that counts' }),
    ),
    cell: Type.Optional(
      Type.String({
        pattern: HEAT_CELL_PATTERN,
        description: 'H3 cell of resolution 8 in which the position of its registration lies',
        examples: ['8830e19a39fffff'],
      }),
    ),
    q: Type.Optional(
      Type.String({ maxLength: 200, description: "part of the name, the project's number or the uscc, in any case" }),
    ),
  },
  closed,
);
export type SubjectFilter = Static<typeof SubjectFilterSchema>;

/** `GET /api/v1/subjects/suggest`: of the region of the asker's scope, where none is given. */
export const SuggestQuerySchema = Type.Object(
  {
    q: Type.String({ minLength: 1, maxLength: 200, description: 'part of a name, in any case; two letters at least' }),
    region: Type.Optional(RegionCode),
  },
  closed,
);
/** An employer of the register, as far as whoever reports a clue must know it. */
export const SuggestionSchema = Type.Object({ name: Type.String(), town: Type.Optional(Type.String()) });
export type Suggestion = Static<typeof SuggestionSchema>;
export const SuggestionsSchema = Type.Object({ items: Type.Array(SuggestionSchema) });
export type Suggestions = Static<typeof SuggestionsSchema>;

export const SubjectListQuerySchema = Type.Object(
  {
    ...SubjectFilterSchema.properties,
    sort: Type.Optional(codes(SUBJECT_SORTS)),
    cursor: Type.Optional(
      Type.String({ maxLength: 4_200, description: 'from the page before, with the same filters and order' }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  closed,
);

/** A subject in a list, and the head of its portrait. */
export const SubjectBriefSchema = Type.Object({
  key: SubjectKeySchema,
  region: RegionCode,
  kind: codes(SUBJECT_KINDS),
  /** Of a project its own; what the key says where nobody has said one. */
  name: Type.String(),
  /** Of a registered project: its general contractor. */
  contractor: Type.Optional(Type.String()),
  /** Town, industry, position: those of its registration. */
  town: Type.Optional(Type.String()),
  industry: Type.Optional(codes(INDUSTRIES)),
  location: Type.Optional(LngLatSchema),
  registered: Type.Boolean(),
  /** Registered with status `active`. */
  active: Type.Boolean(),
  score: Points,
  tier: Type.Optional(codes(TIERS)),
  /** `id` of the rule in `tiers` of the version in force. */
  rule: Type.Optional(Type.String()),
  watch: Type.Boolean(),
  workers: Workers,
  amountFen: Fen,
  months: Points,
  channelPoints: Type.Record(Type.String(), Points, { description: 'by channel: those that have points' }),
  /** Those that have something that counts, most points first. */
  indicators: Type.Array(Type.Object({ code: Type.String(), points: Points })),
  /** When what was found last changed; left out where nothing was ever found. */
  changedAt: Type.Optional(Timestamp),
  /** It has a tier and raises nothing, as its name, town or industry is not known. */
  unplaced: Type.Boolean(),
});
export type SubjectBrief = Static<typeof SubjectBriefSchema>;

export const SubjectListSchema = Type.Object({
  /** How many match, whatever the page. */
  total: Count,
  items: Type.Array(SubjectBriefSchema),
  cursor: Type.Optional(Type.String()),
});
export type SubjectList = Static<typeof SubjectListSchema>;

/** `GET /api/v1/subjects/heat`: where those on the watch list are that match the filters; `cells` and `unplaced` add up to `total`. */
export const SubjectHeatSchema = Type.Object({
  region: RegionCode,
  total: Count,
  /** By H3 cell of resolution 8: those whose registration has a position in the region. */
  cells: Type.Record(Type.String(), Count),
  /** Those without such a position. */
  unplaced: Count,
  /** By town of the registration, with a position or without. */
  byTown: Type.Record(Type.String(), Count),
});
export type SubjectHeat = Static<typeof SubjectHeatSchema>;

/** An observation as it was kept. */
export const ShownObservationSchema = Type.Object({
  /** Code of its indicator. */
  indicator: Type.String(),
  ref: Type.String(),
  time: Timestamp,
  source: Type.String(),
  id: Type.String(),
  value: Points,
  amountFen: Fen,
  workers: Workers,
  text: Type.Optional(Type.String()),
  /** The last day on which it counts or counted, by the version in force; left out where that does not use it. */
  until: Type.Optional(DateText),
  /** Pictures of the clue that it was: `GET /api/v1/clues/{id}/photos/{digest}`. Left out where it has none. */
  photos: Type.Optional(Type.Array(CluePhotoSchema)),
});
export type ShownObservation = Static<typeof ShownObservationSchema>;

/**
 * Why an observation does not count: it had been dealt with (`settled`), its days are over (`expired`), it says that there is
 * nothing any more (`over`), a newer one has its place (`replaced`), the version in force does not use its indicator (`unused`).
 */
export const LAPSED_REASONS = ['settled', 'expired', 'over', 'replaced', 'unused'] as const;
export type LapsedReason = (typeof LAPSED_REASONS)[number];

export const LapsedObservationSchema = Type.Object({
  ...ShownObservationSchema.properties,
  why: codes(LAPSED_REASONS),
});
export type LapsedObservation = Static<typeof LapsedObservationSchema>;

/** The registration that holds. */
export const ShownRegistrationSchema = Type.Object({
  time: Timestamp,
  source: Type.String(),
  id: Type.String(),
  kind: codes(SUBJECT_KINDS),
  enterprise: EnterpriseSchema,
  project: Type.Optional(ProjectSchema),
  town: Type.String(),
  industry: codes(INDUSTRIES),
  headcount: Type.Optional(Count),
  capitalFen: Type.Optional(Count),
  location: Type.Optional(LngLatSchema),
  address: Type.Optional(Type.String()),
  startedOn: Type.Optional(DateText),
  endedOn: Type.Optional(DateText),
  status: codes(SUBJECT_STATUSES),
});
export type ShownRegistration = Static<typeof ShownRegistrationSchema>;

/** `GET /api/v1/subjects/{key}`. */
export const SubjectPortraitSchema = Type.Object({
  key: SubjectKeySchema,
  region: RegionCode,
  kind: codes(SUBJECT_KINDS),
  name: Type.String(),
  registration: Type.Optional(ShownRegistrationSchema),
  /** Left out while no version is in force. */
  assessment: Type.Optional(AssessmentSchema),
  /** What counts, newest first: behind an indicator are those of its code. */
  counting: Type.Array(ShownObservationSchema),
  /** What is kept and does not count, newest first. */
  lapsed: Type.Array(LapsedObservationSchema),
  /** Newest first. */
  alerts: Type.Array(AlertBriefSchema),
  /** What happened until then has been dealt with. */
  settledAt: Type.Optional(Timestamp),
  /** By date: the days of the last 365 on which the score changed. */
  scores: Type.Record(Type.String(), Points),
  /**
   * What it would have been by the version in force and by when things happened: of the first of 365 days, and where it changed. Of what is
   * kept: of a state what was replaced is not.
   */
  recomputed: Type.Optional(Type.Record(Type.String(), Points)),
});
export type SubjectPortrait = Static<typeof SubjectPortraitSchema>;

const Lateness = {
  /** Seconds from `time` to receipt, on average and at most. */
  lateMean: Type.Number({ minimum: 0, description: 'seconds' }),
  lateMost: Type.Number({ minimum: 0, description: 'seconds' }),
};
const Spoken = {
  state: codes(SOURCE_STATES),
  /** Receipt of the last observation. */
  lastAt: Type.Optional(Timestamp),
  /** Time of the newest observation. */
  observedAt: Type.Optional(Timestamp),
  /** Observations received today. */
  today: Count,
  /** By day of receipt, of the last 60; days with something in them. */
  days: Type.Record(Type.String(), Type.Object({ rows: Count, ...Lateness })),
};
/** `GET /api/v1/sources`. */
export const SourcesSchema = Type.Object({
  region: RegionCode,
  at: Timestamp,
  /** By channel: those of the version in force, and those that have spoken. */
  channels: Type.Record(
    Type.String(),
    Type.Object({
      ...Spoken,
      /** How often it should speak, by the version in force; without it, it is never late. */
      everyDays: Type.Optional(Type.Number()),
    }),
  ),
  /** Each `source` in each channel, by channel, then by source. */
  sources: Type.Array(Type.Object({ channel: Type.String(), source: Type.String(), ...Spoken })),
  /** Rejected registrations and observations of the region, by `source`, among the newest dead letters: how many, and when the last came. */
  rejects: Type.Record(Type.String(), Type.Object({ count: Count, lastAt: Timestamp })),
});
export type Sources = Static<typeof SourcesSchema>;

/** A rule in words. */
export const RuleInWordsSchema = Type.Object({
  ...AlertRuleSchema.properties,
  tier: Type.Optional(codes(TIERS)),
  /** Left out where the version is not known here. */
  name: Type.Optional(LocalNameSchema),
  sentence: Type.Optional(LocalNameSchema),
  basis: Type.Optional(Type.String()),
});
export type RuleInWords = Static<typeof RuleInWordsSchema>;

/** `GET /api/v1/alerts/{id}/signals`. */
export const AlertSignalsSchema = Type.Object({
  /** The subject of the alert's facts, by the register as it stands now; left out where nothing is known of it. */
  key: Type.Optional(SubjectKeySchema),
  /** The rule that raised the alert or made it graver last; left out where no rule did. */
  rule: Type.Optional(RuleInWordsSchema),
  /** Behind each reason of the alert, in their order: what was known when it was raised, newest first. */
  reasons: Type.Array(
    Type.Object({
      channel: codes(CHANNELS),
      text: Type.String(),
      weight: Type.Optional(Type.Number()),
      /** Left out where nobody said by which indicator. */
      indicator: Type.Optional(Type.String()),
      observations: Type.Array(ShownObservationSchema),
    }),
  ),
  /** As the subject stands now; left out while no version is in force. */
  assessment: Type.Optional(AssessmentSchema),
});
export type AlertSignals = Static<typeof AlertSignalsSchema>;
