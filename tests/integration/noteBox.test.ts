import { expect, it } from 'vitest';
import type { Box } from '../../common/box.ts';
import type { RedisClient } from '../../server/platform/redis/connect.ts';
import { noteBox } from '../../server/streams/counting/noteBox.ts';
import { feedKeys } from '../../server/streams/feed/keys.ts';
import { streamKeys } from '../../server/streams/keys.ts';
import { LeaseLost } from '../../server/streams/worker/lease.ts';
import { testRedis } from '../support/testRedis.ts';

/** By which box a region's positions are counted (packEdited.test.ts has it with the whole program). */

let redis: RedisClient;
testRedis((client) => {
  redis = client;
});

const REGION = '330110';
const { lease, meta, alerts, changes } = streamKeys(REGION);
const { checkpoint, buckets, table } = feedKeys(REGION);
const BOX: Box = [119, 30, 121, 31];
const OTHER: Box = [118, 30, 121, 31];
const noted = () => redis.hget(meta, 'box');

async function counted(): Promise<void> {
  await redis.set(lease, 'token');
  await redis.hset(alerts, 'A-1', '[]');
  const id = (await redis.xadd(changes, '*', 'c', 'x', 'p', '0-0'))!;
  await redis.hset(meta, 'change', id);
  await redis.set(checkpoint, `${id} 1`);
  await redis.hset(buckets, 'b', 'x');
  await redis.hset(table, '0', 'x');
}

it('is noted where nothing has been counted, and figures stay', async () => {
  await redis.set(lease, 'token');
  expect(await noteBox(redis, REGION, 'token', BOX)).toBe(false);
  expect(await noted()).toBe(JSON.stringify(BOX));
  expect(await redis.exists(changes)).toBe(0);
});

it.each([
  ['another one', OTHER],
  ['none', undefined],
  ['one that a version before did not note', 'nothing'],
] as const)(
  'after %s all is computed anew, once: there is no checkpoint, and the feed follows on nothing',
  async (_, was) => {
    await redis.set(lease, 'token');
    if (was !== 'nothing') await noteBox(redis, REGION, 'token', was && [...was]);
    await counted();
    expect(await noteBox(redis, REGION, 'token', BOX)).toBe(true);
    expect(await redis.exists(checkpoint, buckets, table)).toBe(0);
    const feed = await redis.xrange(changes, '-', '+');
    expect(feed).toHaveLength(1);
    const [id, fields] = feed[0]!;
    expect(fields[3]).not.toMatch(/^\d+-\d+$/);
    expect(await redis.hget(meta, 'change')).toBe(id);

    await counted();
    expect(await noteBox(redis, REGION, 'token', BOX)).toBe(false);
    expect(await redis.exists(checkpoint, buckets, table)).toBe(3);
  },
);

it('is noted by nobody who has lost the lease', async () => {
  await counted();
  await expect(noteBox(redis, REGION, 'token of before', BOX)).rejects.toThrow(LeaseLost);
  expect(await noted()).toBeNull();
  expect(await redis.exists(checkpoint, buckets, table)).toBe(3);
});
