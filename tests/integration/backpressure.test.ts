import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRedis, type RedisClient } from '../../server/platform/redis/connect.ts';
import { ChunkSender, type Outgoing } from '../../server/streams/intake/chunkSender.ts';
import { streamKeys } from '../../server/streams/keys.ts';
import { openRegionStreams } from '../../server/streams/regionStreams.ts';
import { SILENT } from '../../server/streams/telemetry.ts';
import { freePort } from '../../testing/freePort.ts';
import { startRaw, type RawRedis } from '../../testing/rawRedis.ts';
import { raised } from '../support/events.ts';
import { listeningLog } from '../support/listeningLog.ts';
import { until } from '../support/until.ts';

/** A fast file must not fill Redis: whoever sends it waits while too much of a region is not yet counted. */

const REGION = '330110';
const { meta } = streamKeys(REGION);
let server: RawRedis;
let redis: RedisClient;
beforeAll(async () => {
  server = await startRaw({ port: await freePort() });
  redis = createRedis(
    { kind: 'single', host: '127.0.0.1', port: server.port, db: 0 },
    { role: 'commands', log: listeningLog().log },
  );
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const outgoing = (id: string): Outgoing => ({
  alertId: id,
  event: raised(Date.now(), { alertId: id }, { id }) as unknown as Outgoing['event'],
});

it('a sender waits beyond 100 000 uncounted events, and goes on once fewer than half are left', async () => {
  const { events, progress, observations } = openRegionStreams(redis, REGION);
  let looks = 0;
  const counted = {
    read: () => {
      looks++;
      return progress.read();
    },
  };
  const sender = new ChunkSender<Outgoing>({
    regions: () => ({ events, progress: counted, observations }),
    telemetry: SILENT,
    now: () => Date.now(),
    refuse: (event, problem) => expect.unreachable(`${event.alertId}: ${problem}`),
  });
  /** Whether the sender may go on: it may not if it has looked three times how far the counting has come. */
  async function ready(): Promise<boolean> {
    let goesOn = false;
    void sender.ready().then(() => {
      goesOn = true;
    });
    const before = looks;
    await until(() => goesOn || looks > before + 3);
    return goesOn;
  }
  async function send(id: string): Promise<boolean> {
    sender.add(REGION, outgoing(id));
    await sender.flush();
    return ready();
  }
  // What others have sent and nobody has counted.
  await redis.hset(meta, 'accepted', 99_998);
  expect(await send('a')).toBe(true);
  expect(await send('b')).toBe(true);
  expect(await send('c')).toBe(false);
  await redis.hset(meta, 'counted', 50_001);
  expect(await ready()).toBe(false);
  await redis.hset(meta, 'counted', 50_002);
  expect(await ready()).toBe(true);
  expect(await send('d')).toBe(true);
});
