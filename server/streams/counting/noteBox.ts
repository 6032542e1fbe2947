import type { Box } from '../../../common/box.ts';
import { encodeChange } from '../../aggregations/change.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript } from '../../platform/redis/script.ts';
import { feedKeys } from '../feed/keys.ts';
import { streamKeys } from '../keys.ts';
import { LeaseLost } from '../worker/lease.ts';

const script = loadScript('server/streams/counting/scripts/noteBox.lua');
const NOTHING = encodeChange({ rows: [], increments: { cells: [], heat: [], paid: [] } });

/**
 * Notes the box by which a region's positions are counted from now on. What has been counted by another one cannot be taken
 * back, as no document tells by which: checkpoint and feed go, and all that show figures compute them from the documents.
 * To be called before anything is counted by that box.
 * @returns whether they do
 * @throws LeaseLost
 */
export async function noteBox(
  redis: RedisClient,
  region: string,
  token: string,
  box: Box | undefined,
): Promise<boolean> {
  const { lease, meta, alerts, changes } = streamKeys(region);
  const { checkpoint, buckets, table } = feedKeys(region);
  const keys = [lease, meta, alerts, changes, checkpoint, buckets, table];
  const answer = await runScript(redis, script, keys, [token, JSON.stringify(box ?? null), NOTHING]);
  if (answer === -1) throw new LeaseLost(`lease of counting ${region} is lost`);
  return answer === 1;
}
