import type { Deck } from '../../contract/briefings.ts';
import { OWN_DECK_PATTERN } from '../../contract/briefingLimits.ts';
import { HttpProblem } from '../platform/http/problem.ts';
import { actorIdOf, coversRegion, viewOf, type Principal } from '../platform/http/principal.ts';
import { regionOfDeck, type KeptDeck, type OwnDeckStore } from './ownDeckStore.ts';

const OWN = new RegExp(OWN_DECK_PATTERN);

/** A deck that somebody asks for by name or id, and what comes with one of a person's own. */
export interface ChosenDeck {
  deck: Deck;
  own?: KeptDeck;
}

/**
 * Whether somebody sees a deck that a person keeps: its owner, and, where it is shared, all who read briefings in its region. A display
 * shows any of its region that an admin gives it, as pages alone.
 */
export function seenBy(deck: KeptDeck, principal: Principal): boolean {
  if (!coversRegion(principal, regionOfDeck(deck.deck))) return false;
  return deck.owner === actorIdOf(principal) || deck.shared || viewOf(principal) === 'masked';
}

/**
 * The deck that is asked for: one that is shipped, by its name, or one that somebody keeps, by its id.
 * @param presented whether somebody presents it just now: who follows sees it, whosever it is
 * @returns undefined for one of somebody's own that is not there (any more), or not for the asker
 * @throws HttpProblem 400 for a name of none
 */
export async function chosenDeck(
  { decks, ownDecks }: { decks: readonly Deck[]; ownDecks: OwnDeckStore },
  name: string,
  principal: Principal,
  presented: () => Promise<boolean> = async () => false,
): Promise<ChosenDeck | undefined> {
  if (OWN.test(name)) {
    const own = await ownDecks.find(name);
    if (!own || !(seenBy(own, principal) || (coversRegion(principal, regionOfDeck(name)) && (await presented()))))
      return undefined;
    const { deck, name: called, title = called, window, pages } = own;
    return { deck: { deck, name: { 'zh-CN': title, en: title }, window, pages }, own };
  }
  const deck = decks.find((one) => one.deck === name);
  if (!deck)
    throw new HttpProblem(
      400,
      'Unknown deck',
      `${JSON.stringify(name)} is no deck: there are ${decks.map((one) => one.deck).join(', ')}, and those that people keep, by their ids`,
      'deck',
    );
  return { deck };
}
