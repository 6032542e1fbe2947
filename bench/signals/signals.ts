import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { DAY_MS } from '../../common/regionTime.ts';
import type { RegionPack } from '../../contract/region.ts';
import { createLogger } from '../../server/platform/log.ts';
import { createRedis, type RedisClient } from '../../server/platform/redis/connect.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { mib, ms, perSecond, row, spreadOf } from '../measure.ts';
import { cpuSeconds, residentBytes, startBenchServer, untilMetric, type BenchServer } from '../serverProcess.ts';
import { rawXadd } from '../throughput.ts';
import { benchBesideNightly } from './besideNightly.ts';
import { benchRules, observations, registrations } from './workload.ts';

export interface SignalsOptions {
  pack: RegionPack;
  subjects: number;
  observations: number;
  /** Whether PostgreSQL is measured beside it, where it is installed. */
  postgres: boolean;
}

const DECIDED = 'wagewatch_signals_decided_total';
/** Observations of a round; all others are loaded between the first and the last. */
const ROUND = 200_000;
/** So often it is asked how far all is; each question is work for the server, too. */
const POLL_MS = 100;
/** What nobody needs any more goes back when nothing happens. */
const REST_MS = 60_000;
/** So often it is asked how long anything waits before midnight. */
const PROBES_AT_REST = 300;

/**
 * Signals (signals §7): registrations and observations a second from NDJSON to decided, beside raw XADD; what a subject and an
 * observation take in memory; a start; and a midnight that changes nearly everybody, with what it holds up.
 */
export async function benchSignals({ pack, subjects, observations: wanted, postgres }: SignalsOptions): Promise<void> {
  process.stdout.write(
    `\nSignals: ${subjects.toLocaleString('en')} subjects, ${wanted.toLocaleString('en')} observations\n`,
  );
  const dataDir = mkdtempSync(join(tmpdir(), 'wagewatch-bench-'));
  const clock = join(dataDir, 'clock');
  writeFileSync(clock, '0');
  const options = `${process.env.NODE_OPTIONS ?? ''} --import ${join(PROJECT_ROOT, 'tests/support/clock.mjs')}`;
  const env = { NODE_OPTIONS: options.trim(), CLOCK_FILE: clock };
  let server = await startBenchServer(dataDir, env);
  try {
    await putInForce(server, pack);
    const now = Date.now();
    const empty = await sizes(server, pack.code);
    const register = registrations(pack, subjects, now);
    await load(server, 'registrations', register, subjects);
    const registered = await sizes(server, pack.code);
    const round = (at: number) =>
      observations(pack, subjects, Math.min(ROUND, wanted - at), { firstId: 5_000_000 + at, seed: 7 + at, now });
    for (let at = 0; at < wanted; at += ROUND) {
      const count = Math.min(ROUND, wanted - at);
      const buffers = round(at);
      const measured = at === 0 || at + ROUND >= wanted;
      const raw = measured ? await rawXadd(server, buffers, count) : undefined;
      await load(server, `observations ${at + 1} to ${at + count}`, buffers, count, raw?.ms);
    }
    const full = await sizes(server, pack.code);
    row(
      '  Redis, without observations as they came',
      mib(full.redis - full.raw - empty.redis),
      `aim 250 MiB; ${bytes(registered.redis - empty.redis, subjects)} a subject, ${bytes(full.redis - full.raw - registered.redis, wanted)} an observation`,
    );
    row('  observations as they came', bytes(full.raw, wanted), 'each; aim 30 bytes');
    row('  server', mib(full.server - empty.server), `more than without (${mib(full.server)} in all); aim 200 MiB`);
    const told = async (when: string) => {
      const { server: now } = await sizes(server, pack.code);
      row(`  … ${when}`, mib(now - empty.server), `more than without (${mib(now)} in all)`);
    };
    await sleep(REST_MS);
    await told('after a minute of rest');
    const all = function* () {
      for (let at = 0; at < wanted; at += ROUND) yield round(at);
    };
    if (postgres) await benchBesideNightly(server, pack, { register, observations: all, now });
    await server.stop();
    server = await startBenchServer(dataDir, env);
    const started = performance.now();
    await until(
      async () =>
        ((await (await fetch(`${server.url}/readyz`)).json()) as { checks?: Record<string, string> }).checks?.[
          `signals ${pack.code}`
        ] === 'ok',
    );
    row(
      '  start, to its address',
      ms(server.startMs),
      `then ${ms(performance.now() - started)} until all subjects are there to be asked for`,
    );
    await sleep(REST_MS);
    await told('a minute after that');
    await midnight(server, pack.code, clock, subjects);
    await told('after midnight');
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function putInForce(server: BenchServer, { code }: RegionPack): Promise<void> {
  const rules = benchRules(code);
  const send = async (path: string, body: object) => {
    const response = await fetch(`${server.url}${path}?region=${code}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  await send('/api/v1/rules', rules);
  await send(`/api/v1/rules/${rules.version}/activate`, { why: 'bench', raises: 0 });
  // The engine begins when there is something to decide; how often it looks is no part of what is measured.
  await until(async () => (await server.metric('wagewatch_signals_lease_held')) === 1);
}

async function load(
  server: BenchServer,
  what: string,
  buffers: Buffer[],
  count: number,
  rawMs?: number,
): Promise<void> {
  const before = await server.metric(DECIDED);
  const used = cpuOf(server);
  const started = performance.now();
  const response = await fetch(`${server.url}/api/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: Readable.toWeb(Readable.from(buffers)) as unknown as ReadableStream,
    duplex: 'half',
  } as RequestInit);
  if (response.status !== 202) throw new Error(`${response.status} ${await response.text()}`);
  await untilMetric(server, DECIDED, before + count, Infinity, POLL_MS);
  const taken = performance.now() - started;
  const raw = rawMs === undefined ? '' : `; raw XADD ${perSecond(count, rawMs)}, ratio ${(rawMs / taken).toFixed(2)}`;
  row(`  ${what}, NDJSON to decided`, perSecond(count, taken), `CPU each: ${used(count)}${raw}`);
}

/** Starts to count the processor's time; what comes back tells it, for each of so many. */
function cpuOf({ pid, redisPid }: BenchServer): (count: number) => string {
  const [server, redis] = [cpuSeconds(pid), cpuSeconds(redisPid)];
  const each = (seconds: number, count: number) => `${((seconds * 1e6) / count).toFixed(0)} µs`;
  return (count) =>
    `server ${each(cpuSeconds(pid) - server, count)}, Redis ${each(cpuSeconds(redisPid) - redis, count)}`;
}

interface Sizes {
  /** All that Redis holds, and of it the observations as they came, bytes. */
  redis: number;
  raw: number;
  /** Resident. */
  server: number;
}

async function sizes(server: BenchServer, region: string): Promise<Sizes> {
  const redis = openRedis(server);
  try {
    const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))![1]);
    let raw = 0;
    for (const key of await redis.keys(`{${region}}:signals:raw:*`))
      raw += Number(await redis.call('MEMORY', 'USAGE', key, 'SAMPLES', '0'));
    return { redis: used, raw, server: residentBytes(server.pid) };
  } finally {
    redis.disconnect();
  }
}

