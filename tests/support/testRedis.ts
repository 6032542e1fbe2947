import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createRedis, type RedisClient } from '../../server/platform/redis/connect.ts';
import { freePort } from '../../testing/freePort.ts';
import { startRaw, type RawRedis } from '../../testing/rawRedis.ts';
import { listeningLog } from './listeningLog.ts';

/** A Redis of its own for the tests of a file, empty before each of them. Call once, at the top of the file. */
export function testRedis(ready: (client: RedisClient, port: number) => void): void {
  let raw: RawRedis;
  let client: RedisClient;
  beforeAll(async () => {
    raw = await startRaw({ port: await freePort() });
    client = createRedis(
      { kind: 'single', host: '127.0.0.1', port: raw.port, db: 0 },
      { role: 'commands', log: listeningLog().log },
    );
    ready(client, raw.port);
  });
  afterAll(async () => {
    client.disconnect();
    await raw.stop();
  });
  beforeEach(() => client.flushall());
}
