import type { RedisClient } from '../platform/redis/connect.ts';
import { countingKeys } from './counting/keys.ts';
import { feedKeys } from './feed/keys.ts';
import { streamKeys } from './keys.ts';

const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Removes all that is kept of a region's events, but not its leases. */
export async function wipeRegion(redis: RedisClient, region: string): Promise<void> {
  const { events, changes, alerts, meta, full } = streamKeys(region);
  const { buckets, table, checkpoint } = feedKeys(region);
  const { seen, parts } = countingKeys(region);
  await redis.unlink(events, changes, alerts, parts, meta, full, buckets, table, checkpoint);
  // Buckets of digests are named by three characters of base64url: asking for each is bounded, a SCAN of all regions is not.
  for (const first of BASE64URL) {
    await redis.unlink(
      ...[...BASE64URL].flatMap((second) => [...BASE64URL].map((third) => seen + first + second + third)),
    );
  }
}
