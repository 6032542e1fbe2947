import { Type, type Static } from 'typebox';
import { MAX_CLUE_PHOTOS } from './attachmentLimits.ts';
import { FileDigest } from './attachments.ts';
import { INDUSTRIES, STAGES, TIERS } from './codes.ts';
import {
  closed,
  codes,
  Fen,
  MAX_STRING,
  object,
  PositionSchema,
  RegionCode,
  Text,
  TownCode,
  Workers,
} from './fields.ts';

/** What somebody reports who was there (docs/casework.md §6): the body of `POST /api/v1/clues`, and what became of it. */

/** The indicator that a reported clue is observed under (signals §8). */
export const CLUE_INDICATOR = 'grid.report';

const Said = Type.String({ minLength: 1, maxLength: MAX_STRING, pattern: '\\S' });

export const ClueSchema = Type.Object(
  {
    /** As in the register, or as it stands on the door. */
    enterprise: object({ name: Said, uscc: Type.Optional(Text) }),
    town: TownCode,
    /** An alert of an employer who is in no register needs one. */
    industry: Type.Optional(codes(INDUSTRIES)),
    /** Within the region; by a browser `WGS84`. */
    location: Type.Optional(PositionSchema),
    /** What was seen. */
    text: Said,
    workers: Type.Optional(Workers),
    amountFen: Type.Optional(Fen),
    /** Pictures that whoever reports it has uploaded for it. */
    photos: Type.Optional(Type.Array(FileDigest, { maxItems: MAX_CLUE_PHOTOS, uniqueItems: true })),
  },
  closed,
);
export type Clue = Static<typeof ClueSchema>;

/** What is told of an alert to whoever reported a clue about its employer: only where it is theirs to see. */
export const ClueAlertSchema = Type.Object({
  region: RegionCode,
  alertId: Type.String(),
  tier: codes(TIERS),
  stage: codes(STAGES),
  /** Raised since the clue came in; otherwise it was open before. */
  fresh: Type.Boolean(),
});
export const ClueAnswerSchema = Type.Object({
  region: RegionCode,
  town: TownCode,
  /** Id of the observation that it has become, of the source `urn:wagewatch:desk`. */
  event: Type.String(),
  /** `assessed`: the rules have looked at it; `kept`: they will. */
  state: codes(['assessed', 'kept'] as const),
  alert: Type.Optional(ClueAlertSchema),
});
export type ClueAnswer = Static<typeof ClueAnswerSchema>;
