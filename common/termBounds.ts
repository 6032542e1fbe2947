import { midnight } from './regionTime.ts';

/** Times in `data` (terms) lie in the years 2000 to 2100 of the region's zone (contract §1); both bounds are allowed. */
export const MIN_TERM_MS = midnight(2000, 1, 1);
export const MAX_TERM_MS = midnight(2101, 1, 1) - 1;

/** The nearest moment that a term may be: what was stored before terms were bounded counts as that. */
export function boundedTerm(ms: number): number {
  return Math.min(Math.max(ms, MIN_TERM_MS), MAX_TERM_MS);
}

/** In place of the end of a term where none runs: after all that are. Never shown to anybody. */
export const NO_TERM = MAX_TERM_MS + 1;
