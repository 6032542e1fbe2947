import type { RedisClient } from '../platform/redis/connect.ts';
import { loadScript, runScript } from '../platform/redis/script.ts';
import { streamKeys } from './keys.ts';

const clock = loadScript('server/streams/scripts/clock.lua');

/** How far a region has come. `offset`: last counted entry of the events; `change`: newest entry of the feed. */
export interface Progress {
  offset: string;
  accepted: number;
  counted: number;
  duplicates: number;
  change: string;
}

export interface ProgressStore {
  read(): Promise<Progress>;
  /** Id of the oldest event not yet counted. */
  oldestEvent(): Promise<string | undefined>;
  /** Clock of the Redis that holds this region, epoch ms: the one stream ids are made of. */
  time(): Promise<number>;
}

export function createProgressStore(redis: RedisClient, region: string): ProgressStore {
  const keys = streamKeys(region);
  return {
    async read() {
      const [offset, accepted, counted, duplicates, change] = await redis.hmget(
        keys.meta,
        'offset',
        'accepted',
        'counted',
        'duplicates',
        'change',
      );
      return {
        offset: offset ?? '0-0',
        accepted: Number(accepted ?? 0),
        counted: Number(counted ?? 0),
        duplicates: Number(duplicates ?? 0),
        change: change ?? '0-0',
      };
    },
    async oldestEvent() {
      return (await redis.xrange(keys.events, '-', '+', 'COUNT', 1))[0]?.[0];
    },
    async time() {
      // By way of a key of the region: in a cluster, another node's clock may differ.
      const [seconds, micros] = (await runScript(redis, clock, [keys.meta], [])) as [string, string];
      return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
    },
  };
}
