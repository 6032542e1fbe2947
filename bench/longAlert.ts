import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_EVENTS_OF_ALERT, MAX_EVENTS_OF_SOURCE, OWN_SOURCE } from '../contract/alertLimits.ts';
import type { RegionPack } from '../contract/region.ts';
import type { AlertDetail, AlertList, IngestAnswer } from '../contract/rest.ts';
import { DAY_MS, HOUR_MS, toRfc3339 } from '../common/regionTime.ts';
import { createLogger } from '../server/platform/log.ts';
import { createRedis, type RedisClient } from '../server/platform/redis/connect.ts';
import { createDeadLetters } from '../server/streams/intake/deadLetters.ts';
import { createDeadLetterStore } from '../server/streams/intake/deadLetterStore.ts';
import { createIntake, type Intake } from '../server/streams/intake/intake.ts';
import { createLetterFiles } from '../server/streams/intake/letterFiles.ts';
import { createValidator, rulesOf } from '../server/streams/intake/validate.ts';
import { streamKeys } from '../server/streams/keys.ts';
import { openRegionStreams } from '../server/streams/regionStreams.ts';
import { SILENT } from '../server/streams/telemetry.ts';
import { collectEvents } from './events.ts';
import { median, ms, perSecond, row, spreadOf } from './measure.ts';
import { cpuSeconds, startBenchServer, untilMetric, type BenchServer } from './serverProcess.ts';
import { countNdjson } from './throughput.ts';
import { runTool } from './tool.ts';

const LOG = createLogger('silent');
const LONG = 'LONG-1';
const ROUNDS = 5;
/** Events of others that are counted in a round. */
const ROUND = 25_000;
/** Events that the long alert gets a second meanwhile. */
const ADDED_A_SECOND = 100;
const ADDED_AT_ONCE = 10;
const LISTED = 30;

export interface LongAlertOptions {
  pack: RegionPack;
  /** Of the long alert. */
  events: number;
}

/** One of the two servers that are measured in turns. */
interface Side {
  name: string;
  server: BenchServer;
  /** Adds events to its long alert, as the desk would; resolves with how many when `signal` aborts. */
  add?: (signal: AbortSignal) => Promise<number>;
  rates: number[];
  cpu: number[];
  listed: number[];
}

/**
 * `npm run bench -- --only longAlert`: an alert with very many events, which `rebuild` takes and the way in refuses; and what
 * the others notice of it while the program's own desk adds to it, beside a region that has no such alert.
 */
