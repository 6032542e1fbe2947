import { rmSync } from 'node:fs';
import { Redis } from 'ioredis';
import { crc32 } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../contract/frame.ts';
import { CODEC_VERSION } from '../../server/aggregations/bucketCodec.ts';
import { freePort } from '../../testing/freePort.ts';
import { startRaw, type RawRedis } from '../../testing/rawRedis.ts';
import { freshDataDir, get, post, startServer, until, type RunningServer } from '../support/server.ts';
import { makeWorkload } from '../support/workload.ts';

/** A checkpoint may be lost or damaged: the documents are the truth, and the start goes on without it. */

let raw: RawRedis;
let redis: Redis;
let server: RunningServer | undefined;
afterAll(async () => {
  await server?.stop();
  redis.disconnect();
  await raw.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const frame = (url: string) => get<Frame>(url, '/api/v1/snapshot?window=all');
const figures = async (url: string): Promise<object> => ({ ...(await frame(url)), at: '', seq: 0 });

/** Events before the first harm, and between two of them. */
const FIRST = 2_000;
const MORE = 100;
const dataDir = freshDataDir();
const { arriving, expected } = makeWorkload({ events: 3_000, seed: 21 });
let fed = FIRST;

/** Waits until so many events are counted, and a frame is there that was made after that. */
async function counted(events: number): Promise<void> {
  await until('they are counted', async () =>
    (await (await fetch(`${server!.url}/metrics`)).text()).includes(`wagewatch_events_counted_total ${events}`),
  );
  const then = Date.now();
  await until('a frame tells of them', async () => Date.parse((await frame(server!.url)).at) > then);
}

/** @param meanwhile what happens to what is kept, while nobody counts */
async function restart(meanwhile: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
  await server?.stop();
  await meanwhile();
  server = await startServer({ DATA_DIR: dataDir, REDIS_URL: `redis://127.0.0.1:${raw.port}`, LEASE_MS: '500' });
}

beforeAll(async () => {
  // A Redis of the test's own outlives the server, so what is kept can be harmed between its stop and its start.
  raw = await startRaw({ port: await freePort() });
  redis = new Redis({ port: raw.port });
  await restart();
  await post(server!.url, arriving.slice(0, FIRST));
  await counted(FIRST);
}, 120_000);

describe('a start', () => {
  it.each([
    ['after a stop', async () => undefined],
    [
      'with a damaged chunk of alerts',
      async (redis: Redis) => redis.hset('{330110}:table', '0', Buffer.from('damaged')),
    ],
    [
      'with a damaged bucket',
      async (redis: Redis) =>
        redis.hset('{330110}:buckets', (await redis.hkeys('{330110}:buckets'))[0]!, Buffer.from([1, 2, 3])),
    ],
    [
      'with a bucket of the version before, whose sums may be wrong beyond 2⁵³',
      async (redis: Redis) => {
        const [id] = await redis.hkeys('{330110}:buckets');
        const blob = (await redis.hgetBuffer('{330110}:buckets', id!))!;
        blob[0] = CODEC_VERSION - 1;
        await redis.hset('{330110}:buckets', id!, blob);
      },
    ],
    [
      'with chunks of alerts by the version before',
      async (redis: Redis) => {
        const chunk = (await redis.hgetBuffer('{330110}:table', '0'))!;
        chunk[4] = 1;
        chunk.writeUInt32LE(crc32(chunk.subarray(4)), 0);
        await redis.hset('{330110}:table', '0', chunk);
      },
    ],
    ['with a chunk of alerts lost', async (redis: Redis) => redis.del('{330110}:table')],
    [
      'without a checkpoint',
      async (redis: Redis) => redis.unlink('{330110}:table', '{330110}:buckets', '{330110}:checkpoint'),
    ],
  ] as [string, (redis: Redis) => Promise<unknown>][])(
    '%s shows the same figures, and counts on',
    async (_what, harm) => {
      const before = await figures(server!.url);
      await restart(() => harm(redis));
      expect(await figures(server!.url)).toEqual(before);
      const added = arriving.slice(fed, (fed += MORE));
      await post(server!.url, added);
      await counted(MORE);
    },
  );

  it('has counted each event once in the end', async () => {
    await post(server!.url, arriving.slice(fed));
    await until(
      'all figures are right',
      async () => ((await figures(server!.url)) as Frame).totals.closed === expected.closed,
    );
    expect(((await figures(server!.url)) as Frame).totals).toMatchObject(expected);
    await restart();
    expect(((await figures(server!.url)) as Frame).totals).toMatchObject(expected);
  });
});
