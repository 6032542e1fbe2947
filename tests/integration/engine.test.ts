import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRedis } from '../../server/platform/redis/connect.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { createEngineStore } from '../../server/signals/engine/engineStore.ts';
import { engineKeys } from '../../server/signals/engine/keys.ts';
import { insist } from '../support/accounting.ts';
import { beyondLease } from '../support/beyondLease.ts';
import { atEnd } from '../support/ending.ts';
import { listeningLog } from '../support/listeningLog.ts';
import { freshDataDir, post, startServer, until } from '../support/server.ts';
import {
  allAlerts,
  inForce,
  observation,
  REGION,
  registration,
  rulesOf,
  signalWorkload,
  usccOf,
} from '../support/signals.ts';
import { LEASE_MS, startEngine, open, send, decided, expectTiers, killAgainAndAgain } from '../support/engines.ts';

/** The engine in real processes: killed, stopped beyond its lease, fought over, with Redis killed under it (signals §4). */

/** `npm run test:drills` kills and fights more often; `npm run test:faults` has more of the same (tests/faults/engine.test.ts). */
const LONG = process.env.FAULTS === 'long';
const ROUNDS = LONG ? 4 : 2;

/** Runs a tool to its end, which must be a good one. */
async function runTool(name: string, env: Record<string, string>, ...args: string[]): Promise<string> {
  const child = execFile(process.execPath, [join(PROJECT_ROOT, `dist/tools/${name}.js`), ...args], {
    env: { PATH: process.env.PATH, ...env },
  });
  let output = '';
  child.stdout!.on('data', (part: string) => (output += part));
  child.stderr!.on('data', (part: string) => (output += part));
  const code = await new Promise((resolve) => child.once('exit', resolve));
  expect({ name, code, output }).toMatchObject({ code: 0 });
  return output;
}