export async function benchLongAlert({ pack, events }: LongAlertOptions): Promise<void> {
  process.stdout.write(`\nAn alert with ${events.toLocaleString('en')} events\n`);
  const home = mkdtempSync(join(tmpdir(), 'wagewatch-bench-'));
  const [longDir, plainDir] = [join(home, 'long'), join(home, 'plain')];
  const servers: BenchServer[] = [];
  let redis: RedisClient | undefined;
  try {
    const file = join(home, 'events.ndjson');
    writeFileSync(file, lifeOf(pack, events));
    row('  rebuild of all its events', perSecond(events, await runTool('rebuild', ['--from', file, '--yes'], longDir)));
    const long = await startBenchServer(longDir);
    servers.push(long);
    const plain = await startBenchServer(plainDir);
    servers.push(plain);
    row('  up with it', ms(long.startMs), `without it ${ms(plain.startMs)}`);

    redis = createRedis({ kind: 'socket', path: long.socketPath }, { role: 'commands', log: LOG });
    const desk = ownIntake(pack, redis, home);
    const sides: readonly [Side, Side] = [
      { name: 'without it', server: plain, rates: [], cpu: [], listed: [] },
      {
        name: `beside it, which gets ${ADDED_A_SECOND} events a second more`,
        server: long,
        add: adding(pack, desk),
        rates: [],
        cpu: [],
        listed: [],
      },
    ];
    await measure(pack, sides);
    const sizes = await feedSizes(redis, pack, desk);
    row('  an entry of the feed for a further event', `${Math.round(median(sizes))} B`, `max ${Math.max(...sizes)} B`);
    await detail(long);
    await alone(pack, desk, long);
    await refused(pack, plain);
  } finally {
    redis?.disconnect();
    for (const server of servers) await server.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

let made = 0;

function eventOf(pack: RegionPack, type: string, source: string, time: number, data: object) {
  const id = `l-${++made}`;
  return { specversion: '1.0', id, source, type, time: toRfc3339(time), data: { region: pack.code, ...data } };
}

function raisedOf(pack: RegionPack, alertId: string, source: string, time: number) {
  return eventOf(pack, 'wage.alert.raised', source, time, {
    alertId,
    tier: pack.tiers[0]!.tier,
    town: pack.towns[0]!.code,
    industry: 'E',
    channel: 'wage-account',
    enterprise: { name: '某建筑劳务有限公司' },
    workers: 5,
    amountFen: 10_000_00,
  });
}

const recoveredOf = (pack: RegionPack, alertId: string, source: string, time: number) =>
  eventOf(pack, 'wage.wages.recovered', source, time, { alertId, amountFen: 1_00, workers: 1 });

/** As many events of one alert, from four sources, over the last month, as NDJSON. */
function lifeOf(pack: RegionPack, events: number): string {
  const start = Date.now() - 30 * DAY_MS;
  const lines = [JSON.stringify(raisedOf(pack, LONG, 'urn:bench:0', start))];
  for (let n = 1; n < events; n++) {
    const time = start + Math.floor((n / events) * 29 * DAY_MS);
    lines.push(JSON.stringify(recoveredOf(pack, LONG, `urn:bench:${n % 4}`, time)));
  }
  return `${lines.join('\n')}\n`;
}

/** The way in for the program's own events, which are never refused for their number. */
function ownIntake(pack: RegionPack, redis: RedisClient, home: string): Intake {
  const streams = openRegionStreams(redis, pack.code);
  return createIntake({
    validate: createValidator(rulesOf([pack])),
    regions: () => streams,
    deadLetters: createDeadLetters(createDeadLetterStore(redis), createLetterFiles(join(home, 'dead-letters')), LOG),
    telemetry: SILENT,
    now: () => Date.now(),
  });
}

async function submit(pack: RegionPack, desk: Intake, count: number): Promise<void> {
  const events = Array.from({ length: count }, () => recoveredOf(pack, LONG, `${OWN_SOURCE}desk`, Date.now()));
  const { accepted, refused } = await desk.submit(events);
  if (accepted !== count) throw new Error(`the desk was refused: ${JSON.stringify(refused[0])}`);
}

function adding(pack: RegionPack, desk: Intake): NonNullable<Side['add']> {
  return async (signal) => {
    const started = performance.now();
    let added = 0;
    while (!signal.aborted) {
      await submit(pack, desk, ADDED_AT_ONCE);
      added += ADDED_AT_ONCE;
      await sleep(Math.max(0, (added / ADDED_A_SECOND) * 1000 - (performance.now() - started)));
    }
    return added;
  };
}

/** Both in turns: events of others counted, then how soon an alert of another source is listed. */
async function measure(pack: RegionPack, sides: readonly [Side, Side]): Promise<void> {
  let firstAlert = 0;
  const now = Date.now();
  const meanwhile = async <T>({ add }: Side, work: () => Promise<T>): Promise<T> => {
    const stop = new AbortController();
    const added = add?.(stop.signal);
    try {
      return await work();
    } finally {
      stop.abort();
      await added;
    }
  };
  for (let round = 0; round < ROUNDS; round++) {
    const { buffers, events } = collectEvents({
      pack,
      events: ROUND,
      firstAlert,
      from: now - 30 * DAY_MS,
      to: now - DAY_MS,
    });
    firstAlert += ROUND;
    for (const side of sides) {
      const { server, rates, cpu } = side;
      await meanwhile(side, async () => {
        const before = cpuSeconds(server.pid);
        const counted = await countNdjson(server, buffers, events);
        rates.push((counted.events / counted.ms) * 1000);
        cpu.push(((cpuSeconds(server.pid) - before) / events) * 1e6);
      });
    }
  }
  for (const side of sides)
    await meanwhile(side, async () => side.listed.push(...(await untilListed(pack, side.server))));
  for (const { name, rates, cpu, listed } of sides) {
    const { p50, max } = spreadOf(listed);
    row(
      `  others' events, ${name}`,
      `${Math.round(median(rates)).toLocaleString('en')}/s`,
      `CPU ${median(cpu).toFixed(1)} µs an event; another's alert is listed after ${ms(p50)} (median of ${LISTED}, max ${ms(max)})`,
    );
  }
  const [plain, long] = sides;
  row('  beside it', `${Math.round((median(long.rates) / median(plain.rates)) * 100)} %`, 'of the rate without it');
}

/** From posting an alert of another source until a list shows it, ms, one after the other. */
async function untilListed(pack: RegionPack, { url }: BenchServer): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < LISTED; n++) {
    const alertId = `OTHER-${process.pid}-${++made}`;
    const started = performance.now();
    const answer = await post(url, [raisedOf(pack, alertId, 'urn:bench:other', Date.now())]);
    if (answer.accepted !== 1) throw new Error(JSON.stringify(answer));
    while (((await (await fetch(`${url}/api/v1/alerts?q=${alertId}`)).json()) as AlertList).total !== 1) await sleep(2);
    times.push(performance.now() - started);
  }
  return times;
}

