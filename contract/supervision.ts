import { Type, type Static } from 'typebox';
import { ExpectSchema } from './expect.ts';
import { PLATFORMS, STAGES, SUPERVISION_LEVELS, TIERS } from './codes.ts';
import { codes, EnterpriseSchema, MAX_STRING, object, RegionCode, Text, Timestamp, TownCode } from './fields.ts';
import { RUNG_DEEDS } from './region.ts';

/** What the clock tells people, and the supervisions that it prepares for leaders (docs/casework.md §3). */

/** What people do with a case that others must know of: an audit sends it back, it is sent to another unit or opened again, and so on. */
export const NEWS_KINDS = ['returned', 'sent', 'assigned', 'extended', 'answered', 'noted'] as const;
export type NewsKind = (typeof NEWS_KINDS)[number];
/**
 * What an entry of the inbox is: of a rung what it does, a letter that somebody has written (urged, supervised), a red alert that was
 * dispatched, or news of a case.
 */
export const INBOX_KINDS = [...RUNG_DEEDS, 'supervision', 'red', ...NEWS_KINDS] as const;
export type InboxKind = (typeof INBOX_KINDS)[number];
export const InboxEntrySchema = Type.Object({
  /** Names the entry, and what comes after it. */
  id: Type.String(),
  kind: codes(INBOX_KINDS),
  at: Timestamp,
  alertId: Type.String(),
  tier: codes(TIERS),
  town: TownCode,
  stage: codes(STAGES),
  /** When the term of the stage ends. */
  dueAt: Type.Optional(Timestamp),
  /** Code of the unit that must act; left out where officers must. */
  unit: Type.Optional(Type.String()),
  /** Id of the person of the unit who works on it. */
  person: Type.Optional(Type.String()),
  /** Of the ladder; left out where somebody has urged. */
  rung: Type.Optional(Type.String()),
  level: Type.Optional(codes(SUPERVISION_LEVELS)),
  /** Of the supervision, where the clock had prepared it. */
  supervision: Type.Optional(Type.String()),
  /** Of news: the event that they tell of. */
  event: Type.Optional(Type.Object({ source: Type.String(), id: Type.String() })),
  /** Of news `assigned`: who worked on it before; told that person alone, `person` being who does so now. */
  formerly: Type.Optional(Type.String()),
  /** The employer of the case, by the name that it has now: it is told whoever may read the case. Not kept in the inbox. */
  enterprise: Type.Optional(Type.Object({ name: Type.String() })),
  /** Of news: what was written with it, such as what an audit found missing. Not kept in the inbox. */
  text: Type.Optional(Type.String()),
});
export type InboxEntry = Static<typeof InboxEntrySchema>;
/** Entries that a region keeps: far more than are read before they are old. */
export const INBOX_ENTRIES = 5_000;
export const MAX_INBOX_PAGE = 200;
export const InboxSchema = Type.Object(
  {
    /** Oldest first. */
    items: Type.Array(InboxEntrySchema),
    /** What to ask after next; that of the last entry looked at, though others were to see it. */
    after: Type.String(),
    /** Whether there may be more already. */
    more: Type.Boolean(),
  },
  { title: 'Inbox' },
);
export type Inbox = Static<typeof InboxSchema>;

export const SUPERVISION_STATES = ['draft', 'issued', 'dropped'] as const;
export type SupervisionState = (typeof SUPERVISION_STATES)[number];
export const SupervisionSchema = Type.Object(
  {
    id: Type.String(),
    region: RegionCode,
    state: codes(SUPERVISION_STATES),
    level: codes(SUPERVISION_LEVELS),
    /** When the clock prepared it. */
    at: Timestamp,
    rung: Type.String(),
    alertId: Type.String(),
    /** The facts as they stood then. */
    facts: Type.Object({
      tier: codes(TIERS),
      town: TownCode,
      enterprise: EnterpriseSchema,
      workers: Type.Integer(),
      amountFen: Type.Integer(),
      raisedAt: Timestamp,
      stage: codes(STAGES),
      stageAt: Timestamp,
      dueAt: Timestamp,
      platform: Type.Optional(codes(PLATFORMS)),
      unit: Type.Optional(Type.String()),
      person: Type.Optional(Type.String()),
    }),
    /** What the letter says: prepared by the clock; of one that was issued, as the leader left it. */
    text: Type.Object({ 'zh-CN': Type.String(), en: Type.String() }),
    /** The alert is in that stage no more. */
    movedOn: Type.Optional(Type.Literal(true)),
    /** Of a draft: the alert as it stands now, to be sent back by whoever issues it. */
    expect: Type.Optional(ExpectSchema),
    /** Of what a leader decided. */
    decidedAt: Type.Optional(Timestamp),
    by: Type.Optional(Type.String()),
    reason: Type.Optional(Type.String()),
    /** Of the letter: 督〔2026〕7号. */
    number: Type.Optional(Type.String()),
    /** By when it is to be answered. */
    answerBy: Type.Optional(Timestamp),
    /** As it was issued. */
    issued: Type.Optional(Type.String()),
  },
  { title: 'Supervision' },
);
export type Supervision = Static<typeof SupervisionSchema>;
export const SupervisionsSchema = Type.Object(
  { total: Type.Integer(), items: Type.Array(SupervisionSchema) },
  { title: 'Supervisions' },
);
export type Supervisions = Static<typeof SupervisionsSchema>;

/** What a leader decides about a draft. */
export const DecisionSchema = object({
  do: codes(['issue', 'drop'] as const),
  /** In place of the draft's. */
  level: Type.Optional(codes(SUPERVISION_LEVELS)),
  text: Type.Optional(Type.String({ minLength: 1, maxLength: MAX_STRING, pattern: '\\S' })),
  dueAt: Type.Optional(Timestamp),
  /** Why it is dropped, or changed. */
  reason: Type.Optional(Text),
  /** Required to issue it: the alert as the leader has seen it. */
  expect: Type.Optional(ExpectSchema),
});
export type Decision = Static<typeof DecisionSchema>;
