import { describe, expect, it } from 'vitest';
import { insist, settled, totalsOf, verify } from '../support/accounting.ts';
import { atEnd, ending } from '../support/ending.ts';
import { startServer, until, type RunningServer } from '../support/server.ts';
import { makeWorkload } from '../support/workload.ts';
import { startCluster, startSentinels, type RedisGroup } from './support/redisGroups.ts';
import { openScreen } from './support/screen.ts';
import { startProxy } from './support/tcpProxy.ts';
import { LONG, report } from './support/form.ts';

/**
 * The whole program on real groups of Redis servers whose masters are lost under load: processes by role, screens and
 * sources behind a plain balancer that takes turns, connection by connection.
 */

const LEASE_MS = 4_000;

/** Two processes of each role. */
async function startPlant(group: RedisGroup) {
  const env = { REDIS_URL: group.url, ACCEPT_REPLICAS: '1', LEASE_MS: String(LEASE_MS) };
  const start = async (roles: string): Promise<RunningServer> => ending(await startServer({ ...env, ROLES: roles }));
  const started = await Promise.all(['ingest', 'ingest', 'push', 'push', 'worker', 'worker'].map(start));
  const [workers, ingests, pushes] = [started.splice(-2), started.splice(0, started.length / 2), started];
  const portOf = ({ url }: RunningServer) => Number(new URL(url).port);
  const doors = await startProxy(ingests.map(portOf));
  const walls = await startProxy(pushes.map(portOf));
  atEnd(
    () => doors.close(),
    () => walls.close(),
  );
  return {
    env,
    workers,
    pushes,
    doors,
    walls,
    ingestUrl: `http://127.0.0.1:${doors.port}`,
    wallUrl: `http://127.0.0.1:${walls.port}`,
  };
}

async function metric({ url }: RunningServer, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name}(?:{[^}]*})? (\\S+)`, 'm').exec(text)?.[1] ?? Number.NaN);
}

/** The worker that counts the region now. */
const leader = (workers: readonly RunningServer[]) =>
  until('a worker holds the lease', async () => {
    for (const worker of workers)
      if (worker.child.signalCode === null && (await metric(worker, 'wagewatch_lease_held')) === 1) return worker;
    return undefined;
  });

async function ridesOut(group: RedisGroup, seed: number): Promise<void> {
  const plant = await startPlant(group);
  const { arriving, expected } = makeWorkload({ events: LONG ? 60_000 : 6_000, seed });
  const screens = Array.from({ length: 4 }, () => openScreen(plant.wallUrl, '330110', 'all'));
  atEnd(() => {
    for (const screen of screens) screen.end();
  });
  await until('every screen has its frame', () => screens.every((screen) => screen.frame()));
  // Plain turns: no process is anybody's own.
  expect(plant.walls.served().every((count) => count >= 2)).toBe(true);

  let sent = 0;
  let done = false;
  const refusals: number[] = [];
  const feeding = (async () => {
    // Several sources at once, each in its own order.
    const parts = [0, 1, 2, 3].map((part) => arriving.filter((_, i) => Math.floor(i / 100) % 4 === part));
    await Promise.all(
      parts.map(async (part) => {
        for (let at = 0; at < part.length; at += 100) {
          refusals.push(...(await insist(() => plant.ingestUrl, part.slice(at, at + 100))));
          sent += Math.min(100, part.length - at);
        }
      }),
    );
    done = true;
  })();

  for (let round = 0; round < (LONG ? 4 : 1); round++) {
    const goal = (arriving.length * (round + 1)) / (LONG ? 6 : 4);
    await until('there is load', () => done || sent > goal, 60_000);
    const lost = group.masterOf('{330110}:meta');
    const killedAt = performance.now();
    await group.kill(lost);
    await until(
      'another one is master',
      () => {
        const now = group.masterOf('{330110}:meta');
        return now >= 0 && now !== lost;
      },
      30_000,
    );
    const promoted = performance.now() - killedAt;
    // Until it is back, there is nobody to confirm what is accepted.
    await group.revive(lost);
    const before = sent;
    await until('events are accepted again', () => done || sent > before, 40_000);
    report('master lost', { group: group.kind, promotedMs: promoted, acceptedAgainMs: performance.now() - killedAt });
  }

  const counting = await leader(plant.workers);
  const diedAt = performance.now();
  await counting.kill('SIGKILL');
  const other = await leader(plant.workers);
  report('worker lost', { group: group.kind, takeOverMs: performance.now() - diedAt });
  expect(other).not.toBe(counting);

  await feeding;
  for (const { url } of plant.pushes) await settled(url, expected, 40_000);
  await until('the screens are right by themselves', () =>
    screens.every((screen) => JSON.stringify(totalsOf(screen.frame()!)) === JSON.stringify(expected)),
  );
  expect(screens.map((screen) => screen.status())).toEqual(screens.map(() => ({ link: 'live', silent: false })));
  const { code, output } = await verify({ ...plant.env, DATA_DIR: plant.pushes[0]!.dataDir });
  expect(output).toContain('No difference.');
  expect(code).toBe(0);
  report('failover', { group: group.kind, events: arriving.length, refused: refusals.length });
}

describe('a lost Redis master', () => {
  it(
    'in a Cluster of three masters and three replicas costs no accepted event, and nothing is counted twice',
    { timeout: LONG ? 300_000 : 180_000 },
    async () => {
      await ridesOut(ending(await startCluster()), 31);
    },
  );

  // In the short form, they are only looked for and followed (tests/integration/redis/connect.test.ts).
  it.runIf(LONG)(
    'under three Sentinels costs no accepted event, and nothing is counted twice',
    { timeout: LONG ? 300_000 : 180_000 },
    async () => {
      await ridesOut(ending(await startSentinels()), 32);
    },
  );
});
