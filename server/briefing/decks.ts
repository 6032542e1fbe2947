import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import { BRIEFING_PAGES } from '../../contract/briefingLimits.ts';
import { DeckSchema, type Deck, type DeckPage } from '../../contract/briefings.ts';
import { PROJECT_ROOT } from '../platform/paths.ts';
import { quote, schemaFault } from '../platform/schemaFaults.ts';
import { TRUSTED } from '../../common/trustedSchemas.ts';

const FOLDER = join(PROJECT_ROOT, 'assets', 'decks');
const KNOWN: readonly string[] = BRIEFING_PAGES;

/** What is wrong with a deck: where (JSON pointer), and a sentence that goes on from there. */
export interface DeckFault {
  path: string;
  problem: string;
}

/** What no schema says of pages: each is known, and there once; one at least is on. */
export function pageFault(pages: readonly DeckPage[]): DeckFault | undefined {
  for (const [i, { page }] of pages.entries()) {
    const path = `/pages/${i}/page`;
    if (!KNOWN.includes(page))
      return { path, problem: `${quote(page)} is no page of a briefing: there are ${BRIEFING_PAGES.join(', ')}` };
    if (pages.findIndex((other) => other.page === page) < i)
      return { path, problem: `${quote(page)} is there already: a page is in a deck once` };
  }
  return pages.some(({ on }) => on)
    ? undefined
    : { path: '/pages', problem: 'no page is on: a deck shows one at least' };
}

/** @returns the first fault of a deck that somebody wrote; nothing if it has none */
export function deckFault(deck: unknown): DeckFault | undefined {
  const check = new Ajv({ ...TRUSTED, verbose: true }).compile<Deck>(DeckSchema);
  if (check(deck)) return pageFault(deck.pages);
  const { path, problem } = schemaFault((check.errors as ErrorObject[])[0]!, 'a deck');
  return { path, problem };
}

/**
 * The decks that the program ships, by name; `weekly` first.
 * @throws Error that names the file, the path in it, and what is wrong
 */
export function loadDecks(folder = FOLDER): Deck[] {
  const decks = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => {
      const deck: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      const fault = deckFault(deck);
      if (fault) throw new Error(`assets/decks/${name}: ${fault.path} ${fault.problem}`);
      return deck as Deck;
    });
  return decks.sort((a, b) => Number(b.deck === 'weekly') - Number(a.deck === 'weekly') || (a.deck < b.deck ? -1 : 1));
}
