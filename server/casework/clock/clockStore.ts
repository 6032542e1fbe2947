import type { RedisClient } from '../../platform/redis/connect.ts';
import { streamKeys } from '../../streams/keys.ts';
import { decodeCase, type Case } from './case.ts';
import { clockKeys } from './keys.ts';

/** Field of the state that holds how far the feed of alerts has been taken in. */
export const ALERTS_OFFSET = 'alerts';
const READ_AT_ONCE = 1_000;

/** Where the clock of a region stands. */
export interface ClockStanding {
  /** Casework is on from then, epoch ms: stages entered before are left alone. */
  since: number;
  /** Last entry taken in of the feed of alerts. */
  alerts: string;
  /** All alerts are known, without a gap since. */
  whole: boolean;
  /** Everything is being built anew from an export: the clock says nothing. */
  rebuilding: boolean;
}

export interface ClockStore {
  /**
   * Where it stands; the first time, casework is switched on: `now` is kept for ever, and alerts that there are already are not looked at,
   * because they entered their stages before.
   */
  standing(now: number): Promise<ClockStanding>;
  /** Of the open cases. */
  cases(): Promise<Case[]>;
}

export function createClockStore(redis: RedisClient, region: string): ClockStore {
  const keys = clockKeys(region);
  const { meta } = streamKeys(region);
  return {
    async standing(now) {
      if ((await redis.hexists(keys.state, 'since')) === 0) {
        const newest = (await redis.hget(meta, 'change')) ?? '0-0';
        await redis
          .multi()
          .hsetnx(keys.state, ALERTS_OFFSET, newest)
          .hsetnx(keys.state, 'whole', 1)
          .hsetnx(keys.state, 'since', now)
          .exec();
      }
      const stored = await redis.hgetall(keys.state);
      return {
        since: Number(stored.since),
        alerts: stored[ALERTS_OFFSET] ?? '0-0',
        whole: stored.whole === '1',
        rebuilding: stored.rebuilding === '1',
      };
    },
    async cases() {
      const cases: Case[] = [];
      let cursor = '0';
      do {
        const [next, flat] = await redis.hscan(keys.cases, cursor, 'COUNT', READ_AT_ONCE);
        cursor = next;
        for (let i = 0; i < flat.length; i += 2) cases.push(decodeCase(flat[i]!, flat[i + 1]!));
      } while (cursor !== '0');
      return cases;
    },
  };
}

/** A region is built anew from an export: from now on its clock says nothing, also when whoever builds it is killed. */
export async function silenceClock(redis: RedisClient, region: string): Promise<void> {
  await redis.hset(clockKeys(region).state, 'rebuilding', 1);
}

/** Everything has been built anew: the next clock reads all alerts from their documents; rungs that are passed stay passed. */
export async function wakeClock(redis: RedisClient, region: string): Promise<void> {
  const { state } = clockKeys(region);
  // Where casework has never been on there is nothing to go on with.
  if ((await redis.hexists(state, 'since')) === 0) await redis.hdel(state, 'rebuilding');
  else await redis.multi().hset(state, 'whole', 0).hdel(state, 'rebuilding').exec();
}
