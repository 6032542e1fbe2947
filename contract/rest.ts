import { Type, type Static } from 'typebox';
import { AlertBriefSchema, MeasuresSchema } from './frame.ts';
import { EVENT_TYPES, MEASURES, PLATFORMS } from './codes.ts';
import { codes, EnterpriseSchema, ReasonSchema, Timestamp } from './events.ts';
import { RegionPackSchema } from './region.ts';

/** REST answers (contract §1 and §4). */

/** RFC 9457 `application/problem+json`. */
export const ProblemSchema = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.Optional(Type.String()),
  instance: Type.Optional(Type.String()),
  /** The parameter or pointer that was wrong. */
  parameter: Type.Optional(Type.String()),
}, { additionalProperties: true });
export type Problem = Static<typeof ProblemSchema>;

export const RejectionSchema = Type.Object({
  index: Type.Integer({ minimum: 0, description: 'position in the body, from 0' }),
  id: Type.Optional(Type.String()),
  problem: Type.String(),
});
export type Rejection = Static<typeof RejectionSchema>;

export const IngestAnswerSchema = Type.Object({
  accepted: Type.Integer(),
  rejected: Type.Array(RejectionSchema, { maxItems: 100 }),
  rejectedTotal: Type.Integer(),
});
export type IngestAnswer = Static<typeof IngestAnswerSchema>;

export const DeadLetterSchema = Type.Object({
  id: Type.String(),
  at: Timestamp,
  problem: Type.String(),
  eventId: Type.Optional(Type.String()),
  source: Type.Optional(Type.String()),
  body: Type.String({ description: 'the event as it came, as text' }),
  truncated: Type.Optional(Type.Boolean()),
});
export type DeadLetter = Static<typeof DeadLetterSchema>;
export const DeadLettersSchema = Type.Object({
  total: Type.Integer(),
  items: Type.Array(DeadLetterSchema),
  cursor: Type.Optional(Type.String()),
});
export type DeadLetters = Static<typeof DeadLettersSchema>;

export const AlertListSchema = Type.Object({
  total: Type.Integer(),
  items: Type.Array(AlertBriefSchema),
  cursor: Type.Optional(Type.String()),
});
export type AlertList = Static<typeof AlertListSchema>;

export const RecordedEventSchema = Type.Object({
  id: Type.String(),
  source: Type.String(),
  type: codes(EVENT_TYPES),
  time: Timestamp,
  data: Type.Object({}, { additionalProperties: true }),
});
/** An event as kept in a document: `data` without alertId and region. */
export type RecordedEvent = Static<typeof RecordedEventSchema>;

export const AlertDetailSchema = Type.Object({
  ...AlertBriefSchema.properties,
  region: Type.String(),
  arrearsDays: Type.Optional(Type.Integer()),
  score: Type.Optional(Type.Number()),
  reasons: Type.Array(ReasonSchema),
  platform: Type.Optional(codes(PLATFORMS)),
  unit: Type.Optional(Type.String()),
  closedAt: Type.Optional(Timestamp),
  /** ms until the term ends; negative when past it; absent once no term runs. */
  remainingMs: Type.Optional(Type.Integer()),
  recoveries: Type.Array(Type.Object({ at: Timestamp, amountFen: Type.Integer(), workers: Type.Integer() })),
  /** Raised events after the first: they change no fact, and somebody should look at them. */
  conflicts: Type.Integer(),
  events: Type.Array(RecordedEventSchema),
});
export type AlertDetail = Static<typeof AlertDetailSchema>;

export const EnterpriseAnswerSchema = Type.Object({
  ...EnterpriseSchema.properties,
  totals: Type.Object({
    ...MeasuresSchema.properties,
    open: Type.Integer(),
    successRate: Type.Optional(Type.Number()),
  }),
  byChannel: Type.Record(Type.String(), Type.Integer()),
  alerts: Type.Array(AlertBriefSchema),
  /** Rank by alerts raised among the enterprises of its (latest) industry and town, 1 = most. */
  standing: Type.Object({
    industry: Type.Object({ code: Type.String(), rank: Type.Integer(), of: Type.Integer() }),
    town: Type.Object({ code: Type.String(), rank: Type.Integer(), of: Type.Integer() }),
  }),
  timeline: Type.Array(Type.Object({
    at: Timestamp,
    alertId: Type.String(),
    type: codes(EVENT_TYPES),
    amountFen: Type.Optional(Type.Integer()),
    workers: Type.Optional(Type.Integer()),
  })),
});
export type EnterpriseAnswer = Static<typeof EnterpriseAnswerSchema>;

export const SeriesAnswerSchema = Type.Object({
  measure: codes(MEASURES),
  split: Type.Optional(Type.String()),
  step: Type.String(),
  from: Timestamp,
  to: Timestamp,
  /** By start of step (RFC 3339), then by code of the split (`all` without one). Steps with something in them. */
  steps: Type.Record(Type.String(), Type.Record(Type.String(), Type.Integer())),
});
export type SeriesAnswer = Static<typeof SeriesAnswerSchema>;

export const RegionsAnswerSchema = Type.Object({
  items: Type.Array(Type.Object({ code: Type.String(), name: RegionPackSchema.properties.name })),
});
export type RegionsAnswer = Static<typeof RegionsAnswerSchema>;
export const RegionAnswerSchema = Type.Object({
  ...RegionPackSchema.properties,
  /** Whether the figures on screen are demonstration data (演示数据). */
  demo: Type.Boolean(),
});
export type RegionAnswer = Static<typeof RegionAnswerSchema>;

export const HealthSchema = Type.Object({
  status: codes(['ok', 'starting', 'failing'] as const),
  checks: Type.Record(Type.String(), Type.String()),
});
export type Health = Static<typeof HealthSchema>;

