import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { createRedis, type RedisClient } from '../../server/platform/redis/connect.ts';
import { createEngineStore } from '../../server/signals/engine/engineStore.ts';
import { createObservationStream } from '../../server/streams/observations/observationStream.ts';
import { freePort } from '../../testing/freePort.ts';
import { startRaw } from '../../testing/rawRedis.ts';
import { insist, verify } from './accounting.ts';
import { atEnd, ending } from './ending.ts';
import { listeningLog } from './listeningLog.ts';
import { startOwnProcess } from './ownProcess.ts';
import { startServer, until, type RunningServer } from './server.ts';
import { allAlerts, inForce, REGION, rulesOf, signalWorkload, tiersOf, type SignalWorkload } from './signals.ts';
import { randomOf } from './workload.ts';

/** Engines in real processes, and what they must have done in the end. */

export const LEASE_MS = 200;
export const startEngine = (port: number, ahead = 0) => startOwnProcess('engineProcess.mjs', port, LEASE_MS, ahead);

/** A Redis, a process that takes events in and shows alerts, and one that counts alerts. */
export interface Stage {
  port: number;
  redis: RedisClient;
  front: RunningServer;
}

export async function open(): Promise<Stage> {
  const server = ending(await startRaw({ port: await freePort(), args: ['--appendonly', 'yes'] }));
  const redis = createRedis(
    { kind: 'single', host: '127.0.0.1', port: server.port, db: 0 },
    { role: 'commands', log: listeningLog().log },
  );
  atEnd(() => redis.disconnect());
  await inForce(redis, rulesOf('test.1'));
  await startOwnProcess('workerProcess.mjs', server.port, LEASE_MS);
  const env = { REDIS_URL: `redis://127.0.0.1:${server.port}`, LEASE_MS: String(LEASE_MS) };
  const front = ending(await startServer({ ...env, ROLES: 'ingest,push' }));
  return { port: server.port, redis, front };
}

export const send = async (url: string, events: readonly object[]) => insist(() => url, events);

/** Waits until the engine has decided about all that was accepted, and its alerts are counted: as long as it takes, if it goes on. */
export async function decided(redis: RedisClient): Promise<void> {
  const stream = createObservationStream(redis, REGION);
  let reached = -1;
  let done = false;
  const goesOn = async () => {
    const { accepted, counted } = await stream.progress();
    const [taken, shown] = await redis.hmget(`{${REGION}}:meta`, 'accepted', 'counted');
    done = accepted === counted && Number(taken ?? 0) === Number(shown ?? 0);
    const progress = counted + Number(shown ?? 0);
    if (!done && progress <= reached) return false;
    reached = progress;
    return true;
  };
  // Redis may have been killed a moment ago.
  while (!done) await until('all is decided', () => goesOn().catch(() => false), 60_000);
}

export async function expectTiers(url: string, redis: RedisClient, tiers: ReadonlyMap<string, string>): Promise<void> {
  await decided(redis);
  await until('all alerts are shown', async () => {
    const shown = tiersOf(await allAlerts(url));
    return shown.size >= tiers.size && [...tiers].every(([key, tier]) => shown.get(key) === tier);
  }).catch(() => undefined);
  const shown = tiersOf(await allAlerts(url));
  expect(Object.fromEntries([...shown].sort())).toEqual(Object.fromEntries([...tiers].sort()));
}

/** Events of one request. */
const PART = 250;

/**
 * Kills the engine while observations come in, and expects that each alert was raised once and `verify` finds no difference.
 * @returns what it ended with: the last engine still runs
 */
export async function killAgainAndAgain({
  kills: wantedKills,
  employers,
  observations: wanted,
}: {
  kills: number;
  employers: number;
  observations: number;
}): Promise<Stage & Pick<SignalWorkload, 'tiers' | 'observations'> & { engine: ChildProcess }> {
  const { port, redis, front } = await open();
  const { arriving, tiers, observations } = signalWorkload({ employers, observations: wanted, seed: 21 });
  const random = randomOf(6);
  let kills = 0;
  const killing = (async () => {
    let engine = await startEngine(port);
    while (kills < wantedKills) {
      const next = await startEngine(port);
      await sleep(20 + random() * 300);
      engine.kill('SIGKILL');
      kills++;
      engine = next;
    }
    return engine;
  })();
  const feeding = (async () => {
    for (let at = 0; at < arriving.length; at += PART) {
      await send(front.url, arriving.slice(at, at + PART));
      while (kills < (wantedKills - 1) * (at / arriving.length)) await sleep(10);
    }
  })();
  const [engine] = await Promise.all([killing, feeding]);
  await expectTiers(front.url, redis, tiers);
  const { code, output } = await verify({ REDIS_URL: `redis://127.0.0.1:${port}`, DATA_DIR: front.dataDir });
  expect(output).toContain('No difference.');
  expect(code).toBe(0);
  const { observed, raised, number } = await createEngineStore(redis, REGION).standing();
  expect({ observed, raised, number }).toEqual({ observed: observations, raised: tiers.size, number: tiers.size });
  return { port, redis, front, tiers, observations, engine };
}
