import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createRedis } from '../../server/platform/redis/connect.ts';
import { streamKeys } from '../../server/streams/keys.ts';
import { insist, settled, totals, verify } from '../support/accounting.ts';
import { beyondLease } from '../support/beyondLease.ts';
import { atEnd, ending } from '../support/ending.ts';
import { listeningLog } from '../support/listeningLog.ts';
import { freePort } from '../../testing/freePort.ts';
import { startRaw } from '../../testing/rawRedis.ts';
import { freshDataDir, NDJSON, startServer, until, type RunningServer } from '../support/server.ts';
import { makeWorkload } from '../support/workload.ts';
import { startOwnProcess } from '../support/ownProcess.ts';

/** Real processes killed at random moments: afterwards nothing is lost and nothing counted twice (invariants 1 and 2). */

const startWorker = (port: number, leaseMs: number) => startOwnProcess('workerProcess.mjs', port, leaseMs);

describe('durability', () => {
  it('lets two workers fight for a region and counts nothing twice', { timeout: 120_000 }, async () => {
    const redis = ending(await startRaw({ port: await freePort(), args: ['--appendonly', 'yes'] }));
    const env = { REDIS_URL: `redis://127.0.0.1:${redis.port}`, LEASE_MS: '200' };
    const front = ending(await startServer({ ...env, ROLES: 'ingest,push' }));
    const commands = createRedis(
      { kind: 'single', host: '127.0.0.1', port: redis.port, db: 0 },
      { role: 'commands', log: listeningLog().log },
    );
    atEnd(() => commands.disconnect());
    const [a, b] = await Promise.all([startWorker(redis.port, 200), startWorker(redis.port, 200)]);
    const { arriving, expected } = makeWorkload({ events: 10_000, seed: 12 });
    let fed = false;
    // Each is stopped (SIGSTOP) beyond its lease in turn, and goes on in the belief that it still holds it.
    const fighting = (async () => {
      while (!fed) {
        for (const worker of [a, b]) {
          worker.kill('SIGSTOP');
          await beyondLease(commands, streamKeys('330110').lease);
          worker.kill('SIGCONT');
          await sleep(60);
        }
      }
    })();
    for (let at = 0; at < arriving.length; at += 250) {
      await insist(() => front.url, arriving.slice(at, at + 250));
      await sleep(80);
    }
    fed = true;
    await fighting;
    await settled(front.url, expected, 40_000);
  });

  it(
    'loses nothing that was accepted when Redis is killed, and nothing when everything is',
    { timeout: 120_000 },
    async () => {
      const dataDir = freshDataDir();
      const start = () => startServer({ DATA_DIR: dataDir, LEASE_MS: '500' });
      let server: RunningServer = await start();
      atEnd(() => server.stop());
      const owner = () =>
        JSON.parse(readFileSync(join(dataDir, 'redis/owner.json'), 'utf8')) as { redis?: { pid: number } };
      const redisPid = () => owner().redis!.pid;
      const { arriving, expected } = makeWorkload({ events: 10_000, seed: 13 });
      const url = () => server.url;
      for (let at = 0; at < arriving.length; at += 500) {
        await insist(url, arriving.slice(at, at + 500));
        const round = at / 500;
        if (round % 5 === 2) process.kill(redisPid(), 'SIGKILL');
        if (round % 7 === 6) {
          await server.kill('SIGKILL');
          server = await start();
        }
      }
      // The last round may have killed it just now: then it is begun again.
      await until('there is a Redis to kill', () => owner().redis && existsSync(`/proc/${redisPid()}`));
      // A power cut: the server and Redis at the same moment. Redis first: it ends by itself with a server that has died.
      process.kill(redisPid(), 'SIGKILL');
      server.child.kill('SIGKILL');
      await sleep(300);
      server = await start();
      await settled(server.url, expected, 40_000);
      expect((await verify({ DATA_DIR: dataDir })).output).toContain('No difference.');
    },
  );

  it('does not grow with the body it reads', { timeout: 120_000 }, async () => {
    const server = ending(await startServer({ NODE_OPTIONS: '--max-old-space-size=220' }));
    const line = `${JSON.stringify(makeWorkload({ events: 1, seed: 14, duplicates: 0, disorder: 0 }).arriving[0])}\n`;
    const block = Buffer.from(line.repeat(200));
    let left = 150 * 1024 * 1024;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (left <= 0) return controller.close();
        left -= block.length;
        controller.enqueue(block);
      },
    });
    // All duplicates of one event: 150 MB go through, one alert remains, in a heap that could not hold the body.
    const response = await fetch(`${server.url}/api/v1/events`, {
      method: 'POST',
      headers: { 'content-type': NDJSON },
      body,
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(202);
    await until('it is counted', async () => (await totals(server.url)).raised === 1);
    const rss = Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))?.[1]) / 1024;
    expect(rss).toBeLessThan(420);
  });
});
