import { partsOfDocument } from '../../alerts/document.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { composeScript, runScript } from '../../platform/redis/script.ts';
import { streamKeys } from '../keys.ts';
import { countingKeys } from './keys.ts';

const readDocuments = composeScript([
  'server/streams/counting/scripts/documentParts.lua',
  'server/streams/counting/scripts/readDocuments.lua',
]);

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
  const { parts } = countingKeys(region);
  async function read(alertIds: readonly string[]): Promise<(string | null)[]> {
    if (!alertIds.length) return [];
    return (await runScript(redis, readDocuments, [alerts, parts], [...alertIds])) as (string | null)[];
  }
  return {
    read,
    async *scan() {
      let cursor = '0';
      do {
        const [next, flat] = await redis.hscan(alerts, cursor, 'COUNT', SCANNED_AT_ONCE);
        cursor = next;
        const part: [string, string][] = [];
        for (let i = 0; i < flat.length; i += 2) {
          const [alertId, document] = [flat[i]!, flat[i + 1]!];
          if (partsOfDocument(document) === undefined) part.push([alertId, document]);
          else part.push([alertId, (await read([alertId]))[0]!]);
        }
        if (part.length) yield part;
      } while (cursor !== '0');
    },
  };
}
