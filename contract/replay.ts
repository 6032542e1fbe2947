import { Type, type Static } from 'typebox';
import type { JsonObject } from '../common/mergePatch.ts';
import { codes, Timestamp } from './events.ts';
import { FrameSchema, type Frame, WindowSchema } from './frame.ts';
import { ScopeSchema } from './protocol.ts';
import { MAX_REPLAY_STEPS, MARK_KINDS, REPLAY_STEPS, SHOWN_WINDOWS } from './replayLimits.ts';

/** Replay (contract §4, docs/replay.md): a span of the past as a frame and merge patches, and frames as they were shown. */

const Moment = (description: string) =>
  Type.String({ format: 'date-time', maxLength: 40, description, examples: ['2026-11-01T00:00:00+08:00'] });
const Flag = Type.Optional(
  Type.Boolean({ description: 'the frames as they were shown then, in place of today’s facts' }),
);

/** `GET /api/v1/replay`: answered with lines of JSON (`application/x-ndjson`). */
export const ReplayQuerySchema = Type.Object(
  {
    scope: Type.Optional(ScopeSchema),
    window: Type.Optional(WindowSchema),
    from: Moment('the moment of the first frame'),
    to: Type.Optional(Moment(`the last moment; default now. At most ${MAX_REPLAY_STEPS} steps after from`)),
    step: Type.Optional(codes(REPLAY_STEPS)),
    shown: Flag,
  },
  { additionalProperties: false },
);
export type ReplayQuery = Static<typeof ReplayQuerySchema>;

/** In a replay of what was shown, a moment of which no frame was kept: there are no figures of it. */
export const NotShownSchema = Type.Object({
  scope: Type.String(),
  window: WindowSchema,
  /** The moment asked for. */
  at: Timestamp,
  missing: Type.Literal(true),
});
export type NotShown = Static<typeof NotShownSchema>;

/**
 * What the first line of a replay is, and what each further line (an RFC 7396 merge patch that always holds `at`) leads to:
 * the frame of `from` + k steps. With `shown`, a moment without a kept frame is a `NotShown`: the patch takes all figures away,
 * and the next one that was kept brings all of them again.
 */
export type ReplayFrame = Frame | NotShown;
export type ReplayPatch = JsonObject & { at: string };

/** `GET /api/v1/replay/marks`: what a time bar must know of a scope. */
export const MarksQuerySchema = Type.Object(
  {
    scope: Type.Optional(ScopeSchema),
    from: Type.Optional(Moment('default: the beginning')),
    to: Type.Optional(Moment('default: now')),
  },
  { additionalProperties: false },
);

export const MarkSchema = Type.Object({
  /** Start of the minute, hour or day in which it happened (`every`). */
  at: Timestamp,
  kind: codes(MARK_KINDS),
  count: Type.Integer({ minimum: 1 }),
});
export type Mark = Static<typeof MarkSchema>;

export const MarksSchema = Type.Object({
  scope: Type.String(),
  from: Timestamp,
  to: Timestamp,
  /** Start of the first day of which anything is known; no replay begins earlier. While nothing is known, today. */
  beginning: Timestamp,
  /** The earliest `from` of a replay by step: finer figures are kept for a while only. */
  steps: Type.Record(Type.String(), Timestamp),
  /** How long a mark is: the finest that is kept for all of the span and gives no more than some hundred marks. */
  every: codes(['minute', 'hour', 'day'] as const),
  /** Ascending by `at`. */
  marks: Type.Array(MarkSchema),
  /** Kept frames of this scope, as they were shown; `since` is left out where there is none. */
  shown: Type.Object({
    windows: Type.Array(codes(SHOWN_WINDOWS)),
    every: codes(['hour', 'day'] as const),
    since: Type.Optional(Timestamp),
  }),
  /** As in a frame: small figures are withheld, so there are no marks. */
  withheld: Type.Optional(Type.Integer()),
});
export type Marks = Static<typeof MarksSchema>;

/** `GET /api/v1/replay/shown`: the frame as it was shown at the hour (of a town: the day) in which `at` lies. */
export const ShownQuerySchema = Type.Object(
  {
    scope: Type.Optional(ScopeSchema),
    window: Type.Optional(codes(SHOWN_WINDOWS)),
    at: Moment('a moment of the past'),
  },
  { additionalProperties: false },
);
/** A kept frame: `at` is the moment at which it was taken. Older ones may lack fields that frames have since. */
export const ShownFrameSchema = Type.Partial(FrameSchema);

/** `GET /api/v1/replay/shown/instants`: which frames have been kept. */
export const InstantsQuerySchema = Type.Object(
  {
    scope: Type.Optional(ScopeSchema),
    from: Type.Optional(Moment('default: 400 days ago')),
    to: Type.Optional(Moment('default: now')),
  },
  { additionalProperties: false },
);
export const InstantsSchema = Type.Object({
  scope: Type.String(),
  windows: Type.Array(codes(SHOWN_WINDOWS)),
  every: codes(['hour', 'day'] as const),
  from: Timestamp,
  to: Timestamp,
  /** Starts of the hours whose frames were kept (of a town: of the hour at which the day's was), ascending. */
  instants: Type.Array(Timestamp),
  /** Spans (`from` ≤ t < `to`) without a frame, since the first that was ever kept here. */
  missing: Type.Array(Type.Object({ from: Timestamp, to: Timestamp })),
});
export type Instants = Static<typeof InstantsSchema>;
