/** The id of an entry of the change feed: a Redis stream id, `ms-n`, as two numbers. */
export interface FeedId { ms: number; n: number }

/** Parses `ms-n`; throws a `RangeError` on anything else. */
export function parseFeedId(id: string): FeedId {
  const dash = id.indexOf('-');
  const ms = Number(dash < 0 ? id : id.slice(0, dash));
  const n = dash < 0 ? 0 : Number(id.slice(dash + 1));
  if (!Number.isSafeInteger(ms) || !Number.isSafeInteger(n) || ms < 0 || n < 0) throw new RangeError(`not a feed id: ${id}`);
  return { ms, n };
}

/** Whether an entry with id `a` comes after the one with id `b`. */
export function isAfter(a: FeedId, b: FeedId): boolean {
  return a.ms > b.ms || (a.ms === b.ms && a.n > b.n);
}
