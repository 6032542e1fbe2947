/** Pages of whole rows. Pure. */
export interface PageSlice {
  page: number;
  pages: number;
  from: number;
  /** Exclusive. */
  to: number;
}

/**
 * A page of `count` rows, `rows` at a time at most; a page that is no longer there becomes the last. All pages are as full as each other,
 * to a row: none ends in a hole.
 */
export function pageSlice(count: number, rows: number, page: number): PageSlice {
  const pages = Math.max(1, Math.ceil(count / Math.max(1, rows)));
  const here = Math.min(Math.max(0, page), pages - 1);
  const start = (n: number) => Math.ceil((count * n) / pages);
  return { page: here, pages, from: start(here), to: start(here + 1) };
}
