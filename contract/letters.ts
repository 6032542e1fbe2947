import { Type, type Static } from 'typebox';
import { STAGES, SUPERVISION_LEVELS, TIERS } from './codes.ts';
import { codes, EnterpriseSchema, Fen, ProjectSchema, RegionCode, Timestamp, TownCode, Workers } from './fields.ts';
import { AlertBriefSchema } from './frame.ts';
import { LETTER_KINDS, LETTER_STATES, type LetterState } from './oversightNames.ts';

/** What was urged and supervised, with its answers (docs/casework.md §7): every `wage.case.urged` and `wage.case.supervised` is a letter. */

export { LETTER_KINDS, LETTER_STATES, type LetterKind, type LetterState } from './oversightNames.ts';
export const MAX_LETTERS_PAGE = 200;

const letter = {
  region: RegionCode,
  alertId: Type.String(),
  /** The event that it is. */
  event: Type.String(),
  source: Type.String(),
  kind: codes(LETTER_KINDS),
  state: codes(LETTER_STATES),
  at: Timestamp,
  level: Type.Optional(codes(SUPERVISION_LEVELS)),
  /** 督〔2026〕7号. */
  number: Type.Optional(Type.String()),
  text: Type.Optional(Type.String()),
  /** Of the ladder, where the clock has urged. */
  rung: Type.Optional(Type.String()),
  /** Id of who has issued it. */
  actor: Type.Optional(Type.String()),
  /** To whom: what the alert stood dispatched to then. Left out where officers had to act. */
  unit: Type.Optional(Type.String()),
  /** By when it is to be answered. */
  answerBy: Type.Optional(Timestamp),
  answer: Type.Optional(
    Type.Object({ at: Timestamp, text: Type.String(), actor: Type.Optional(Type.String({ description: 'id' })) }),
  ),
};
const people = Type.Record(Type.String(), Type.String(), { description: 'names of the people in it, by id' });

export const LetterSchema = Type.Object({ ...letter, alert: AlertBriefSchema });
export type Letter = Static<typeof LetterSchema>;
export const LettersSchema = Type.Object(
  {
    total: Type.Integer(),
    /** How many are in each state, whatever `state` asks for; those that have none are left out. */
    counts: Type.Unsafe<Partial<Record<LetterState, number>>>(Type.Record(Type.String(), Type.Integer())),
    items: Type.Array(LetterSchema),
    people,
  },
  { title: 'Letters' },
);
export type Letters = Static<typeof LettersSchema>;

/** A letter as it is printed: with the facts as they stood when it was issued. */
export const PrintedLetterSchema = Type.Object({
  ...letter,
  facts: Type.Object({
    tier: codes(TIERS),
    town: TownCode,
    enterprise: EnterpriseSchema,
    project: Type.Optional(ProjectSchema),
    workers: Workers,
    amountFen: Fen,
    raisedAt: Timestamp,
    stage: codes(STAGES),
    stageAt: Timestamp,
    /** The term of the stage as it ran then. */
    dueAt: Type.Optional(Timestamp),
  }),
  /** The text in English, where the clock has prepared it and it was issued unchanged. */
  english: Type.Optional(Type.String()),
});
export type PrintedLetter = Static<typeof PrintedLetterSchema>;
export const AlertLettersSchema = Type.Object(
  { items: Type.Array(PrintedLetterSchema), people },
  { title: 'AlertLetters' },
);
export type AlertLetters = Static<typeof AlertLettersSchema>;
