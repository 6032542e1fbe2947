import type { RedisClient } from '../platform/redis/connect.ts';

/** An entry of one of our streams: its id, the payload of its field `c` and, in the feed, the id of the entry before. */
export interface StreamEntry {
  id: string;
  payload: string;
  previous: string;
}

export function entriesOf(answer: [id: string, fields: string[]][]): StreamEntry[] {
  return answer.map(([id, fields]) => ({ id, payload: fields[1] ?? '', previous: fields[3] ?? '' }));
}

/** The oldest entries of a stream after `after`, at most `count`, without waiting for any. */
export async function readEntries(
  redis: RedisClient,
  stream: string,
  after: string,
  count: number,
): Promise<StreamEntry[]> {
  return entriesOf(await redis.xrange(stream, `(${after}`, '+', 'COUNT', count));
}
