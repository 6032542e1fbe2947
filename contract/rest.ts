import { Type, type Static } from 'typebox';
import { AlertBriefSchema, LngLatSchema, MeasuresSchema, WindowSchema } from './frame.ts';
import {
  ALERT_EVENT_TYPES,
  CASE_ACTIONS,
  CHANNELS,
  INDUSTRIES,
  MEASURES,
  STAGES,
  TIERS,
  USCC_FAULTS,
  VERDICTS,
} from './codes.ts';
import { CaseFileSchema } from './attachments.ts';
import { DeliverySchema } from './connectors.ts';
import { codes, EnterpriseSchema, MAX_STRING, ReasonSchema, Timestamp } from './events.ts';
import { RegionPackSchema, UNIT_PATTERN } from './region.ts';
import { SpokenPlatformSchema } from './speaksFor.ts';
import { AlertRuleSchema, AssessmentSchema } from './signals.ts';
import { DIVISION_PATTERN } from '../common/divisions.ts';

/** REST answers (contract §1 and §4). */

/** RFC 9457 `application/problem+json`. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.Optional(Type.String()),
    instance: Type.Optional(Type.String()),
    /** The parameter or pointer that was wrong. */
    parameter: Type.Optional(Type.String()),
  },
  { additionalProperties: true },
);
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
  /** Only the beginning was kept: then `bytes` and `digest` (SHA-256) are those of the whole text, and `note` says what to do. */
  truncated: Type.Optional(Type.Boolean()),
  bytes: Type.Optional(Type.Integer()),
  digest: Type.Optional(Type.String()),
  note: Type.Optional(Type.String()),
  /** What of its sender's rights is kept with what they send: the platform that they speak for, and whether the program dispatches what they raise. */
  from: Type.Optional(
    Type.Object({ platform: Type.Optional(SpokenPlatformSchema), dispatch: Type.Optional(Type.Boolean()) }),
  ),
});
export type DeadLetter = Static<typeof DeadLetterSchema>;
export const DeadLettersSchema = Type.Object({
  total: Type.Integer(),
  items: Type.Array(DeadLetterSchema),
  cursor: Type.Optional(Type.String()),
});
export type DeadLetters = Static<typeof DeadLettersSchema>;

/** Orders of the list: ascending by a key, or descending with a minus in front. Newest first is the default. */
export const ALERT_SORTS = [
  'raised',
  '-raised',
  'due',
  '-due',
  'amount',
  '-amount',
  'workers',
  '-workers',
  'changed',
  '-changed',
] as const;
/** What may have happened in a span: the measures of contract §2 that count alerts or their events, and `audited` for either verdict. */
export const ALERT_MEASURES = ['raised', 'audited', 'effective', 'falseAlarm', 'closed', 'recovered'] as const;
/** Longest search text. */
export const MAX_SEARCH = 200;

const many = (what: string) => ({ maxItems: 50, description: `${what}; repeat it for any of several` });
const Moment = (description: string) =>
  Type.String({ format: 'date-time', maxLength: 40, description, examples: ['2026-11-01T00:00:00+08:00'] });

/** Filters of `GET /api/v1/alerts` (contract §4); all that are given must hold. */
export const AlertFilterSchema = Type.Object(
  {
    scope: Type.Optional(
      Type.String({
        pattern: DIVISION_PATTERN,
        description: 'region or town; default: the region shown here',
        examples: ['330110', '330110012'],
      }),
    ),
    tier: Type.Optional(Type.Array(codes(TIERS), many('tier'))),
    stage: Type.Optional(Type.Array(codes(STAGES), many('stage'))),
    industry: Type.Optional(Type.Array(codes(INDUSTRIES), many('section of GB/T 4754'))),
    channel: Type.Optional(Type.Array(codes(CHANNELS), many('channel'))),
    verdict: Type.Optional(Type.Array(codes(['effective', 'false-alarm'] as const), many('verdict'))),
    q: Type.Optional(
      Type.String({
        maxLength: MAX_SEARCH,
        description: "part of the enterprise's or project's name, or of the alert id, in any case",
        examples: ['建筑'],
      }),
    ),
    /** The span of a frame's window, in place of `from` and `to`. */
    window: Type.Optional(WindowSchema),
    from: Type.Optional(Moment('beginning of a span (inclusive)')),
    to: Type.Optional(Moment('end of the span (exclusive)')),
    /** What happened in the span; default `raised`. */
    measure: Type.Optional(codes(ALERT_MEASURES)),
    overdue: Type.Optional(Type.Boolean({ description: 'whether its running term has ended' })),
    dueToday: Type.Optional(
      Type.Boolean({
        description: "whether its running term has not ended yet and ends by the region's next midnight",
      }),
    ),
    dueBy: Type.Optional(Moment('its running term ends before this')),
    open: Type.Optional(Type.Boolean({ description: 'whether its stage is not `closed`' })),
    supervised: Type.Optional(Type.Boolean({ description: 'whether a supervision of it waits for an answer' })),
    unit: Type.Optional(
      Type.String({
        pattern: UNIT_PATTERN,
        maxLength: 100,
        description: 'code of the unit that it was last dispatched to',
      }),
    ),
    recovered: Type.Optional(Type.Boolean({ description: 'whether wages have been recovered' })),
    positionOutside: Type.Optional(Type.Boolean({ description: 'whether its position lies outside the region' })),
    h3: Type.Optional(
      Type.String({ pattern: '^[0-9a-f]{15,16}$', description: "H3 cell of resolution 8, as in a frame's `heat`" }),
    ),
    uscc: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: MAX_STRING,
        description: 'an enterprise by its uscc or, failing that, by its name',
      }),
    ),
  },
  { additionalProperties: false },
);
/** As it comes in a URL; times as RFC 3339. */
export type AlertFilter = Static<typeof AlertFilterSchema>;

