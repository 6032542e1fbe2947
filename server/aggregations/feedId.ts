/** The id of an entry of the change feed: a Redis stream id, `ms-n`, as two numbers. */
export interface FeedId {
  ms: number;
  n: number;
}

/** Parses `ms-n`; throws a `RangeError` on anything else. */
export function parseFeedId(id: string): FeedId {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(id);
  if (!match) throw new RangeError(`not a feed id: ${id}`);
  return { ms: Number(match[1]), n: Number(match[2]) };
}

/** Whether an entry with id `a` comes after the one with id `b`. */
export function isAfter(a: FeedId, b: FeedId): boolean {
  return a.ms > b.ms || (a.ms === b.ms && a.n > b.n);
}
