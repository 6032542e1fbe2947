import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { freePort } from '../../testing/freePort.ts';
import { startRaw } from '../../testing/rawRedis.ts';
import { insist, settled, verify } from '../support/accounting.ts';
import { ending } from '../support/ending.ts';
import { startOwnProcess } from '../support/ownProcess.ts';
import { startServer } from '../support/server.ts';
import { makeWorkload, randomOf } from '../support/workload.ts';
import { LONG } from './support/form.ts';

/** Workers killed at random moments: afterwards nothing is lost and nothing counted twice (invariants 1 and 2). */

const EVENTS = LONG ? 100_000 : 9_000;
const KILLS = LONG ? 50 : 6;
const startWorker = (port: number, leaseMs: number) => startOwnProcess('workerProcess.mjs', port, leaseMs);

it(`counts ${EVENTS} events exactly once while the worker is killed ${KILLS} times`, { timeout: 240_000 }, async () => {
  const redis = ending(await startRaw({ port: await freePort(), args: ['--appendonly', 'yes'] }));
  const env = { REDIS_URL: `redis://127.0.0.1:${redis.port}`, LEASE_MS: '300' };
  // One process takes events in and shows figures; the workers are processes of their own, of which one may commit.
  const front = ending(await startServer({ ...env, ROLES: 'ingest,push' }));
  const { arriving, expected } = makeWorkload({ events: EVENTS, seed: 11 });
  const random = randomOf(5);
  let kills = 0;
  let fed = false;
  const killing = (async () => {
    // The next one is waiting for the lease already when the one before it dies.
    let worker = await startWorker(redis.port, 300);
    while (kills < KILLS) {
      const next = await startWorker(redis.port, 300);
      await sleep(20 + random() * 350);
      worker.kill('SIGKILL');
      kills++;
      worker = next;
    }
  })();
  const feeding = (async () => {
    for (let at = 0; at < arriving.length; at += 1000) {
      await insist(() => front.url, arriving.slice(at, at + 1000));
      // Spread over the killing, so that every kill meets work.
      while (kills < (KILLS - 1) * (at / arriving.length)) await sleep(20);
    }
    fed = true;
  })();
  await Promise.all([killing, feeding]);
  expect({ kills, fed }).toEqual({ kills: KILLS, fed: true });
  await settled(front.url, expected, 60_000);
  const { code, output } = await verify({ ...env, DATA_DIR: front.dataDir });
  expect(output).toContain('No difference.');
  expect(code).toBe(0);
});
