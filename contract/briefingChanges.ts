import { Type, type Static } from 'typebox';
import { codes, Timestamp } from './fields.ts';
import { ScopeSchema } from './protocol.ts';
import { LocalNameSchema } from './region.ts';
import { SOURCE_STATES } from './signals.ts';

/** What pages of a briefing tell besides the situation: what has changed, of a moment of the past what is known, wage accounts. */

const Count = Type.Integer({ minimum: 0 });

/** What happened to the alerts of a scope in a span, in today's facts. */
export const ChangesSchema = Type.Object({
  /** Figures are counted from here: the moment asked for, or the start of its hour or day where nothing finer is kept. */
  from: Timestamp,
  to: Timestamp,
  raised: Count,
  /** Of those raised. */
  red: Count,
  effective: Count,
  falseAlarm: Count,
  recoveredFen: Count,
  recoveredWorkers: Count,
  closed: Count,
  open: Type.Object({ then: Count, now: Count }),
  /** Late at `to`, with a term that ended in the span. Left out where nobody knows who was late at `to`. */
  late: Type.Optional(Count),
  /** Raised, by town: those with any. */
  towns: Type.Record(Type.String(), Count),
});
export type Changes = Static<typeof ChangesSchema>;

const Pair = Type.Object({ then: Count, now: Count });
/** What changed since the briefing of the same scope that was frozen before. */
export const SinceLastSchema = Type.Object({
  id: Type.String(),
  title: Type.String(),
  at: Timestamp,
  changes: ChangesSchema,
  /** As both had it; left out where one of them does not know. */
  overdue: Type.Optional(Pair),
  supervised: Type.Optional(Pair),
  /** Which of the gravest cases were not among them then: `region/alertId`. Left out where one of both does not know its gravest. */
  fresh: Type.Optional(Type.Array(Type.String())),
});
export type SinceLast = Static<typeof SinceLastSchema>;

/** Said of a situation of the past, which is in today's facts. */
export const PastSchema = Type.Object({
  /** When the frame was shown that stages, late and due alerts are taken from; left out where none was kept, and they are left out too. */
  kept: Type.Optional(Timestamp),
});

/** Sites and wage accounts, as far as sources tell of them. Only where rules are in force. */
export const AccountsSchema = Type.Object({
  /** Registered, active sites. */
  sites: Count,
  sitesByTown: Type.Record(Type.String(), Count),
  /** Banks (sources of the channel), by how they have spoken. */
  banks: Type.Array(Type.Object({ source: Type.String(), state: codes(SOURCE_STATES), lastAt: Timestamp })),
  /** Sites of which something in the channel counts, with the workers it is about. */
  flagged: Type.Object({ sites: Count, workers: Count, byTown: Type.Record(Type.String(), Count) }),
  /** By indicator, those with any site, most sites first. */
  indicators: Type.Array(Type.Object({ code: Type.String(), name: Type.Optional(LocalNameSchema), sites: Count })),
});
export type Accounts = Static<typeof AccountsSchema>;

export const LookedRequestSchema = Type.Object(
  { scope: ScopeSchema, at: Type.Optional(Timestamp) },
  { additionalProperties: false },
);
/** When the asker looked at a scope's briefing before this visit. */
export const LookedSchema = Type.Object({ before: Type.Optional(Timestamp) });
export type Looked = Static<typeof LookedSchema>;

export const SinceQuerySchema = Type.Object(
  {
    scope: Type.Optional(ScopeSchema),
    briefing: Type.Optional(
      Type.String({ maxLength: 60, description: 'id of a frozen one: up to its moment; default: up to now' }),
    ),
  },
  { additionalProperties: false },
);
export const SinceSchema = Type.Object({
  /** When the asker looked before this visit; left out the first time. */
  looked: Type.Optional(Timestamp),
  /** Left out the first time, and where the briefing was frozen before that. */
  changes: Type.Optional(ChangesSchema),
});
export type Since = Static<typeof SinceSchema>;
