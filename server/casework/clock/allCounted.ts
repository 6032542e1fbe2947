import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { streamKeys } from '../../streams/keys.ts';
import { compareStreamIds } from '../../streams/streamIds.ts';

const LOOK_MS = 50;

/**
 * Resolves when all events that had been accepted by now have been counted: what is said afterwards is said of alerts as they stood
 * now. Rejects when `signal` aborts.
 */
export async function allCounted(redis: RedisClient, region: string, signal: AbortSignal): Promise<void> {
  const { events, meta } = streamKeys(region);
  const newest = (await redis.xrevrange(events, '+', '-', 'COUNT', 1))[0]?.[0];
  // What has been counted is there no more.
  if (newest === undefined) return;
  while (compareStreamIds((await redis.hget(meta, 'offset')) ?? '0-0', newest) < 0)
    await sleep(LOOK_MS, undefined, { signal });
}
