import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript } from '../../platform/redis/script.ts';
import { ACCESS_KEYS as KEYS } from '../store/keys.ts';

const append = loadScript('server/access/trail/scripts/append.lua');

/** What strangers can do again and again, and so is one entry in a while. */
export interface Repeatable {
  /** Digests: the same happens again where an entry of any of them is not over; a new one counts for the last. */
  same: readonly string[];
  whileMs: number;
  /** How many entries of this kind there are in that time at most, and what is entered once for all beyond. */
  most: number;
  beyond: string;
}

export interface StoredEntry {
  id: string;
  entry: string;
  /** How often the same has happened again. */
  repeats: number;
}

/** The trail as a stream: nothing in the program changes or removes an entry but its age. */
export interface TrailStore {
  append(entry: string, keepMs: number, repeatable?: Repeatable): Promise<string>;
  /** Newest first, between two moments (epoch ms, both inclusive), before the entry `before`. */
  read(
    from: number | undefined,
    to: number | undefined,
    before: string | undefined,
    count: number,
  ): Promise<StoredEntry[]>;
}

export function createTrailStore(redis: RedisClient): TrailStore {
  return {
    async append(entry, keepMs, repeatable) {
      const keys = [KEYS.trail, KEYS.trailState, KEYS.records, KEYS.trailRepeats];
      if (!repeatable) return String(await runScript(redis, append, keys, [entry, keepMs]));
      const { same, whileMs, most, beyond } = repeatable;
      const counted = ['count', 'beyond', ...same.map((digest) => `same:${digest}`)];
      return String(
        await runScript(
          redis,
          append,
          [...keys, ...counted.map((name) => KEYS.trailStrangers + name)],
          [entry, keepMs, whileMs, most, beyond],
        ),
      );
    },
    async read(from, to, before, count) {
      const newest = before === undefined ? (to === undefined ? '+' : String(to)) : `(${before}`;
      const oldest = from === undefined ? '-' : String(from);
      const entries = await redis.xrevrange(KEYS.trail, newest, oldest, 'COUNT', count);
      if (!entries.length) return [];
      const repeats = await redis.hmget(KEYS.trailRepeats, ...entries.map(([id]) => id));
      return entries.map(([id, [, entry = '']], i) => ({ id, entry, repeats: Number(repeats[i] ?? 0) }));
    },
  };
}
