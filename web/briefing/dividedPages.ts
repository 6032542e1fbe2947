import { BRIEFING_PAGES } from '../../contract/briefingLimits.ts';
import type { BriefingContent, DeckPage } from '../../contract/briefings.ts';

/** Which pages are shown of a situation. Pure. */

/** Pages that say nothing of some situations, each with what tells so. Cases of a moment of the past, say, are not known. */
const EMPTY: Record<string, (content: BriefingContent) => boolean> = {
  cases: ({ past }) => past !== undefined,
  outlook: ({ past }) => past !== undefined,
  accounts: ({ accounts }) => accounts === undefined,
  changes: ({ last }) => last === undefined,
};

export interface DividedPages {
  shown: DeckPage[];
  /** On, but with nothing to show: a leader is not shown a page that says so. They are named in the overview. */
  empty: DeckPage[];
}

/** @param content undefined as long as it has not been read: then nobody knows */
export function dividedPages(pages: readonly DeckPage[], content: BriefingContent | undefined): DividedPages {
  const turnedOn = pages.filter(({ on, page }) => on && (BRIEFING_PAGES as readonly string[]).includes(page));
  const isEmpty = ({ page }: DeckPage) => content !== undefined && EMPTY[page]?.(content) === true;
  const shown = turnedOn.filter((one) => !isEmpty(one));
  // Nothing but such pages: then they say why.
  return shown.length === 0 ? { shown: turnedOn, empty: [] } : { shown, empty: turnedOn.filter(isEmpty) };
}
