import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createRedis, type RedisClient } from '../../server/platform/redis/connect.ts';
import { beyondLease } from '../support/beyondLease.ts';
import { atEnd, ending } from '../support/ending.ts';
import { freePort } from '../../testing/freePort.ts';
import { listeningLog } from '../support/listeningLog.ts';
import { startRaw } from '../../testing/rawRedis.ts';
import { until } from '../support/until.ts';
import { randomOf } from '../support/workload.ts';
import { startOwnProcess } from '../support/ownProcess.ts';

/**
 * The worker harness under a reducer that is not counting (tests/support/tallyProcess.mjs): two streams in, a state, a stream
 * out, and events of the clock; in processes that are killed, stopped beyond their lease, and fight.
 */

const LEASE_MS = 200;
/** Pieces of its own work that the tally does. */
const GRAINS = 200;

const startTally = (port: number, gatherMs = 0) => startOwnProcess('tallyProcess.mjs', port, LEASE_MS, gatherMs);

/** Amounts for three names, in both streams, some of them twice; returns what they come to. */
async function write(redis: RedisClient, batch: number, random: () => number, totals: Map<string, number>) {
  for (const stream of ['coins', 'notes'] as const) {
    for (let entry = 0; entry < 5; entry++) {
      const events = Array.from({ length: 8 }, (_, i) => {
        const name = 'abc'[Math.floor(random() * 3)]!;
        const amount = 1 + Math.floor(random() * 9);
        totals.set(name, (totals.get(name) ?? 0) + amount * (stream === 'notes' ? 100 : 1));
        return [name, amount, `${stream}-${batch}-${entry}-${i}`];
      });
      const again = random() < 0.3 ? 2 : 1;
      for (let i = 0; i < again; i++) await redis.xadd(`{tally}:${stream}`, '*', 'c', JSON.stringify(events));
    }
  }
}

/** Everything that came in is in the totals once, and what the output says adds up to them. */
async function expectOnce(redis: RedisClient, totals: Map<string, number>): Promise<void> {
  const expected = Object.fromEntries(
    [...totals, ['tick', 1] as const, ['grain', GRAINS] as const].map(([name, total]) => [name, String(total)]),
  );
  // Own work that had to wait a second for each of its pieces would not be done in time.
  await until(async () => {
    const [newest] = await redis.xrevrange('{tally}:notes', '+', '-', 'COUNT', 1);
    const [notes, grain] = await Promise.all([
      redis.hget('{tally}:state', 'notes'),
      redis.hget('{tally}:totals', 'grain'),
    ]);
    return notes === newest![0] && grain === String(GRAINS) && (await redis.xlen('{tally}:coins')) === 0;
  });
  expect(await redis.hgetall('{tally}:totals')).toEqual(expected);
  const output = await redis.xrange('{tally}:output', '-', '+');
  const sum = output.reduce((all, [, fields]) => all + Number(fields[1]), 0);
  expect(sum).toBe([...totals.values()].reduce((all, total) => all + total, 1 + GRAINS));
  expect(await redis.xlen('{tally}:notes')).toBeGreaterThan(0);
}

