/** How a list longer than its box is shown: page by page. Pure. */

/** After somebody turned a page, it stays for so long, ms. */
export const HOLD_MS = 60_000;

/** How far rows may shrink below their least height if that saves paging. */
const CLOSER = 0.92;

export interface Grid {
  columns: number;
  rows: number;
}

/**
 * Rows and columns of a list in a box: as many columns as are wide enough, but no more than the items fill; as many
 * rows as are high enough. `spread` columns are used where they fit, though fewer would do. Lengths in one unit,
 * whichever.
 */
export function gridOf(
  box: { width: number; height: number },
  count: number,
  least: { width: number; height: number; gap: number },
  spread = 1,
): Grid {
  const fitting = Math.max(1, Math.floor((box.width + least.gap) / (least.width + least.gap) + 1e-6));
  let rows = Math.max(1, Math.floor(box.height / least.height + 1e-6));
  // Rather a little closer than a second page for the last two.
  const closer = Math.floor(box.height / (least.height * CLOSER));
  if (count > rows * fitting && count <= closer * fitting) rows = closer;
  const columns = Math.max(1, Math.min(fitting, count, Math.max(spread, Math.ceil(count / rows))));
  // No more rows than are needed: few items stand wide apart, and several columns are filled evenly.
  return { columns, rows: Math.max(1, Math.min(rows, Math.ceil(count / columns))) };
}

/** Number of pages, at least one. */
export function pagesOf(count: number, grid: Grid): number {
  return Math.max(1, Math.ceil(count / (grid.columns * grid.rows)));
}

/** First and last item (exclusive) of a page. The last page is filled up from the one before, so that no page is nearly bare. */
export function sliceOf(page: number, count: number, grid: Grid): { from: number; to: number } {
  const size = grid.columns * grid.rows;
  const from = Math.max(0, Math.min(page * size, count - size));
  return { from, to: Math.min(count, from + size) };
}
