import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS } from '../common/regionTime.ts';
import type { RegionPack } from '../contract/region.ts';
import { collectEvents } from './events.ts';
import { freshness } from './freshness.ts';
import { median, mib, ms, perSecond, row, spreadOf, timed } from './measure.ts';
import { cpuSeconds, memoryOf, startBenchServer, type BenchServer } from './serverProcess.ts';
import { countNdjson } from './throughput.ts';
import { runTool } from './tool.ts';

const HISTORY_MS = 3 * 365 * DAY_MS;
const RECENT_MS = 30 * DAY_MS;
/** Alerts of a part: the whole history is never in this process' memory. */
const PART = 20_000;
/** In turns, one history and the other: a machine that slows down for a while does so for both. */
const ROUND = 25_000;
const ROUNDS = 10;
const FRAMES = 40;

export interface HistoryOptions {
  pack: RegionPack;
  events: number;
  seconds: number;
}

interface Side {
  name: string;
  server: BenchServer;
  filler: Filler;
  counting: Record<'rate' | 'server' | 'redis', number[]>;
  fresh: number[];
  frames: number[];
}

/** `npm run bench -- --only history`: what a tenth of a history costs beside all of it, then export and rebuild of all. */
export async function benchHistory({ pack, events, seconds }: HistoryOptions): Promise<void> {
  process.stdout.write(`\nA history of ${events.toLocaleString('en')} events\n`);
  const home = mkdtempSync(join(tmpdir(), 'wagewatch-bench-'));
  const [tenthDir, dataDir] = [join(home, 'tenth'), join(home, 'all')];
  const servers: BenchServer[] = [];
  const start = async (dir: string, name: string) => {
    const server = await startBenchServer(dir);
    servers.push(server);
    row(`  up with ${name}`, ms(server.startMs), memoryOf(server));
    return server;
  };
  try {
    const filler = new Filler(pack);
    await filler.fill(dataDir, events / 10);
    cpSync(dataDir, tenthDir, { recursive: true });
    const tenthFiller = filler.copy();
    await filler.fill(dataDir, events);
    const side = async (dir: string, name: string, its: Filler): Promise<Side> => ({
      name,
      server: await start(dir, name),
      filler: its,
      counting: { rate: [], server: [], redis: [] },
      fresh: [],
      frames: [],
    });
    const tenth = await side(tenthDir, 'a tenth', tenthFiller);
    const whole = await side(dataDir, 'all of it', filler);
    await beside([tenth, whole], seconds);
    for (const server of servers) await server.stop();
    const file = join(home, 'events.ndjson.gz');
    const exported = await runTool('export', ['--file', file], dataDir);
    row('  export', ms(exported), `${mib(statSync(file).size)} gzip`);
    const rebuilt = await runTool('rebuild', ['--from', file, '--yes'], dataDir);
    row('  rebuild', ms(rebuilt), perSecond(filler.sent, rebuilt));
    row(
      '  verify',
      ms(await runTool('verify/verify', [], dataDir)),
      'every figure anew from the documents, no difference',
    );
  } finally {
    for (const server of servers) await server.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

/** Measures both in turns, and tells each and how they stand. */
async function beside(sides: readonly [Side, Side], seconds: number): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) for (const side of sides) await count(side);
  for (let round = 0; round < 2; round++)
    for (const side of sides) side.fresh.push((await freshness(side.server.url, 1000, seconds)).p99);
  for (let round = 0; round < ROUNDS; round++) {
    for (const { server, frames } of sides)
      frames.push(
        ...(await timed(FRAMES, async () => (await fetch(`${server.url}/api/v1/snapshot?window=365d`)).arrayBuffer())),
      );
  }
  for (const {
    name,
    counting: { rate, server, redis },
    fresh,
    frames,
  } of sides) {
    row(
      `  counted with ${name}`,
      `${Math.round(median(rate)).toLocaleString('en')}/s`,
      `CPU of an event ${median(server).toFixed(1)} µs in the server, ${median(redis).toFixed(1)} in Redis; accepted to shown at 1,000/s p99 ${ms(median(fresh))}; a frame of a year p50 ${ms(median(frames))}, p99 ${ms(spreadOf(frames).p99)}`,
    );
  }
  const ratio = (of: (side: Side) => number) => `${((of(sides[1]) / of(sides[0])) * 100).toFixed(0)} %`;
  const both = ({ counting: { server, redis } }: Side) => median(server) + median(redis);
  row(
    '  all beside a tenth',
    ratio(({ counting }) => median(counting.rate)),
    `of the throughput; ${ratio(both)} of the CPU of an event (server ${ratio(({ counting }) => median(counting.server))}, Redis ${ratio(({ counting }) => median(counting.redis))}), ${ratio(({ fresh }) => median(fresh))} of the p99 accepted to shown, ${ratio(({ frames }) => median(frames))} of the time of a frame`,
  );
}

/** Has a round of events of these weeks counted, as a region's come. */
async function count({ server, filler, counting }: Side): Promise<void> {
  const [ours, redis] = [cpuSeconds(server.pid), cpuSeconds(server.redisPid)];
  const counted = await filler.add(server, { events: ROUND }, RECENT_MS);
  const perEvent = (pid: number, before: number) => ((cpuSeconds(pid) - before) / counted.events) * 1e6;
  counting.rate.push((counted.events / counted.ms) * 1000);
  counting.server.push(perEvent(server.pid, ours));
  counting.redis.push(perEvent(server.redisPid, redis));
}

/** Sends events of whole lives, each alert once. */
class Filler {
  sent = 0;
  private alerts = 0;
  private readonly pack: RegionPack;

  constructor(pack: RegionPack) {
    this.pack = pack;
  }

  /** One that goes on from here by itself. */
  copy(): Filler {
    const other = new Filler(this.pack);
    [other.sent, other.alerts] = [this.sent, this.alerts];
    return other;
  }

  /** Starts a server on a folder, sends it history, and stops it. */
  async fill(dataDir: string, upTo: number): Promise<void> {
    const server = await startBenchServer(dataDir);
    const first = this.sent;
    const started = performance.now();
    try {
      while (this.sent < upTo) await this.add(server, { alerts: PART });
      row(
        `  ${(this.sent - first).toLocaleString('en')} events taken in`,
        perSecond(this.sent - first, performance.now() - started),
        'making them included',
      );
    } finally {
      await server.stop();
    }
  }

  /** @param spanMs how long ago the first of them are raised; the last a day ago */
  async add(server: BenchServer, size: { alerts: number } | { events: number }, spanMs = HISTORY_MS) {
    const now = Date.now();
    const { buffers, events } = collectEvents({
      pack: this.pack,
      ...size,
      firstAlert: this.alerts,
      from: now - spanMs,
      to: now - DAY_MS,
    });
    this.alerts += 'alerts' in size ? size.alerts : size.events;
    this.sent += events;
    return countNdjson(server, buffers, events);
  }
}
