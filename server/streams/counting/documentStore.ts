import type { RedisClient } from '../../platform/redis/connect.ts';
import { streamKeys } from '../keys.ts';

const SCANNED_AT_ONCE = 500;

/** The documents of a region's alerts: everything else can be computed from them again. */
export interface DocumentStore {
  /** The documents of some alerts, null for one that does not exist. */
  read(alertIds: readonly string[]): Promise<(string | null)[]>;
  /** All documents, in no order; each at least once. */
  scan(): AsyncIterable<[alertId: string, document: string][]>;
}

export function createDocumentStore(redis: RedisClient, region: string): DocumentStore {
  const { alerts } = streamKeys(region);
  return {
    async read(alertIds) {
      return alertIds.length ? redis.hmget(alerts, ...alertIds) : [];
    },
    async *scan() {
      let cursor = '0';
      do {
        const [next, flat] = await redis.hscan(alerts, cursor, 'COUNT', SCANNED_AT_ONCE);
        cursor = next;
        const part: [string, string][] = [];
        for (let i = 0; i < flat.length; i += 2) part.push([flat[i]!, flat[i + 1]!]);
        if (part.length) yield part;
      } while (cursor !== '0');
    },
  };
}
