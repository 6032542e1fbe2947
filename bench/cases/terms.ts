import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOUR_MS, MINUTE_MS, toRfc3339 } from '../../common/regionTime.ts';
import type { RegionPack } from '../../contract/region.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { mib, ms, perSecond, row, spreadOf } from '../measure.ts';
import {
  cpuSeconds,
  memoryOf,
  residentBytes,
  startBenchServer,
  untilMetric,
  type BenchServer,
} from '../serverProcess.ts';
import { countNdjson } from '../throughput.ts';

/** A rest is looked at for so long. */
const REST_MS = 20_000;
const CHUNK = 1_000;
const LONGEST_MS = 10 * 60_000;
/** The term of a yellow alert to be dispatched, as the pack has it, is 4 h: at half of it somebody is told, past it the unit is urged. */
const HALF_MS = 2 * HOUR_MS + MINUTE_MS;
const PAST_MS = 4 * HOUR_MS + MINUTE_MS;

/** What the clock's terms cost (docs/casework.md §3): many open cases at rest, at a start, and at moments when a rung of all of them comes at once. */
export async function benchTerms({ pack, cases }: { pack: RegionPack; cases: number }): Promise<void> {
  process.stdout.write(`\nTerms of ${cases.toLocaleString('en')} open cases\n`);
  const dataDir = mkdtempSync(join(tmpdir(), 'wagewatch-bench-'));
  const clock = join(dataDir, 'clock');
  writeFileSync(clock, '0');
  const options = `${process.env.NODE_OPTIONS ?? ''} --import ${join(PROJECT_ROOT, 'tests/support/clock.mjs')}`;
  const env = { NODE_OPTIONS: options.trim(), CLOCK_FILE: clock };
  let server = await startBenchServer(dataDir, env);
  try {
    await untilMetric(server, 'wagewatch_clock_lease_held', 1, LONGEST_MS);
    await atRest(server, 'with no case');
    const empty = residentBytes(server.pid);
    const buffers = openCases(pack, cases);
    const started = performance.now();
    const counted = await countNdjson(server, buffers, cases);
    await untilMetric(server, 'wagewatch_clock_cases', cases, LONGEST_MS);
    row(
      '  raised, counted and watched',
      perSecond(cases, performance.now() - started),
      `counted ${perSecond(cases, counted.ms)}; ${memoryOf(server)}, server ${mib(residentBytes(server.pid) - empty)} more than without`,
    );
    await atRest(server, 'with all of them');
    await server.stop();
    server = await startBenchServer(dataDir, env);
    const up = performance.now();
    await untilMetric(server, 'wagewatch_clock_cases', cases, LONGEST_MS);
    row('  start, to its address', ms(server.startMs), `then ${ms(performance.now() - up)} until all are watched`);
    for (const [what, skew, metric] of [
      ['half of the term of all has gone', HALF_MS, 'wagewatch_clock_reminded_total'],
      ['the term of all is past', PAST_MS, 'wagewatch_clock_urged_total'],
    ] as const)
      await allAtOnce(server, cases, what, metric, () => writeFileSync(clock, String(skew)));
    await atRest(server, 'after that');
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Alerts that wait to be dispatched, raised at this moment. */
function openCases(pack: RegionPack, cases: number): Buffer[] {
  const buffers: Buffer[] = [];
  for (let made = 0; made < cases; made += CHUNK) {
    const lines = Array.from({ length: Math.min(CHUNK, cases - made) }, (_, i) => {
      const n = made + i;
      const alertId = `C${String(n).padStart(9, '0')}`;
      return JSON.stringify({
        specversion: '1.0',
        id: `${alertId}-0`,
        source: 'urn:bench',
        type: 'wage.alert.raised',
        time: toRfc3339(Date.now()),
        data: {
          alertId,
          region: pack.code,
          town: pack.towns[n % pack.towns.length]!.code,
          tier: 'yellow',
          industry: 'E',
          channel: 'petition',
          enterprise: { name: `某${n % 5_000}号建筑有限公司` },
          workers: 3,
          amountFen: 100_000,
        },
      });
    });
    buffers.push(Buffer.from(`${lines.join('\n')}\n`));
  }
  return buffers;
}

async function atRest(server: BenchServer, what: string): Promise<void> {
  // What was written is settled first.
  await sleep(2_000);
  const before = [cpuSeconds(server.pid), cpuSeconds(server.redisPid)] as const;
  const started = performance.now();
  await sleep(REST_MS);
  const elapsed = (performance.now() - started) / 1000;
  const share = (now: number, then: number) => `${(((now - then) / elapsed) * 100).toFixed(1)} %`;
  row(
    `  at rest ${what}`,
    `${share(cpuSeconds(server.pid), before[0])} of a core`,
    `Redis ${share(cpuSeconds(server.redisPid), before[1])}`,
  );
}

/** The clock is set to a moment at which a rung of every case has come. */
async function allAtOnce(
  server: BenchServer,
  cases: number,
  what: string,
  metric: string,
  go: () => void,
): Promise<void> {
  const said = await server.metric(metric);
  const counted = await server.metric('wagewatch_events_counted_total');
  const before = [cpuSeconds(server.pid), cpuSeconds(server.redisPid)] as const;
  const waits: number[] = [];
  const started = performance.now();
  go();
  while ((await server.metric(metric)) < said + cases) {
    if (performance.now() - started > LONGEST_MS) throw new Error(`${what}: not said after ${LONGEST_MS} ms`);
    const asked = performance.now();
    await (await fetch(`${server.url}/healthz`)).arrayBuffer();
    waits.push(performance.now() - asked);
    await sleep(10);
  }
  const elapsed = performance.now() - started;
  // What the clock urges is counted like any other event.
  if (metric.includes('urged'))
    await untilMetric(server, 'wagewatch_events_counted_total', counted + cases, LONGEST_MS);
  const { p50, p99, max } = spreadOf(waits);
  const each = (seconds: number) => `${((seconds * 1e6) / cases).toFixed(0)} µs`;
  row(
    `  ${what}, until all are told`,
    ms(elapsed),
    `${perSecond(cases, elapsed)}; CPU each: server ${each(cpuSeconds(server.pid) - before[0])}, Redis ${each(cpuSeconds(server.redisPid) - before[1])}; meanwhile an answer p99 ${ms(p99)}, p50 ${ms(p50)}, longest ${ms(max)}`,
  );
}
