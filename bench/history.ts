import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS } from '../contract/regionTime.ts';
import type { RegionPack } from '../contract/region.ts';
import { PROJECT_ROOT } from '../server/redis/projectRoot.ts';
import { collectEvents } from './events.ts';
import { freshness } from './freshness.ts';
import { median, mib, ms, perSecond, row, spreadOf, timed } from './measure.ts';
import { cpuSeconds, memoryOf, startBenchServer, type BenchServer } from './serverProcess.ts';
import { countNdjson } from './throughput.ts';

const YEARS_MS = 3 * 365 * DAY_MS;
/** Alerts of a part: the whole history is never in this process' memory. */
const PART = 20_000;
const ROUND = 100_000;
const ROUNDS = 5;
const FRAMES = 200;

export interface HistoryOptions { pack: RegionPack; events: number; seconds: number }

interface Standing { throughput: number; cpuUs: number; freshP99: number; frameP50: number }

/** `npm run bench -- --only history`: what a tenth of a history costs beside all of it, then export and rebuild of all. */
export async function benchHistory({ pack, events, seconds }: HistoryOptions): Promise<void> {
  process.stdout.write(`\nA history of ${events.toLocaleString('en')} events\n`);
  const dataDir = mkdtempSync(join(tmpdir(), 'wagewatch-bench-'));
  const filler = new Filler(pack);
  let server = await startBenchServer(dataDir);
  try {
    await filler.fill(server, events / 10);
    server = await again(server, dataDir);
    const tenth = await standing(server, filler, seconds, 'with a tenth');
    await filler.fill(server, events);
    server = await again(server, dataDir);
    const whole = await standing(server, filler, seconds, 'with all of it');
    const beside = (of: keyof Standing) => `${((whole[of] / tenth[of]) * 100).toFixed(0)} %`;
    row('  all beside a tenth', beside('throughput'), `of the throughput; ${beside('cpuUs')} of the CPU an event, ${beside('freshP99')} of the p99 accepted to shown, ${beside('frameP50')} of the time of a frame`);
    await server.stop();
    const file = join(dataDir, 'events.ndjson.gz');
    const exported = await tool('export', ['--file', file], dataDir);
    row('  export', ms(exported), `${mib(statSync(file).size)} gzip`);
    const rebuilt = await tool('rebuild', ['--from', file, '--yes'], dataDir);
    row('  rebuild', ms(rebuilt), perSecond(filler.sent, rebuilt));
    row('  verify', ms(await tool('verify/verify', [], dataDir)), 'every figure anew from the documents, no difference');
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Sends events of whole lives, each alert once. */
class Filler {
  sent = 0;
  private alerts = 0;
  private readonly pack: RegionPack;

  constructor(pack: RegionPack) {
    this.pack = pack;
  }

  async fill(server: BenchServer, upTo: number): Promise<void> {
    const first = this.sent;
    const started = performance.now();
    while (this.sent < upTo) await this.add(server, { alerts: PART });
    row(`  ${(this.sent - first).toLocaleString('en')} events taken in`, perSecond(this.sent - first, performance.now() - started), 'making them included');
  }

  async add(server: BenchServer, size: { alerts: number } | { events: number }) {
    const now = Date.now();
    const { buffers, events } = collectEvents({ pack: this.pack, ...size, firstAlert: this.alerts, from: now - YEARS_MS, to: now - DAY_MS });
    this.alerts += 'alerts' in size ? size.alerts : size.events;
    this.sent += events;
    return countNdjson(server, buffers, events);
  }
}

async function again(server: BenchServer, dataDir: string): Promise<BenchServer> {
  await server.stop();
  const next = await startBenchServer(dataDir);
  row('  up again', ms(next.startMs), memoryOf(next));
  return next;
}

async function standing(server: BenchServer, filler: Filler, seconds: number, name: string): Promise<Standing> {
  const rates: number[] = [];
  const costs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = cpuSeconds(server.pid) + cpuSeconds(server.redisPid);
    const counted = await filler.add(server, { events: ROUND });
    rates.push((counted.events / counted.ms) * 1000);
    costs.push(((cpuSeconds(server.pid) + cpuSeconds(server.redisPid) - before) / counted.events) * 1e6);
  }
  const { p50, p99 } = await freshness(server.url, 1000, seconds);
  const frame = spreadOf(await timed(FRAMES, async () => (await fetch(`${server.url}/api/v1/snapshot?window=365d`)).arrayBuffer()));
  const result = { throughput: median(rates), cpuUs: median(costs), freshP99: p99, frameP50: frame.p50 };
  row(`  ${name}`, `${Math.round(result.throughput).toLocaleString('en')}/s`,
    `counted, ${result.cpuUs.toFixed(0)} µs of CPU an event; accepted to shown at 1,000/s p50 ${ms(p50)}, p99 ${ms(p99)}; a frame of a year p50 ${ms(frame.p50)}, p99 ${ms(frame.p99)}`);
  return result;
}

/** Runs a tool beside no server, with a server's own Redis. @returns how long it took, ms @throws when it fails */
async function tool(name: string, args: string[], dataDir: string): Promise<number> {
  const started = performance.now();
  const child = spawn(process.execPath, [join(PROJECT_ROOT, `dist/tools/${name}.js`), ...args], { env: { PATH: process.env.PATH, DATA_DIR: dataDir }, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (part: Buffer) => { output += part.toString(); });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${output}`);
  return performance.now() - started;
}
