import { Type, type Static } from 'typebox';
import { DeckPagesSchema, line } from './briefings.ts';
import { MAX_DECK_NAME, MAX_DECK_TITLE, OWN_DECK_PATTERN } from './briefingLimits.ts';
import { CompareSchema } from './compareSchema.ts';
import { object, Timestamp } from './fields.ts';
import { WindowSchema } from './frame.ts';
import { ScopeSchema } from './protocol.ts';

/** Decks that people keep under a name of their own (docs/briefing.md). */

export const OwnDeckIdSchema = Type.String({ pattern: OWN_DECK_PATTERN, description: 'id of a deck of one’s own' });

const written = {
  name: line(MAX_DECK_NAME, 'what its owner calls it; one of theirs alone has it'),
  /** Of briefings that are made by it, where no other is asked for. */
  scope: ScopeSchema,
  window: WindowSchema,
  title: Type.Optional(line(MAX_DECK_TITLE, 'of briefings that are made by it, before the day; default: its name')),
  /** What its pages are compared with from the beginning. */
  compare: Type.Optional(CompareSchema),
  pages: DeckPagesSchema,
  /** Whether all who read briefings of the region see it. */
  shared: Type.Boolean(),
};
export const OwnDeckBodySchema = object(written);
export type OwnDeckBody = Static<typeof OwnDeckBodySchema>;

/** All of it anew, with the `version` that was read. */
export const OwnDeckChangeSchema = object({ ...written, version: Type.Integer({ minimum: 1 }) });
export type OwnDeckChange = Static<typeof OwnDeckChangeSchema>;

export const OwnDeckSchema = Type.Object({
  deck: Type.String(),
  ...written,
  version: Type.Integer(),
  /** Whoever made it: their id, as events name an actor, and their name. */
  owner: Type.String(),
  by: Type.String(),
  changed: Timestamp,
  /** Whether the asker made it. */
  mine: Type.Boolean(),
});
export type OwnDeck = Static<typeof OwnDeckSchema>;

export const OwnDecksSchema = Type.Object({
  /** The asker's own and those that are shared in the region of the scope, by name. */
  items: Type.Array(OwnDeckSchema),
  /** How many one person may keep. */
  most: Type.Integer(),
  /** Whether the asker may share one in that region. */
  mayShare: Type.Boolean(),
});
export type OwnDecks = Static<typeof OwnDecksSchema>;
