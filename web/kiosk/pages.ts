/** Pages of whole rows. Pure. */
export interface PageSlice {
  page: number;
  pages: number;
  from: number;
  /** Exclusive. */
  to: number;
}

/** A page of `count` rows, `rows` at a time; a page that is no longer there becomes the last. */
export function pageSlice(count: number, rows: number, page: number): PageSlice {
  const size = Math.max(1, rows);
  const pages = Math.max(1, Math.ceil(count / size));
  const here = Math.min(Math.max(0, page), pages - 1);
  return { page: here, pages, from: here * size, to: Math.min(count, (here + 1) * size) };
}
