import type { RedisClient } from '../platform/redis/connect.ts';
import { textOf } from '../platform/text.ts';

/** An entry of one of our streams: its id, the payload of its field `c` and, in the feed, the id of the entry before. */
export interface StreamEntry {
  id: string;
  payload: string;
  previous: string;
}

/** @param answer as Redis sent it: payloads are long */
export function entriesOf(answer: [id: Buffer, fields: Buffer[]][]): StreamEntry[] {
  return answer.map(([id, [, payload, , previous]]) => ({
    id: id.toString(),
    payload: payload ? textOf(payload) : '',
    previous: previous?.toString() ?? '',
  }));
}

/** The oldest entries of a stream after `after`, at most `count`, without waiting for any. */
export async function readEntries(
  redis: RedisClient,
  stream: string,
  after: string,
  count: number,
): Promise<StreamEntry[]> {
  return entriesOf(await redis.xrangeBuffer(stream, `(${after}`, '+', 'COUNT', count));
}
