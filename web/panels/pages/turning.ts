/** Which of the pages is on show, in step on all screens by the server's clock. Pure. */

/** A page stays so long, ms: long enough to be read twice. */
export const TURN_MS = 30_000;

export const PAGES = ['tiers', 'industries', 'recovered'] as const;
export type PageName = (typeof PAGES)[number];

export function pageOf(now: number): PageName {
  const turn = Math.floor(now / TURN_MS);
  return PAGES[((turn % PAGES.length) + PAGES.length) % PAGES.length]!;
}