describe('a worker of any reducer', () => {
  it('counts each event of its streams and of the clock once, and writes its output with it, while it is killed', async () => {
    const server = ending(await startRaw({ port: await freePort() }));
    const redis = createRedis(
      { kind: 'single', host: '127.0.0.1', port: server.port, db: 0 },
      { role: 'commands', log: listeningLog().log },
    );
    atEnd(() => redis.disconnect());
    const random = randomOf(3);
    const totals = new Map<string, number>();
    let worker = await startTally(server.port);
    for (let round = 0; round < 8; round++) {
      const next = await startTally(server.port);
      for (let batch = 0; batch < 4; batch++) {
        await write(redis, round * 4 + batch, random, totals);
        await sleep(random() * 30);
      }
      worker.kill('SIGKILL');
      worker = next;
    }
    await expectOnce(redis, totals);
  });

  it('counts nothing twice when one goes on in the belief that it still holds the lease', async () => {
    const server = ending(await startRaw({ port: await freePort() }));
    const redis = createRedis(
      { kind: 'single', host: '127.0.0.1', port: server.port, db: 0 },
      { role: 'commands', log: listeningLog().log },
    );
    atEnd(() => redis.disconnect());
    const random = randomOf(4);
    const totals = new Map<string, number>();
    const workers = [await startTally(server.port), await startTally(server.port)];
    let longest = 0;
    for (let round = 0; round < 6; round++) {
      const worker = workers[round % 2]!;
      await write(redis, round, random, totals);
      worker.kill('SIGSTOP');
      await write(redis, 100 + round, random, totals);
      await beyondLease(redis, '{tally}:lease');
      longest = Math.max(longest, await redis.pttl('{tally}:lease'));
      worker.kill('SIGCONT');
      await write(redis, 200 + round, random, totals);
    }
    // Who lost it to another takes it for longer: on a busy machine two would otherwise take it from each other for ever.
    expect(longest).toBeGreaterThan(LEASE_MS);
    await expectOnce(redis, totals);
  });

  it('goes on where it stands when its lease ran out and nobody took it: it does not load everything again', async () => {
    const server = ending(await startRaw({ port: await freePort() }));
    const redis = createRedis(
      { kind: 'single', host: '127.0.0.1', port: server.port, db: 0 },
      { role: 'commands', log: listeningLog().log },
    );
    atEnd(() => redis.disconnect());
    const random = randomOf(5);
    const totals = new Map<string, number>();
    const worker = await startTally(server.port);
    let leading = 0;
    worker.stdout!.on('data', (part: Buffer) => (leading += part.toString().split('leading').length - 1));
    await write(redis, 0, random, totals);
    await expectOnce(redis, totals);
    const token = await redis.get('{tally}:lease');
    for (let round = 1; round < 4; round++) {
      worker.kill('SIGSTOP');
      await write(redis, round, random, totals);
      await until(async () => (await redis.exists('{tally}:lease')) === 0);
      worker.kill('SIGCONT');
      await expectOnce(redis, totals);
    }
    expect(await redis.get('{tally}:fence')).toBe(token!.split('-')[0]);
    expect(leading).toBeLessThan(2);
  });

  it('takes together what comes within the time that it gathers, and waits for nothing of a backlog', async () => {
    const server = ending(await startRaw({ port: await freePort() }));
    const redis = createRedis(
      { kind: 'single', host: '127.0.0.1', port: server.port, db: 0 },
      { role: 'commands', log: listeningLog().log },
    );
    atEnd(() => redis.disconnect());
    const add = (id: string) => redis.xadd('{tally}:coins', '*', 'c', JSON.stringify([['a', 1, id]]));
    const taken = async () => Number(await redis.hget('{tally}:totals', 'a'));
    const outputs = async () => (await redis.xrange('{tally}:output', '-', '+')).map(([, fields]) => Number(fields[1]));

    // 5,000 entries are ten reads at least: waiting 3 s for each of them would end this test.
    const many = redis.pipeline();
    for (let i = 0; i < 5_000; i++) many.xadd('{tally}:coins', '*', 'c', JSON.stringify([['a', 1, `many-${i}`]]));
    await many.exec();
    await startTally(server.port, 3_000);
    const ownWork = async () => Number(await redis.hget('{tally}:totals', 'grain'));
    await until(async () => (await taken()) === 5_000 && (await ownWork()) === GRAINS);

    // The last read of the backlog may be waited for, and the first of these comes alone.
    const before = (await outputs()).length;
    for (let i = 0; i < 20; i++) {
      await add(`one-${i}`);
      await sleep(20);
    }
    await until(async () => (await taken()) === 5_020);
    expect((await outputs()).slice(before).length).toBeLessThanOrEqual(3);
  }, 25_000);
});
