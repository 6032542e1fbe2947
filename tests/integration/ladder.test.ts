import { execFile, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { InboxEntry } from '../../contract/supervision.ts';
import type { AlertDetail } from '../../contract/rest.ts';
import { createRedis, type RedisClient } from '../../server/platform/redis/connect.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { clockKeys } from '../../server/casework/clock/keys.ts';
import { streamKeys } from '../../server/streams/keys.ts';
import { end } from '../../testing/endOf.ts';
import { freePort } from '../../testing/freePort.ts';
import { startRaw } from '../../testing/rawRedis.ts';
import { insist } from '../support/accounting.ts';
import { writeSitePack } from '../support/casework.ts';
import { atEnd, ending } from '../support/ending.ts';
import { event, raised } from '../support/events.ts';
import { listeningLog } from '../support/listeningLog.ts';
import { startOwnProcess } from '../support/ownProcess.ts';
import { freshDataDir, get, startServer, until, type RunningServer } from '../support/server.ts';
import { randomOf } from '../support/workload.ts';

/** The ladder in real processes: killed, with Redis killed under it, with the clock set forth and back (docs/casework.md §3). */

const LEASE_MS = 200;
const WITH_CLOCK = `--import ${join(PROJECT_ROOT, 'tests/support/clock.mjs')}`;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const keys = clockKeys('330110');
const shared = streamKeys('330110');

interface Stage {
  port: number;
  redis: RedisClient;
  front: RunningServer;
  dir: string;
  /** Sets the clock of all processes so much ahead, ms. */
  setClock: (ahead: number) => void;
  now: () => number;
  killRedis: () => Promise<void>;
}

/** A Redis, a process that takes events in and shows them, one that counts; no clock yet. */
async function open(): Promise<Stage> {
  const dir = freshDataDir();
  writeSitePack(dir);
  const file = join(dir, 'clock');
  let skew = 0;
  const setClock = (ahead: number) => {
    skew = ahead;
    writeFileSync(file, String(ahead));
  };
  setClock(0);
  process.env.CLOCK_FILE = file;
  atEnd(() => {
    delete process.env.CLOCK_FILE;
  });
  const port = await freePort();
  const args = ['--appendonly', 'yes', '--appendfsync', 'always'];
  let server = await startRaw({ port, args });
  const { dir: redisDir } = server;
  atEnd(() => server.stop());
  const redis = createRedis(
    { kind: 'single', host: '127.0.0.1', port, db: 0 },
    { role: 'commands', log: listeningLog().log },
  );
  atEnd(() => redis.disconnect());
  await startOwnProcess('workerProcess.mjs', port, LEASE_MS);
  const front = ending(
    await startServer({
      REDIS_URL: `redis://127.0.0.1:${port}`,
      LEASE_MS: String(LEASE_MS),
      ROLES: 'ingest,push',
      DATA_DIR: dir,
      CLOCK_FILE: file,
      NODE_OPTIONS: WITH_CLOCK,
    }),
  );
  return {
    port,
    redis,
    front,
    dir,
    setClock,
    now: () => Date.now() + skew,
    async killRedis() {
      await end(server.child, 'SIGKILL');
      server = await startRaw({ port, args, dir: redisDir });
    },
  };
}

const startClock = ({ port, dir }: Stage) => startOwnProcess('clockProcess.mjs', port, LEASE_MS, dir);
const isOn = (redis: RedisClient) =>
  until('casework is on', async () => (await redis.hexists(keys.state, 'since')) === 1);

async function inbox(redis: RedisClient): Promise<InboxEntry[]> {
  const entries = await redis.xrange(keys.inbox, '-', '+');
  return entries.map(([, [, payload]]) => JSON.parse(payload!) as InboxEntry);
}
/** What was said of an alert, in order. */
const saidOf = async (redis: RedisClient, alertId: string) =>
  (await inbox(redis).catch(() => []))
    .filter((entry) => entry.alertId === alertId)
    .map(({ rung, kind }) => rung ?? kind);

async function counted(redis: RedisClient): Promise<void> {
  await until('all is counted', async () => {
    const [accepted, done] = await redis.hmget(shared.meta, 'accepted', 'counted');
    return accepted === done;
  });
}

/** Waits until the clock has had every chance to say something more. */
async function quiet(redis: RedisClient): Promise<void> {
  await until('the clock holds its lease', async () => (await redis.exists(keys.lease)) === 1);
  await sleep(2_200);
  await counted(redis);
}

async function runTool(name: string, env: Record<string, string>, ...args: string[]): Promise<void> {
  const child = execFile(process.execPath, [join(PROJECT_ROOT, `dist/tools/${name}.js`), ...args], {
    env: { PATH: process.env.PATH, ...env },
  });
  let output = '';
  child.stdout!.on('data', (part: string) => (output += part));
  child.stderr!.on('data', (part: string) => (output += part));
  const code = await new Promise((resolve) => child.once('exit', resolve));
  expect({ name, code, output }).toEqual({ name, code: 0, output });
}

const N = 40;
/** For each rung; `npm run test:drills` kills more often. */
const KILLS = process.env.FAULTS === 'long' ? 10 : 1;
const ids = Array.from({ length: N }, (_, i) => `L${i}`);

it(
  'says everything once while clocks and Redis are killed and the time is set forth and back, and nothing in a rebuild',
  { timeout: 150_000 },
  async () => {
    const stage = await open();
    const { redis, front, setClock, now, port, dir } = stage;
    let clock: ChildProcess = await startClock(stage);
    await isOn(redis);
    const at = now();
    await insist(
      () => front.url,
      ids.map((alertId) => raised(at, { alertId, tier: 'red' }, { id: `${alertId}-raised` })),
    );
    const random = randomOf(7);
    const kill = async () => {
      const next = await startClock(stage);
      await sleep(random() * 250);
      clock.kill('SIGKILL');
      clock = next;
    };
    // Half of 30 minutes, four fifths, past; each while clocks die.
    const moments: [number, string[]][] = [
      [16 * MINUTE, ['half']],
      [25 * MINUTE, ['half', 'four-fifths']],
      [31 * MINUTE, ['half', 'four-fifths', 'past']],
    ];
    for (const [ahead, said] of moments) {
      setClock(ahead);
      if (ahead === 25 * MINUTE) await stage.killRedis();
      for (let i = 0; i < KILLS; i++) await kill();
      await until(
        `all have been told of ${said.at(-1)}`,
        async () => {
          const entries = await inbox(redis).catch(() => []);
          return entries.filter(({ rung }) => rung === said.at(-1)).length >= N;
        },
        40_000,
      );
    }
    // An hour back is before all of them; an hour forth is the next rung of none.
    setClock(-29 * MINUTE);
    await kill();
    setClock(91 * MINUTE);
    await quiet(redis);
    for (const alertId of ids) expect(await saidOf(redis, alertId)).toEqual(['half', 'four-fifths', 'past']);
    for (const alertId of [ids[0]!, ids[N - 1]!]) {
      const { events } = await get<AlertDetail>(front.url, `/api/v1/alerts/${alertId}`);
      expect(events.filter(({ type }) => type === 'wage.case.urged')).toMatchObject([
        { id: `${alertId}/${alertId}-raised/past`, source: 'urn:wagewatch:clock', data: { rung: 'past' } },
      ]);
    }
    expect(Number(await redis.hget(shared.meta, 'duplicates'))).toBe(0);

    // Down for weeks: of three drafts that were missed the last alone is made.
    clock.kill('SIGKILL');
    setClock(40 * DAY);
    clock = await startClock(stage);
    await until('drafts are made', async () => (await redis.zcard(keys.drafts)) === N);
    await quiet(redis);
    const levels = (await redis.hvals(keys.supervisions)).map((text) => (JSON.parse(text) as { level: string }).level);
    expect(levels).toEqual(Array<string>(N).fill('circular'));
    for (const alertId of ids)
      expect(await saidOf(redis, alertId)).toEqual(['half', 'four-fifths', 'past', 'draft-circular']);

    const before = await inbox(redis);
    const file = join(dir, 'all.ndjson.gz');
    const env = {
      REDIS_URL: `redis://127.0.0.1:${port}`,
      LEASE_MS: String(LEASE_MS),
      DATA_DIR: dir,
      CLOCK_FILE: process.env.CLOCK_FILE!,
      NODE_OPTIONS: WITH_CLOCK,
    };
    await runTool('export', env, '--file', file);
    const events = await redis.hget(shared.meta, 'counted');
    await runTool('rebuild', env, '--from', file, '--yes');
    await quiet(redis);
    expect(await inbox(redis)).toEqual(before);
    expect(await redis.hget(shared.meta, 'counted')).toBe(events);
    expect(await redis.hlen(keys.cases)).toBe(N);
    // And it goes on: the next stage has rungs of its own.
    await insist(
      () => front.url,
      [
        event(
          'wage.alert.dispatched',
          now(),
          { alertId: 'L3', platform: 'tri-colour', unit: 'brigade' },
          { id: 'sent' },
        ),
      ],
    );
    setClock(40 * DAY + 65 * MINUTE);
    await until('the next stage is told of', async () => (await saidOf(redis, 'L3')).length === 6);
    expect((await saidOf(redis, 'L3')).slice(-2)).toEqual(['red', 'half']);
    expect((await inbox(redis)).at(-1)).toMatchObject({
      alertId: 'L3',
      kind: 'notice',
      stage: 'dispatched',
      unit: 'brigade',
    });
    clock.kill('SIGKILL');
  },
);

it(
  'is silent of what began before, of what has moved on, and follows a term that is extended',
  { timeout: 90_000 },
  async () => {
    const stage = await open();
    const { redis, front, setClock, now } = stage;
    const send = (...events: object[]) => insist(() => front.url, events);
    await send(raised(now() - 60 * MINUTE, { alertId: 'OLD', tier: 'red' }));
    await counted(redis);
    const clock = await startClock(stage);
    await isOn(redis);
    const at = now();
    const dispatched = (alertId: string, time: number) =>
      event('wage.alert.dispatched', time, { alertId, platform: 'tri-colour', unit: '余杭区劳动保障监察大队' });
    await send(
      // Came late: its stage began before.
      raised(at - 120 * MINUTE, { alertId: 'LATE', tier: 'red' }),
      raised(at, { alertId: 'MOVED', tier: 'red' }),
      raised(at, { alertId: 'LONG', tier: 'red' }),
      dispatched('LONG', at + 1),
      event('wage.alert.accepted', at + 2, { alertId: 'LONG', unit: 'brigade', person: 'p7' }),
      raised(at, { alertId: 'GONE', tier: 'red' }),
      event('wage.alert.closed', at + 1, { alertId: 'GONE' }),
    );
    await counted(redis);
    setClock(16 * MINUTE);
    await until('the first is told', async () => (await saidOf(redis, 'MOVED')).length === 1);
    await send(dispatched('MOVED', now()));
    await counted(redis);
    setClock(32 * MINUTE);
    await quiet(redis);
    // Its term of 2 hours is not half gone: all that is said is that it was dispatched.
    expect(await saidOf(redis, 'MOVED')).toEqual(['half', 'red']);
    // Half of its own term, to which an extension of thirty days leads, is far away.
    await send(
      event('wage.case.extended', now(), {
        alertId: 'LONG',
        dueAt: new Date(at + 30 * DAY).toISOString(),
        reason: '某理由',
      }),
    );
    await counted(redis);
    setClock(14 * DAY);
    await until('the other is past everything', async () => (await saidOf(redis, 'MOVED')).length === 2);
    await quiet(redis);
    // That somebody has it, and longer, is told; no rung of the ladder is.
    expect(await saidOf(redis, 'LONG')).toEqual(['assigned', 'extended']);
    setClock(15 * DAY + 5 * MINUTE);
    await until('half of it is gone', async () => (await saidOf(redis, 'LONG')).length === 3);
    const told = (await inbox(redis)).find(({ alertId, rung }) => alertId === 'LONG' && rung !== undefined);
    expect(told).toMatchObject({
      kind: 'notice',
      rung: 'half',
      stage: 'accepted',
      unit: 'brigade',
      person: 'p7',
      tier: 'red',
    });
    // Extended once more: half is passed, and comes no second time.
    await send(
      event('wage.case.extended', now(), {
        alertId: 'LONG',
        dueAt: new Date(at + 60 * DAY).toISOString(),
        reason: '某理由',
      }),
    );
    await counted(redis);
    setClock(47 * DAY);
    await quiet(redis);
    expect(await saidOf(redis, 'LONG')).toEqual(['assigned', 'extended', 'half']);
    setClock(49 * DAY);
    await until('four fifths are gone', async () => (await saidOf(redis, 'LONG')).length === 4);
    for (const alertId of ['OLD', 'LATE', 'GONE']) expect(await saidOf(redis, alertId)).toEqual([]);
    clock.kill('SIGKILL');
  },
);