export const AlertListQuerySchema = Type.Object(
  {
    ...AlertFilterSchema.properties,
    sort: Type.Optional(codes(ALERT_SORTS)),
    cursor: Type.Optional(
      Type.String({ maxLength: 4_200, description: 'from the page before, with the same filters and order' }),
    ),
    skip: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 100_000_000,
        description: 'in place of a cursor: begin after so many alerts, for far jumps',
      }),
    ),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
  },
  { additionalProperties: false },
);

/** Filters of `GET /api/v1/alert-counts`: those that ask for no employer and no place. */
export const AlertCountQuerySchema = Type.Omit(AlertFilterSchema, ['q', 'uscc', 'h3'], { additionalProperties: false });
export const AlertCountSchema = Type.Object({ total: Type.Integer() }, { title: 'AlertCount' });

export const AlertListSchema = Type.Object({
  /** How many match, whatever the page. */
  total: Type.Integer(),
  /** How many different enterprises they are of; with `measure=recovered`, as a frame's `enterprisesPaid`. */
  enterprises: Type.Optional(Type.Integer()),
  items: Type.Array(AlertBriefSchema),
  cursor: Type.Optional(Type.String()),
  /** Where the `window` asked for begins now: pages to come are asked for with it as `from`, since windows slide. */
  from: Type.Optional(Timestamp),
});
export type AlertList = Static<typeof AlertListSchema>;

/** An alert near another one. */
export const NeighboursSchema = Type.Object({
  items: Type.Array(Type.Object({ ...AlertBriefSchema.properties, metres: Type.Integer({ description: 'distance' }) })),
});
export type Neighbours = Static<typeof NeighboursSchema>;

export const RecordedEventSchema = Type.Object({
  id: Type.String(),
  source: Type.String(),
  type: codes(ALERT_EVENT_TYPES),
  time: Timestamp,
  data: Type.Object({}, { additionalProperties: true }),
  /** When the term ends that runs after it, where that is another than before. */
  dueAt: Type.Optional(Timestamp),
  /** Id of the person who has made it, where it was made here; and the outside platform for which it was sent (contract §2). */
  actor: Type.Optional(Type.String()),
  platform: Type.Optional(SpokenPlatformSchema),
  /** What the region's pack called the unit `other:…` when it was sent. */
  platformname: Type.Optional(Type.String()),
  /** Of one without effect: the alert did not stand dispatched to its platform then (contract §2). */
  effect: Type.Optional(Type.Literal(false)),
});
/** An event as kept in a document: `data` without alertId and region. */
export type RecordedEvent = Static<typeof RecordedEventSchema>;