describe('the engine of signals', () => {
  it(
    'goes over everybody once when another version comes into force in mid-stream, though it is killed; then two engines fight',
    { timeout: 120_000 },
    async () => {
      const { port, redis, front } = await open();
      const { arriving, tiers } = signalWorkload({ employers: 300, observations: 3_000, seed: 23 });
      // So little that nobody is raised by it; the version that follows raises as the workload has foretold.
      await inForce(redis, rulesOf('test.2', [900, 900, 900]));
      let engine = await startEngine(port);
      const half = arriving.length / 2;
      await send(front.url, arriving.slice(0, half));
      await decided(redis);
      expect(await allAlerts(front.url)).toEqual([]);
      const rules = rulesOf('test.3');
      await Promise.all([inForce(redis, rules), send(front.url, arriving.slice(half))]);
      engine.kill('SIGKILL');
      engine = await startEngine(port);
      await expectTiers(front.url, redis, tiers);

      const engines = [engine, await startEngine(port)];
      const more = signalWorkload({ first: 1_000, employers: 100, observations: 800, seed: 22 });
      for (let round = 0; round < ROUNDS; round++) {
        const fighter = engines[round % 2]!;
        const part = Math.ceil(more.arriving.length / ROUNDS);
        const events = more.arriving.slice(round * part, (round + 1) * part);
        await send(front.url, events.slice(0, part / 2));
        fighter.kill('SIGSTOP');
        await send(front.url, events.slice(part / 2));
        await beyondLease(redis, engineKeys(REGION).lease);
        fighter.kill('SIGCONT');
      }
      await expectTiers(front.url, redis, new Map([...tiers, ...more.tiers]));
    },
  );

  it(
    'raises each alert once while it is killed again and again, and gives everything back from an export: numbers go on',
    { timeout: 180_000 },
    async () => {
      const killed = await killAgainAndAgain({ kills: LONG ? 10 : 2, employers: 120, observations: 1_200 });
      const { port, redis, front, tiers, observations, engine } = killed;
      const env = { REDIS_URL: `redis://127.0.0.1:${port}`, LEASE_MS: String(LEASE_MS), DATA_DIR: front.dataDir };
      const store = createEngineStore(redis, REGION);
      const kept = async () => {
        const words = await store.words();
        const found: string[] = [];
        for await (const part of store.observations(words))
          for (const { source, id, time, received, value, workers } of part)
            found.push(JSON.stringify([source, id, time, received, value, workers]));
        return found.sort();
      };
      const before = await kept();
      expect(before).toHaveLength(observations);
      const alertsBefore = await allAlerts(front.url);
      const file = join(front.dataDir, 'all.ndjson.gz');
      await runTool('export', env, '--file', file);
      await runTool('rebuild', env, '--from', file, '--yes');
      expect(await kept()).toEqual(before);
      await runTool('verify/verify', env);
      await decided(redis);
      await until(
        'the alerts are shown again',
        async () => (await allAlerts(front.url)).length === alertsBefore.length,
      );
      expect(await allAlerts(front.url)).toEqual(alertsBefore);
      // The engine goes on as before: no alert of those that there are, and the next number.
      const [fresh] = [...Array(120).keys()].filter((n) => !tiers.has(`U:${usccOf(n)}`));
      await send(
        front.url,
        [1, 2].map((n) => observation('petition.received', { uscc: usccOf(fresh!) }, {}, undefined, `new${n}`)),
      );
      await until('it is raised', async () => (await allAlerts(front.url)).length > alertsBefore.length);
      const added = (await allAlerts(front.url)).filter(
        ({ alertId }) => !alertsBefore.some((one) => one.alertId === alertId),
      );
      expect(added.map(({ alertId }) => Number(alertId.split('-')[2]))).toEqual([tiers.size + 1]);
      engine.kill('SIGKILL');
    },
  );

  it(
    'joins what came before the register, and forgets nothing when the clock is set forth and back',
    { timeout: 60_000 },
    async () => {
      const { port, redis, front } = await open();
      const ahead = await startEngine(port, 3_600_000);
      const name = '某甲纺织 有限公司';
      await send(
        front.url,
        ['petition.received', 'petition.received'].map((code) => observation(code, { name })),
      );
      await decided(redis);
      expect(await allAlerts(front.url)).toEqual([]);
      ahead.kill('SIGKILL');
      const engine = await startEngine(port);
      await send(front.url, [registration(1, '某甲纺织有限公司')]);
      await expectTiers(front.url, redis, new Map([[`U:${usccOf(1)}`, 'yellow']]));
      engine.kill('SIGKILL');
      await startEngine(port, -3_600_000);
      await send(front.url, [
        observation('petition.received', { uscc: usccOf(1) }),
        observation('petition.received', { name }),
      ]);
      await expectTiers(front.url, redis, new Map([[`U:${usccOf(1)}`, 'orange']]));
      const env = { REDIS_URL: `redis://127.0.0.1:${port}`, DATA_DIR: front.dataDir };
      const why = await runTool('rules', env, 'explain', '某甲 纺织有限公司');
      expect(why).toContain(`U:${usccOf(1)}  某甲纺织有限公司`);
      expect(why).toContain('petition.received: 4 gives 30 points');
      expect(why).toContain('SG-');
    },
  );

  it(
    'loses nothing and doubles nothing when Redis is killed, and when everything is',
    { timeout: 120_000 },
    async () => {
      const dataDir = freshDataDir();
      const start = () => startServer({ DATA_DIR: dataDir, LEASE_MS: '500' });
      let server = await start();
      atEnd(() => server.stop());
      const owner = () =>
        JSON.parse(readFileSync(join(dataDir, 'redis/owner.json'), 'utf8')) as { redis: { pid: number } };
      const connect = () => {
        const redis = createRedis(
          { kind: 'socket', path: join(dataDir, 'redis/redis.sock') },
          { role: 'commands', log: listeningLog().log },
        );
        atEnd(() => redis.disconnect());
        return redis;
      };
      const redis = connect();
      await inForce(redis, rulesOf('test.1'));
      const { arriving, tiers } = signalWorkload({ employers: 200, observations: 3_000, seed: 24 });
      await until('signals are accepted', async () => (await post(server.url, [arriving[0]!])).status === 202);
      for (let at = 0; at < arriving.length; at += 400) {
        await insist(() => server.url, arriving.slice(at, at + 400));
        const round = at / 400;
        if (round % 3 === 1) process.kill(owner().redis.pid, 'SIGKILL');
        if (round === 5) {
          await server.kill('SIGKILL');
          server = await start();
        }
      }
      await expectTiers(server.url, connect(), tiers);
    },
  );

  it.runIf(process.platform === 'linux')('lets everything else of the server have the processor first', async () => {
    const server = await startServer();
    atEnd(() => server.stop());
    // The engine's thread is made when there is something to watch.
    await until(
      'signals are accepted',
      async () => (await post(server.url, [registration(1, '某甲纺织有限公司')])).status === 202,
    );
    const tasks = `/proc/${server.child.pid!}/task`;
    /** By thread. `stat`: the name in brackets may hold spaces; 17 fields after it comes the niceness (proc(5)). */
    const niceness = () =>
      new Map(
        readdirSync(tasks).map((thread) => [
          Number(thread),
          Number(readFileSync(`${tasks}/${thread}/stat`, 'utf8').split(') ').at(-1)!.split(' ')[16]),
        ]),
      );
    await until('the engine is there', () => [...niceness().values()].some((nice) => nice > 0));
    expect([...niceness().values()].filter((nice) => nice > 0)).toHaveLength(1);
    expect(niceness().get(server.child.pid!)).toBe(0);
  });
});
