import { createHash } from 'node:crypto';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript } from '../../platform/redis/script.ts';
import { ACCESS_KEYS as KEYS } from '../store/keys.ts';

const append = loadScript('server/access/store/scripts/trail.lua');

/** The trail as a stream: nothing in the program changes or removes an entry but its age. */
export interface TrailStore {
  append(entry: string, keepMs: number): Promise<string>;
  /** Newest first, between two moments (epoch ms, both inclusive), before the entry `before`. */
  read(
    from: number | undefined,
    to: number | undefined,
    before: string | undefined,
    count: number,
  ): Promise<[id: string, entry: string][]>;
  /** The first entry whose digest does not follow from the one before, if any. */
  broken(): Promise<{ entries: number; at: string | undefined }>;
}

export function createTrailStore(redis: RedisClient): TrailStore {
  return {
    append: async (entry, keepMs) =>
      String(await runScript(redis, append, [KEYS.trail, KEYS.trailHead], [entry, keepMs])),
    async read(from, to, before, count) {
      const newest = before === undefined ? (to === undefined ? '+' : String(to)) : `(${before}`;
      const entries = await redis.xrevrange(
        KEYS.trail,
        newest,
        from === undefined ? '-' : String(from),
        'COUNT',
        count,
      );
      return entries.map(([id, [, entry = '']]) => [id, entry]);
    },
    async broken() {
      let digest: string | undefined;
      let entries = 0;
      for (let after = '-'; ;) {
        const part = await redis.xrange(KEYS.trail, after, '+', 'COUNT', 1000);
        for (const [id, [, entry = '', , told = '']] of part) {
          // What came before the oldest that is kept is gone, so that one is taken as it is.
          if (
            digest !== undefined &&
            createHash('sha1')
              .update(digest + entry)
              .digest('hex') !== told
          )
            return { entries, at: id };
          digest = told;
          entries++;
          after = `(${id}`;
        }
        if (part.length < 1000) break;
      }
      const head = await redis.get(KEYS.trailHead);
      return { entries, at: digest !== undefined && head !== digest ? 'the end' : undefined };
    },
  };
}
