import { entriesOf, type StreamEntry } from './regionStore.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';

/**
 * Waits for entries of one stream on a connection of its own, because a blocking read holds it.
 */
export interface StreamReader {
  /** Entries after `id`: at once if there are any, else the first that come; none after `blockMs`. */
  read(after: string, count: number, blockMs: number): Promise<StreamEntry[]>;
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

/** @param redis a connection nobody else uses; it is closed with the reader */
export function createStreamReader(redis: RedisClient, stream: string): StreamReader {
  return {
    async read(after, count, blockMs) {
      const answer = await redis.xread('COUNT', count, 'BLOCK', blockMs, 'STREAMS', stream, after);
      return entriesOf(answer?.[0]?.[1] ?? []);
    },
    close() {
      redis.disconnect();
    },
  };
}
