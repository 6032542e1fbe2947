import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dateOf, DAY_MS, floorTo, midnight, toRfc3339 } from '../common/regionTime.ts';
import type { RegionPack } from '../contract/region.ts';
import { collectEvents } from './events.ts';
import { mib, ms, perSecond, row, spreadOf } from './measure.ts';
import { ping } from './ping.ts';
import { cpuSeconds, memoryOf, residentBytes, startBenchServer, type BenchServer } from './serverProcess.ts';
import { countNdjson } from './throughput.ts';

/** Two years, so that reports have what they are compared with. */
const HISTORY_MS = 2 * 365 * DAY_MS;
const ROUNDS = 3;
const LOOK_MS = 20;

/** The reports that are measured, as they are asked for. */
function orders(pack: RegionPack, now: number): Record<string, Record<string, string>> {
  const { year, month } = dateOf(now);
  const lastMonth = toRfc3339(midnight(year, month, 1) - DAY_MS);
  const today = floorTo(now, DAY_MS);
  const [unit] = pack.units ?? [];
  return {
    monthly: { kind: 'monthly', at: lastMonth },
    yearly: { kind: 'yearly', at: toRfc3339(midnight(year, 1, 1) - DAY_MS) },
    daily: { kind: 'daily', at: toRfc3339(today - DAY_MS) },
    // Much of what was open then has been closed since.
    'a month of last year': {
      kind: 'special',
      from: toRfc3339(today - 430 * DAY_MS),
      to: toRfc3339(today - 400 * DAY_MS),
    },
    ...(unit ? { 'monthly, of a unit': { kind: 'monthly', at: lastMonth, about: 'unit', unit: unit.code } } : {}),
    'monthly, supervision': { kind: 'monthly', at: lastMonth, about: 'supervision' },
  };
}

/** `npm run bench -- --only reports`: reports of a district, and how long other requests wait meanwhile. @param sizes alerts of two years */
export async function benchReports({ pack, sizes }: { pack: RegionPack; sizes: readonly number[] }): Promise<void> {
  for (const alerts of sizes) {
    process.stdout.write(`\nReports of ${pack.code}, ${alerts.toLocaleString('en')} alerts in two years\n`);
    const dataDir = mkdtempSync(join(tmpdir(), 'wagewatch-bench-'));
    let server = await startBenchServer(dataDir);
    try {
      const now = Date.now();
      const { buffers, events } = collectEvents({ pack, alerts, from: now - HISTORY_MS, to: now });
      const counted = await countNdjson(server, buffers, events);
      row(`  ${events.toLocaleString('en')} events counted`, perSecond(events, counted.ms), memoryOf(server));
      // As a site has it: from the checkpoint.
      await server.stop();
      server = await startBenchServer(dataDir);
      row('  up again with all of it', ms(server.startMs), memoryOf(server));
      await alone(server);
      for (const [name, order] of Object.entries(orders(pack, now)))
        await measure(server, name, { scope: pack.code, ...order });
    } finally {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  }
}

/** What another request waits while no report is made. */
async function alone({ url }: BenchServer): Promise<void> {
  const waits: number[] = [];
  const pinging = new AbortController();
  const pinged = ping(url, pinging.signal, waits);
  await sleep(3_000);
  pinging.abort();
  await pinged;
  row('  another request, with no report made', ms(spreadOf(waits).p50), waitsOf(waits));
}

async function measure(server: BenchServer, name: string, order: Record<string, string>): Promise<void> {
  const { url, pid } = server;
  const times: number[] = [];
  const cpu: number[] = [];
  const grown: number[] = [];
  const waits: number[] = [];
  let sizes = '';
  for (let round = 0; round <= ROUNDS; round++) {
    const stop = new AbortController();
    const pinged = ping(url, stop.signal, waits);
    const before = { rss: residentBytes(pid), cpu: cpuSeconds(pid) };
    const most = watchMemory(pid, stop.signal);
    const started = performance.now();
    const answer = await fetch(`${url}/api/v1/reports`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(order),
    });
    const took = performance.now() - started;
    stop.abort();
    await pinged;
    if (answer.status !== 201) throw new Error(`${name}: ${answer.status} ${await answer.text()}`);
    const { files } = (await answer.json()) as { files: Record<string, number> };
    sizes = Object.entries(files)
      .map(([format, bytes]) => `${format} ${Math.round(bytes / 1024)}`)
      .join(', ');
    times.push(took);
    cpu.push((cpuSeconds(pid) - before.cpu) * 1_000);
    grown.push((await most) - before.rss);
  }
  const [first, ...others] = times;
  row(
    `  ${name}, median of ${ROUNDS}`,
    ms(spreadOf(others).p50),
    `the first ${ms(first!)}, longest ${ms(Math.max(...others))}; CPU ${ms(spreadOf(cpu).p50)}; memory +${mib(Math.max(...grown))} at most; meanwhile another request waits ${waitsOf(waits)}; KiB: ${sizes}`,
  );
}

const waitsOf = (waits: readonly number[]): string => {
  const { p50, p99, max, n } = spreadOf(waits);
  return `${ms(p50)}, p99 ${ms(p99)}, longest ${ms(max)} (${n})`;
};

async function watchMemory(pid: number, signal: AbortSignal): Promise<number> {
  let most = 0;
  while (!signal.aborted) {
    most = Math.max(most, residentBytes(pid));
    await sleep(LOOK_MS);
  }
  return most;
}