export const AlertDetailSchema = Type.Object({
  ...AlertBriefSchema.properties,
  arrearsDays: Type.Optional(Type.Integer()),
  rule: Type.Optional(AlertRuleSchema),
  score: Type.Optional(Type.Number()),
  reasons: Type.Array(ReasonSchema),
  closedAt: Type.Optional(Timestamp),
  /** Where `positionOutside`: the position that was given. */
  outsideLocation: Type.Optional(LngLatSchema),
  /** ms until the term ends; negative when past it; absent once no term runs. */
  remainingMs: Type.Optional(Type.Integer()),
  /** The end of the term rests on a year whose calendar is not there yet, and may change when it comes. */
  dueProvisional: Type.Optional(Type.Literal(true)),
  /**
   * Of one that was handled with `case-filed`, where the region has terms by stage: by when the law wants it settled, and with leave
   * (劳动保障监察条例 17).
   */
  legal: Type.Optional(
    Type.Object({
      filedAt: Timestamp,
      settleBy: Timestamp,
      settleExtended: Timestamp,
      /** Rests on a year whose calendar is not there yet. */
      provisional: Type.Boolean(),
    }),
  ),
  /** The latest, in order; `recoveredFen` is the sum of all. */
  recoveries: Type.Array(Type.Object({ at: Timestamp, amountFen: Type.Integer(), workers: Type.Integer() })),
  /** How many recoveries there are before these, if any. */
  recoveriesBefore: Type.Optional(Type.Integer()),
  /** Raised events after the first: they change no fact, and somebody should look at them. */
  conflicts: Type.Integer(),
  /** The latest, in order; with `cursor` in the query, those before the ones that it came with. */
  events: Type.Array(RecordedEventSchema),
  /** How many events there are before these, if any; then `cursor` asks for them. */
  eventsBefore: Type.Optional(Type.Integer()),
  cursor: Type.Optional(Type.String()),
  /** How the last event came to the platform that it was dispatched to, where that has a connector; never for displays. */
  delivery: Type.Optional(DeliverySchema),
  /** The latest of them with how each came to its platform, newest first, at most 20; never for displays. */
  deliveries: Type.Optional(Type.Array(DeliverySchema)),
  /** How many events there are in all: what an action names as `expect.events`. Never for displays, like the two below. */
  eventsTotal: Type.Optional(Type.Integer()),
  /** What the asker may do about it now (docs/casework.md §2). */
  actions: Type.Optional(Type.Array(codes(CASE_ACTIONS))),
  /** The people in it, by id: `actor` of its events, `person` of the alert and of its events. */
  people: Type.Optional(Type.Record(Type.String(), Type.String())),
  /** The files that its events name, the latest first; never for displays (docs/casework.md §2). */
  attachments: Type.Optional(Type.Array(CaseFileSchema)),
});
export type AlertDetail = Static<typeof AlertDetailSchema>;

export const EnterpriseAnswerSchema = Type.Object({
  ...EnterpriseSchema.properties,
  /** As in a brief. */
  usccFault: Type.Optional(codes(USCC_FAULTS)),
  totals: Type.Object({
    ...MeasuresSchema.properties,
    open: Type.Integer(),
    successRate: Type.Optional(Type.Number()),
  }),
  byChannel: Type.Record(Type.String(), Type.Integer()),
  alerts: Type.Array(AlertBriefSchema),
  /** Rank by alerts raised among the enterprises of its (latest) industry and town, 1 = most. Left out for handlers. */
  standing: Type.Optional(
    Type.Object({
      industry: Type.Object({ code: Type.String(), rank: Type.Integer(), of: Type.Integer() }),
      town: Type.Object({ code: Type.String(), rank: Type.Integer(), of: Type.Integer() }),
    }),
  ),
  /**
   * Only for handlers, to whom all else here is of the alerts of their unit: how many others it has in their scope, by tier, then by stage,
   * where there are any.
   */
  others: Type.Optional(Type.Record(Type.String(), Type.Record(Type.String(), Type.Integer()))),
  /**
   * As whom it is watched (`GET /api/v1/subjects/{key}`), and how it is assessed now; left out where it is not, or no rules are in force,
   * and for handlers.
   */
  subject: Type.Optional(Type.String()),
  assessment: Type.Optional(AssessmentSchema),
  timeline: Type.Array(
    Type.Object({
      at: Timestamp,
      alertId: Type.String(),
      type: codes(ALERT_EVENT_TYPES),
      /** Who was sent to or accepted it; the verdict of an audit. */
      unit: Type.Optional(Type.String()),
      verdict: Type.Optional(codes(VERDICTS)),
      amountFen: Type.Optional(Type.Integer()),
      workers: Type.Optional(Type.Integer()),
    }),
  ),
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
  /** As in a frame: figures over fewer alerts than this are left out. */
  withheld: Type.Optional(Type.Integer()),
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
  /** Alerts whose position lies outside their region: in no heat, on no map. Left out for displays, and while the figures are loading. */
  positionsOutside: Type.Optional(Type.Integer()),
});
export type RegionAnswer = Static<typeof RegionAnswerSchema>;

export const HealthSchema = Type.Object({
  status: codes(['ok', 'starting', 'failing'] as const),
  checks: Type.Record(Type.String(), Type.String()),
});
export type Health = Static<typeof HealthSchema>;
