import { DAY_MS } from '../../common/regionTime.ts';
import type { RegionRow } from '../alerts/row.ts';
import type { AlertLists } from './alertLists.ts';
import { MAX_LIMIT, type AlertQuery } from './query.ts';

/** The first rows of a list, and how many there are. */
export interface FirstRows {
  total: number;
  rows: RegionRow[];
}

/** The first rows that a query selects, page by page. @param most how many at most */
export function firstRows(lists: AlertLists, query: AlertQuery, now: number, most: number): FirstRows {
  const rows: RegionRow[] = [];
  let total = 0;
  let cursor: string | undefined;
  do {
    const limit = Math.min(MAX_LIMIT, most - rows.length);
    const page = lists.query({ ...query, limit, ...(cursor === undefined ? {} : { cursor, skip: 0 }) }, now);
    total = page.total;
    rows.push(...page.rows);
    cursor = page.cursor;
  } while (cursor !== undefined && rows.length < most);
  return { total, rows };
}

/**
 * Which alerts stood open at a moment, in today's facts, as `open` of a frame of the past counts them, the latest raised first:
 * what is still open of what was raised before it, and what was closed only after it.
 * @param at epoch ms; what happened then is after it
 */
export function openAt(lists: AlertLists, scope: string, at: number, now: number, most: number): FirstRows {
  const still = firstRows(lists, { scope, open: true, to: at, sort: '-raised' }, now, most);
  // The clock of whoever closed it may be ahead by a little.
  const since: AlertQuery = { scope, measure: 'closed', from: at, to: now + DAY_MS, sort: '-raised' };
  // Of a year ago nearly all have been closed since: those that were raised after it stand first, and are passed over.
  const skip = countRaisedFrom(lists, since, at, now);
  const then = firstRows(lists, { ...since, skip }, now, most);
  const rows = [...still.rows, ...then.rows].sort(
    (a, b) => b.raisedAt - a.raisedAt || (a.alertId < b.alertId ? -1 : 1),
  );
  return { total: still.total + then.total - skip, rows: rows.slice(0, most) };
}

/** How many of what a query selects, the latest raised first, were raised at a moment or later: found by halving. */
function countRaisedFrom(lists: AlertLists, query: AlertQuery, at: number, now: number): number {
  let low = 0;
  let high = lists.query({ ...query, limit: 1 }, now).total;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const [row] = lists.query({ ...query, skip: middle, limit: 1 }, now).rows;
    if (row!.raisedAt >= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
