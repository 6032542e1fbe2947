import type { DeckPage } from '../../../contract/briefings.ts';
import { BRIEFING_PAGES } from '../../../contract/briefingLimits.ts';

/** The pages of a deck as a form has them, and those that this version does not know. Pure. */
export interface PageDraft {
  page: string;
  on: boolean;
  heading: string;
  remark: string;
}

const KNOWN: readonly string[] = BRIEFING_PAGES;
export const isKnown = (page: string): boolean => KNOWN.includes(page);

/** Pages that are on and that this version of the program does not have: a deck may be older, or newer. */
export const gonePages = (pages: readonly DeckPage[]): string[] =>
  pages.filter(({ page, on }) => on && !isKnown(page)).map(({ page }) => page);

/** Those that there are, in their order; then those that came with a later version, off. */
export function draftsOf(pages: readonly DeckPage[]): PageDraft[] {
  const held = pages.filter(({ page }) => isKnown(page));
  const later = BRIEFING_PAGES.filter((page) => !held.some((one) => one.page === page)).map((page) => ({
    page,
    on: false,
  }));
  return [...held, ...later].map((page) => ({ heading: '', remark: '', ...page }));
}

/** As they are kept: texts without blanks around them, none where nothing is written. */
export function pagesOf(drafts: readonly PageDraft[]): DeckPage[] {
  return drafts.map(({ page, on, heading, remark }) => ({
    page,
    on,
    ...(heading.trim() ? { heading: heading.trim() } : {}),
    ...(remark.trim() ? { remark: remark.trim() } : {}),
  }));
}
