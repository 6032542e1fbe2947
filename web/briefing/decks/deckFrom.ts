import type { DeckPage } from '../../../contract/briefings.ts';
import type { WindowName } from '../../../contract/codes.ts';
import type { OwnDeck } from '../../../contract/ownDecks.ts';

/** What a deck of one's own begins with when its form is opened. */
export interface DeckFrom {
  /** The one that is changed; left out: a new one is made. */
  own?: OwnDeck;
  name?: string;
  scope: string;
  window: WindowName;
  title?: string | undefined;
  compare?: string | undefined;
  pages: readonly DeckPage[];
}
