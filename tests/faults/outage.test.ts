import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { insist, settled, verify } from '../support/accounting.ts';
import { ending } from '../support/ending.ts';
import { BATCH, get, post, startServer, until } from '../support/server.ts';
import { makeWorkload } from '../support/workload.ts';
import { LONG } from './support/form.ts';
import { startCluster, startSingle, type RedisGroup } from './support/redisGroups.ts';

/** A source, a reader and a load balancer wait so long for an answer, and not for ever. */
const PATIENCE_MS = 8_000;
/** A stop ends after ten seconds whatever happens (server/main.ts). */
const STOP_MS = 13_000;

type Gone = Pick<RedisGroup, 'url' | 'nodes' | 'kill' | 'revive'>;

const killAll = ({ nodes, kill }: Gone) => Promise.all(nodes.map((_, i) => kill(i)));

/** Gone as a whole, as by a power cut: everybody is told, nobody waits. */
async function goneAltogether(group: Gone): Promise<void> {
  const server = ending(await startServer({ REDIS_URL: group.url }));
  const { arriving, expected } = makeWorkload({ events: 600, seed: 61 });
  await insist(() => server.url, arriving.slice(0, 200));
  const { alertId } = await until(
    'an alert is counted',
    async () => (await get<{ items: { alertId: string }[] }>(server.url, '/api/v1/alerts?limit=1')).items[0],
  );
  await killAll(group);
  // From the first moment on, and when it has been away for longer.
  for (let round = 0; round < 3; round++) {
    const asked = () => AbortSignal.timeout(PATIENCE_MS);
    expect((await post(server.url, arriving.slice(200, 400), BATCH, asked())).status).toBe(503);
    for (const path of ['/readyz', `/api/v1/alerts/${encodeURIComponent(alertId)}`]) {
      expect([path, (await fetch(server.url + path, { signal: asked() })).status]).toEqual([path, 503]);
    }
    await sleep(500);
  }
  // Those that never fail over come back as they were: with their data and their parts.
  for (let i = 0; i < group.nodes.length; i++) await group.revive(i);
  await insist(() => server.url, arriving.slice(200));
  await settled(server.url, expected, 40_000);
  const { output } = await verify({ REDIS_URL: group.url, DATA_DIR: server.dataDir });
  expect(output).toContain('No difference.');

  await killAll(group);
  await sleep(500);
  const ended = await Promise.race([
    server.kill('SIGTERM').then(() => 'ended'),
    sleep(STOP_MS).then(() => 'still runs'),
  ]);
  expect(ended).toBe('ended');
}

describe('Redis that is gone altogether: sources, readers and balancers get 503, all goes on when it is back, and a server can be stopped', () => {
  it('a single server', { timeout: 120_000 }, async () => {
    await goneAltogether(ending(await startSingle()));
  });

  it.runIf(LONG)('a Cluster', { timeout: 120_000 }, async () => {
    await goneAltogether(ending(await startCluster()));
  });
});
