import type { RedisClient } from '../platform/redis/connect.ts';
import { entriesOf, type StreamEntry } from './entries.ts';

/**
 * Waits for entries of some streams on a connection of its own, because a blocking read holds it.
 */
export interface StreamReader {
  /**
   * Entries after the ids given, one id for each stream: at once if there are any, else the first that come; none after `blockMs`.
   * @param count at most so many of each stream
   * @returns the entries of each stream, in order
   */
  read(after: readonly string[], count: number, blockMs: number): Promise<StreamEntry[][]>;
  close(): void;
}

/**
 * Closes a reader as soon as a signal says so: a read that waits would hold up a stop by its `blockMs`.
 * @returns closes it in any case, when it is done with
 */
export function closedBy(signal: AbortSignal, reader: StreamReader): () => void {
  const close = () => reader.close();
  signal.addEventListener('abort', close);
  return () => {
    signal.removeEventListener('abort', close);
    close();
  };
}

/**
 * @param redis a connection nobody else uses; it is closed with the reader
 * @param streams their keys, all on one slot
 */
export function createStreamReader(redis: RedisClient, streams: readonly string[]): StreamReader {
  return {
    async read(after, count, blockMs) {
      const answer = await redis.xreadBuffer('COUNT', count, 'BLOCK', blockMs, 'STREAMS', ...streams, ...after);
      const byStream = new Map(answer?.map(([stream, entries]) => [stream.toString(), entries]));
      return streams.map((stream) => entriesOf(byStream.get(stream) ?? []));
    },
    close() {
      redis.disconnect();
    },
  };
}