/** Bytes of what the feed carries for each further event of the long alert. */
async function feedSizes(redis: RedisClient, pack: RegionPack, desk: Intake): Promise<number[]> {
  const { changes } = streamKeys(pack.code);
  const sizes: number[] = [];
  for (let n = 0; n < 20; n++) {
    const [before] = (await redis.xrevrange(changes, '+', '-', 'COUNT', 1))[0]!;
    await submit(pack, desk, 1);
    let newest = before;
    let fields: string[] = [];
    while (newest === before) [newest, fields] = (await redis.xrevrange(changes, '+', '-', 'COUNT', 1))[0]!;
    sizes.push(fields.reduce((sum, text) => sum + Buffer.byteLength(text), 0));
  }
  return sizes;
}

async function detail({ url }: BenchServer): Promise<void> {
  const times: number[] = [];
  let bytes = 0;
  let shown: AlertDetail | undefined;
  for (let n = 0; n < 10; n++) {
    const started = performance.now();
    const text = await (await fetch(`${url}/api/v1/alerts/${LONG}`)).text();
    times.push(performance.now() - started);
    bytes = Buffer.byteLength(text);
    shown = JSON.parse(text) as AlertDetail;
  }
  row(
    '  its detail',
    `${(bytes / 1024).toFixed(0)} KiB`,
    `${shown!.events.length} events on the first page, in ${ms(median(times))}`,
  );
}

/** Nothing else comes: how fast the desk's own further events are counted. */
async function alone(pack: RegionPack, desk: Intake, server: BenchServer): Promise<void> {
  const before = await server.metric('wagewatch_events_counted_total');
  const events = 5_000;
  const started = performance.now();
  await submit(pack, desk, events);
  await untilMetric(server, 'wagewatch_events_counted_total', before + events);
  row(
    '  further events of its own',
    perSecond(events, performance.now() - started),
    'submitted from inside, none refused',
  );
}

/** What sources are told that write too much about one alert: each sends until it is refused, and once more. */
async function refused(pack: RegionPack, server: BenchServer): Promise<void> {
  const alertId = `FULL-${process.pid}`;
  const now = Date.now() - HOUR_MS;
  await post(server.url, [raisedOf(pack, alertId, 'urn:bench:a', now)]);
  for (const source of ['urn:bench:a', 'urn:bench:b', 'urn:bench:c']) {
    const batch = (count: number) => Array.from({ length: count }, () => recoveredOf(pack, alertId, source, now));
    let accepted = 0;
    for (let full = false; !full;) {
      const before = await server.metric('wagewatch_events_counted_total');
      const answer = await post(server.url, batch(100));
      accepted += answer.accepted;
      full = answer.rejectedTotal > 0;
      await untilMetric(server, 'wagewatch_events_counted_total', before + answer.accepted);
    }
    const { rejected } = await post(server.url, batch(1));
    row(`  ${source}, batches of 100`, `${accepted} accepted`, `then rejected: ${rejected[0]!.problem}`);
  }
  row('  limits', `${MAX_EVENTS_OF_SOURCE} / ${MAX_EVENTS_OF_ALERT}`, 'events of one source, of all');
}

async function post(url: string, events: readonly object[]): Promise<IngestAnswer> {
  const response = await fetch(`${url}/api/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents-batch+json' },
    body: JSON.stringify(events),
  });
  const answer = (await response.json()) as IngestAnswer;
  if (!Array.isArray(answer.rejected)) throw new Error(`${response.status} ${JSON.stringify(answer)}`);
  return answer;
}
