import { Type, type Static } from 'typebox';
import { BRIEFING_LISTS, MAX_FROZEN, MAX_HEADING, MAX_REMARK, MAX_TITLE } from './briefingLimits.ts';
import { AccountsSchema, PastSchema, SinceLastSchema } from './briefingChanges.ts';
import { CompareSchema } from './compareSchema.ts';
import { codes, Timestamp } from './fields.ts';
import { AlertBriefSchema, FrameSchema, WindowSchema } from './frame.ts';
import { ScopeSchema } from './protocol.ts';

/** Briefings (docs/briefing.md): decks, what is frozen, and how they are asked for. */

/** One line of text: no control characters, no blanks alone. */
export const line = (maxLength: number, description: string) =>
  Type.String({
    minLength: 1,
    maxLength,
    pattern: '^[^\\u0000-\\u001f\\u007f]*\\S[^\\u0000-\\u001f\\u007f]*$',
    description,
  });

export const DeckPageSchema = Type.Object(
  {
    /** One of `BRIEFING_PAGES`; checked by hand, so that what is not known is named. */
    page: Type.String({ maxLength: 40, description: 'name of the page' }),
    on: Type.Boolean(),
    heading: Type.Optional(line(MAX_HEADING, 'in place of the heading that the page has by itself')),
    remark: Type.Optional(line(MAX_REMARK, 'a line of text beneath the heading')),
  },
  { additionalProperties: false },
);
export type DeckPage = Static<typeof DeckPageSchema>;
export const DeckPagesSchema = Type.Array(DeckPageSchema, { minItems: 1, maxItems: 40 });

/** A file of `assets/decks/`. */
export const DeckSchema = Type.Object(
  {
    deck: Type.String({ pattern: '^[a-z][a-z0-9-]{0,40}$' }),
    name: Type.Object(
      { 'zh-CN': line(MAX_TITLE, 'in Chinese'), en: line(MAX_TITLE, 'in English') },
      { additionalProperties: false },
    ),
    window: WindowSchema,
    pages: DeckPagesSchema,
  },
  { additionalProperties: false },
);
export type Deck = Static<typeof DeckSchema>;

export const BriefingRequestSchema = Type.Object(
  {
    scope: ScopeSchema,
    window: Type.Optional(WindowSchema),
    title: Type.Optional(line(MAX_TITLE, 'default: the name of the deck and the day')),
    deck: Type.Optional(Type.String({ maxLength: 60, description: 'default: weekly' })),
    /** A moment of the past, in today's facts; now without it. */
    at: Type.Optional(Timestamp),
    /** Of the title, where none is given. */
    lang: Type.Optional(codes(['zh-CN', 'en'] as const)),
  },
  { additionalProperties: false },
);
export const BriefingChangeSchema = Type.Object(
  {
    title: Type.Optional(line(MAX_TITLE, 'title')),
    pages: Type.Optional(DeckPagesSchema),
    /** `null`: with nothing any more. */
    compare: Type.Optional(Type.Union([CompareSchema, Type.Null()])),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type BriefingChange = Static<typeof BriefingChangeSchema>;

const Count = Type.Integer();
/** The figures of one whole day. */
export const HistoryDaySchema = Type.Object({
  day: Type.String({ description: '2026-11-28, region’s zone' }),
  raised: Count,
  effective: Count,
  falseAlarm: Count,
  recoveredFen: Count,
  closed: Count,
  closeMs: Count,
  /** At the end of the day. */
  open: Count,
});
export type HistoryDay = Static<typeof HistoryDaySchema>;

export const OutlookDaySchema = Type.Object({
  day: Type.String(),
  /** Alerts whose running term ends on that day (an end at 24:00 included), by tier; today from the moment on. */
  tiers: Type.Record(Type.String(), Count),
});
export type OutlookDay = Static<typeof OutlookDaySchema>;

/** The situation of a scope with all that the pages show of it, of one moment. */
export const BriefingContentSchema = Type.Object({
  at: Timestamp,
  scope: Type.String(),
  window: WindowSchema,
  frame: FrameSchema,
  /** Open alerts when the window began, in today’s facts; left out in the window `all`. */
  before: Type.Optional(Type.Object({ at: Timestamp, open: Count, byTown: Type.Record(Type.String(), Count) })),
  /** The last whole days, oldest first. */
  history: Type.Array(HistoryDaySchema),
  /** Up to six open alerts: by tier, then by what is late first, then by amount. */
  cases: Type.Array(AlertBriefSchema),
  /** The seven days that begin with that of the briefing. */
  outlook: Type.Array(OutlookDaySchema),
  /** How many alerts each list has. */
  totals: Type.Record(Type.String(), Count),
  /** Only of a moment of the past: there are no cases and no outlook, and no lists of who was open, late or due. */
  past: Type.Optional(PastSchema),
  accounts: Type.Optional(AccountsSchema),
  /** Left out where no briefing of the same scope was frozen before. */
  last: Type.Optional(SinceLastSchema),
});
export type BriefingContent = Static<typeof BriefingContentSchema>;

const record = {
  id: Type.String(),
  scope: Type.String(),
  window: WindowSchema,
  deck: Type.String(),
  title: Type.String(),
  at: Timestamp,
  madeBy: Type.String({ description: 'name of who froze it' }),
  maker: Type.String({ description: 'id of who froze it, as events name an actor' }),
  /** SHA-256 of the file of what is frozen, and its size. */
  digest: Type.String(),
  bytes: Count,
  pages: Type.Array(DeckPageSchema),
  /** What its pages are compared with from the beginning. */
  compare: Type.Optional(Type.String()),
};
export const BriefingSchema = Type.Object(record);
export type Briefing = Static<typeof BriefingSchema>;

export const BriefingsSchema = Type.Object({
  /** Newest first. */
  items: Type.Array(BriefingSchema),
  /** How many are kept of a region at most. */
  most: Count,
  decks: Type.Array(DeckSchema),
});
export type Briefings = Static<typeof BriefingsSchema>;

export const BriefingAnswerSchema = Type.Object({ ...record, content: BriefingContentSchema });
export type BriefingAnswer = Static<typeof BriefingAnswerSchema>;

export const LiveBriefingSchema = Type.Object({
  deck: DeckSchema,
  content: BriefingContentSchema,
  compare: Type.Optional(Type.String()),
  /** The deck of somebody's own that was asked for is not there any more, or not for the asker: the weekly one stands in for it. */
  gone: Type.Optional(Type.Literal(true)),
});
export type LiveBriefing = Static<typeof LiveBriefingSchema>;

export const BriefingListQuerySchema = Type.Object({ list: codes(BRIEFING_LISTS) }, { additionalProperties: false });
export const BriefingListSchema = Type.Object({
  at: Timestamp,
  list: codes(BRIEFING_LISTS),
  total: Count,
  /** The first 500. */
  items: Type.Array(AlertBriefSchema, { maxItems: MAX_FROZEN }),
});
export type BriefingListAnswer = Static<typeof BriefingListSchema>;
