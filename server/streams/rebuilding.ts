import type { RedisClient } from '../platform/redis/connect.ts';
import { streamKeys } from './keys.ts';

/**
 * The region is built anew from what was exported, and any process may count it: until `endHistory`, nothing is dispatched
 * by itself and nothing is put into an outbox. It outlasts a rebuild that was broken off, as then not all is there.
 */
export async function beginHistory(redis: RedisClient, region: string): Promise<void> {
  await redis.hset(streamKeys(region).meta, 'rebuilding', 1);
}

/** All that was exported has been counted. */
export async function endHistory(redis: RedisClient, region: string): Promise<void> {
  await redis.hdel(streamKeys(region).meta, 'rebuilding');
}

/** Whether only a part of the region is there: a rebuild is under way, or was broken off. */
export async function isHistory(redis: RedisClient, region: string): Promise<boolean> {
  return (await redis.hexists(streamKeys(region).meta, 'rebuilding')) === 1;
}

export const UNFINISHED_REBUILD =
  'only part of it is there: "npm run rebuild" is under way, or was broken off; run it again';
