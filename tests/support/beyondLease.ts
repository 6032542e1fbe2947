import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClient } from '../../server/platform/redis/connect.ts';

/**
 * Waits until a lease whose holder was stopped has run out, and another worker has had the time to take it. How long that is depends on
 * the holder: who lost it once holds it for longer.
 */
export async function beyondLease(redis: RedisClient, lease: string): Promise<void> {
  await sleep(Math.max(0, await redis.pttl(lease)) + 150);
}
