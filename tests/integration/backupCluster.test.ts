import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { accessBackup } from '../../server/access/accessBackup.ts';
import { backUp } from '../../server/platform/backup/backup.ts';
import { restore } from '../../server/platform/backup/restore.ts';
import { createRedis } from '../../server/platform/redis/connect.ts';
import { mastersOf } from '../../server/platform/redis/nodes.ts';
import { parseRedisUrl } from '../../server/platform/redis/target.ts';
import { regionBackup } from '../../server/streams/regionBackup.ts';
import { startCluster } from '../faults/support/redisGroups.ts';
import { listeningLog } from '../support/listeningLog.ts';

const REGIONS = ['330110', '330102', '330106'];

it('a backup holds the keys of all nodes of a cluster, and goes back into one', async () => {
  const group = await startCluster();
  const target = parseRedisUrl(group.url);
  if (!target.ok) throw new Error(target.fault);
  const redis = createRedis(target.target, { role: 'commands', log: listeningLog().log });
  const dir = mkdtempSync(join(tmpdir(), 'wagewatch-cluster-'));
  try {
    await redis.hset('{access}:records', 'person:x', '{}');
    for (const region of REGIONS) {
      await redis.hset(`{${region}}:meta`, 'accepted', '20');
      for (let i = 0; i < 20; i++) await redis.xadd(`{${region}}:events`, '*', 'c', `chunk ${i}`);
      for (let i = 0; i < 250; i++) await redis.hset(`{${region}}:seen:${i}`, 'digest', '');
    }
    const state = () =>
      Promise.all(
        REGIONS.map(async (region) => [
          await redis.hgetall(`{${region}}:meta`),
          await redis.xrange(`{${region}}:events`, '-', '+'),
          await redis.hgetall(`{${region}}:seen:249`),
        ]),
      );
    const before = await state();
    const to = join(dir, 'all.tar.gz');
    const keys = [regionBackup, accessBackup];
    const places = { dataDir: join(dir, 'data'), filesDir: join(dir, 'files') };
    const { redis: copied } = await backUp({
      ...places,
      to,
      redis,
      keys,
      secretFiles: [],
      settings: {},
      program: 'test',
      now: Date.now(),
    });
    // Those made here, the lease that the backup held, and the counter of its token.
    expect(copied['330106']).toEqual({ keys: 254, ending: 1 });
    for (const node of mastersOf(redis)) await node.flushall();
    await restore({ ...places, from: to, openRedis: () => Promise.resolve({ redis, close: () => Promise.resolve() }) });
    expect(await state()).toEqual(before);
    expect(await redis.hgetall('{access}:records')).toEqual({ 'person:x': '{}' });
  } finally {
    redis.disconnect();
    await group.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}, 60_000);
