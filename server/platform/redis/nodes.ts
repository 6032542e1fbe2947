import { Cluster, type Redis } from 'ioredis';
import type { RedisClient } from './connect.ts';

/** The servers that together hold all keys: the masters of a Cluster, or the one there is. */
export function mastersOf(redis: RedisClient): readonly Redis[] {
  return redis instanceof Cluster ? redis.nodes('master') : [redis];
}