const openRedis = (server: BenchServer): RedisClient =>
  createRedis({ kind: 'socket', path: server.socketPath }, { role: 'commands', log: createLogger('silent') });

/** The clock goes to the next day: how long until everybody has been looked at, and how long anything waits for that meanwhile. */
async function midnight(server: BenchServer, region: string, clock: string, subjects: number): Promise<void> {
  const redis = openRedis(server);
  // The engine takes its lease when it has loaded its state; what this start has left to do is over.
  await until(async () => (await server.metric('wagewatch_signals_lease_held')) === 1);
  await until(async () => !((await server.metric('wagewatch_signals_waiting')) > 0));
  const before = newProbes();
  while (before.answers.length < PROBES_AT_REST) await probe(server, redis, before);
  const used = cpuOf(server);
  writeFileSync(clock, String(DAY_MS));
  const started = performance.now();
  const meanwhile = newProbes();
  let looked = false;
  for (;;) {
    await probe(server, redis, meanwhile);
    const waiting = await server.metric('wagewatch_signals_waiting');
    looked ||= waiting > 0;
    if (looked && waiting === 0) break;
    if (!looked && performance.now() - started > 30_000) throw new Error(`midnight has come to nobody of ${region}`);
  }
  redis.disconnect();
  row(
    '  midnight, until all have been looked at',
    ms(performance.now() - started),
    `aim 10 s; CPU a subject: ${used(subjects)}`,
  );
  tellProbes('  meanwhile an answer of the server', meanwhile);
  tellProbes('  … at rest, just before', before);
}

/** How long an answer of the server took, and one of Redis, ms. */
interface Probes {
  answers: number[];
  pings: number[];
}
const newProbes = (): Probes => ({ answers: [], pings: [] });

async function probe(server: BenchServer, redis: RedisClient, { answers, pings }: Probes): Promise<void> {
  const asked = performance.now();
  await (await fetch(`${server.url}/healthz`)).text();
  answers.push(performance.now() - asked);
  const pinged = performance.now();
  await redis.ping();
  pings.push(performance.now() - pinged);
}

function tellProbes(what: string, { answers, pings }: Probes): void {
  const [answer, ping] = [spreadOf(answers), spreadOf(pings)];
  row(
    what,
    `max ${ms(answer.max)}`,
    `p99 ${ms(answer.p99)}, p50 ${ms(answer.p50)}; of Redis max ${ms(ping.max)}, p99 ${ms(ping.p99)}, p50 ${ms(ping.p50)}`,
  );
}

async function until(check: () => Promise<boolean>): Promise<void> {
  while (!(await check())) await sleep(50);
}

const bytes = (all: number, of: number): string => `${(all / of).toFixed(0)} B`;
