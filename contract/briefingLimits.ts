/** What briefings are made of and how much of it there may be. No schemas, so that a page does not carry TypeBox. */

/** The pages that a deck may have, in the order of a deck that says nothing else. */
export const BRIEFING_PAGES = [
  'cover',
  'situation',
  'map',
  'towns',
  'sources',
  'loop',
  'cases',
  'recovered',
  'accounts',
  'changes',
  'outlook',
  'since',
] as const;
export type BriefingPage = (typeof BRIEFING_PAGES)[number];

/** The lists that are frozen with a briefing: behind each figure the alerts that it counts. */
export const BRIEFING_LISTS = ['raised', 'audited', 'recovered', 'closed', 'open', 'overdue', 'due'] as const;
export type BriefingList = (typeof BRIEFING_LISTS)[number];

/** Briefings kept of one region. */
export const MAX_BRIEFINGS = 200;
export const MAX_TITLE = 80;
/** Decks of people's own: how many one keeps, and how many all of a region do. */
export const MAX_OWN_DECKS = 20;
export const MAX_DECKS_OF_REGION = 200;
export const MAX_DECK_NAME = 40;
/** A day comes behind it. */
export const MAX_DECK_TITLE = 60;
export const OWN_DECK_PATTERN = '^own-[0-9]{6}-[0-9a-f]{12}$';
export const MAX_HEADING = 80;
export const MAX_REMARK = 400;
/** Alerts kept of a list; how many there were is kept besides. */
export const MAX_FROZEN = 500;
export const GRAVEST = 6;
export const OUTLOOK_DAYS = 7;
/** Whole days before the one of the briefing whose figures are kept. */
export const HISTORY_DAYS = 30;
