import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { end } from '../../testing/endOf.ts';
import { freePort } from '../../testing/freePort.ts';
import type { Frame } from '../../contract/frame.ts';
import { row } from '../measure.ts';
import {
  cpuSeconds,
  residentBytes,
  spawnServer,
  startBenchServer,
  type BenchServer,
  type SpawnedServer,
} from '../serverProcess.ts';
import { openFleet } from './fleet.ts';
import { sendAtPace } from './pace.ts';
import { notShown, shownAtPace } from './shown.ts';

export interface ScreensOptions {
  screens: number[];
  rate: number;
  seconds: number;
  pushProcesses: number[];
}

/** Events a second of the busiest district we know of: 100 alerts with their lives an hour. */
const DISTRICT_RATE = 700 / 3600;
/** What comes after the last event: it is still on its way. */
const AFTER_MS = 2_000;

const raisedNow = async (url: string) =>
  ((await (await fetch(`${url}/api/v1/snapshot?window=24h`)).json()) as Frame).totals.raised;

interface Stand {
  ingest: string;
  push: { url: string; pid: number }[];
}

const cpuOf = (push: Stand['push']) => push.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0);

async function measure(
  { ingest, push }: Stand,
  screens: number,
  rate: number,
  seconds: number,
  name: string,
): Promise<void> {
  // A first connection makes the channel and its rolls.
  await sleep(500);
  const restBefore = push.reduce((sum, { pid }) => sum + residentBytes(pid), 0);
  const fleet = await openFleet({
    urls: push.map(({ url }) => url),
    screens,
    kind: 'wall',
    scope: '330110',
    window: '24h',
  });
  try {
    await sleep(1_000);
    const restAfter = push.reduce((sum, { pid }) => sum + residentBytes(pid), 0);
    const base = await raisedNow(push[0]!.url);
    const shown = await shownAtPace({
      fleet,
      screens,
      ingest: `${ingest}/api/v1/events`,
      rate,
      seconds,
      base,
      cpu: () => cpuOf(push),
      afterMs: AFTER_MS,
    });
    const { report } = shown;
    row(
      `  ${name}`,
      `p99 ${shown.p99}`,
      `p50 ${shown.p50}; push CPU ${shown.cpu.toFixed(0)} % of a core; ${(report.bytes / Math.max(1, report.messages) / 1024).toFixed(1)} KiB a message, ${(report.bytes / 1024 / 1024 / (shown.elapsed + AFTER_MS / 1000)).toFixed(0)} MiB/s; memory ${screens >= 100 ? `${((restAfter - restBefore) / screens / 1024).toFixed(1)} KiB a screen` : '–'}` +
        `${report.closed ? `; ${report.closed} LOST` : ''}${notShown(shown, AFTER_MS)}`,
    );
  } finally {
    await fleet.close();
  }
}

/** What a screen receives in a minute at a district's pace; and what it costs when nothing happens. */
async function atDistrictPace({ ingest, push }: Stand, screens: number, seconds: number): Promise<void> {
  const fleet = await openFleet({
    urls: push.map(({ url }) => url),
    screens,
    kind: 'wall',
    scope: '330110',
    window: '24h',
  });
  try {
    for (const [name, rate] of [
      ['nothing happens', 0],
      ['a busy district', DISTRICT_RATE],
    ] as const) {
      fleet.measure(true);
      const before = cpuOf(push);
      const started = performance.now();
      await sendAtPace(`${ingest}/api/v1/events`, rate, seconds);
      const elapsed = (performance.now() - started) / 1000;
      const used = (cpuOf(push) - before) / elapsed;
      const { bytes } = await fleet.report();
      row(
        `  ${name}`,
        `${(((bytes / screens / elapsed) * 60) / 1024).toFixed(1)} KiB/min`,
        `a screen; CPU ${(used * 100).toFixed(1)} % of a core for ${screens} screens, the counting included`,
      );
    }
  } finally {
    await fleet.close();
  }
}

/** From accepted to shown with many screens, what they cost, and with several push processes. */
export async function benchScreens({ screens, rate, seconds, pushProcesses }: ScreensOptions): Promise<void> {
  process.stdout.write(`\nScreens, at ${rate} events/s (the tick is 250 ms)\n`);
  const dataDir = mkdtempSync(join(tmpdir(), 'wagewatch-bench-'));
  let server: BenchServer | undefined;
  try {
    for (const count of screens) {
      // A fresh one for each, so that the memory of one is not that of the one before.
      server = await startBenchServer(dataDir);
      const stand = { ingest: server.url, push: [server] };
      await sendAtPace(`${server.url}/api/v1/events`, rate, 2);
      await measure(stand, count, rate, seconds, `${count} screen${count > 1 ? 's' : ''}`);
      if (count === Math.max(...screens)) await atDistrictPace(stand, count, Math.max(30, seconds));
      await server.stop();
      server = undefined;
    }
  } finally {
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
  for (const count of pushProcesses) await severalProcesses(count, Math.max(...screens), rate, seconds);
}

/** One process takes in and counts, the others push, all with one Redis, as behind a load balancer. */
async function severalProcesses(count: number, screens: number, rate: number, seconds: number): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'wagewatch-bench-'));
  const port = await freePort();
  const redis = spawn(
    'redis-server',
    [
      '--port',
      String(port),
      '--bind',
      '127.0.0.1',
      '--dir',
      dataDir,
      '--save',
      '',
      '--appendonly',
      'yes',
      '--appendfsync',
      'always',
    ],
    { stdio: 'ignore' },
  );
  const servers: SpawnedServer[] = [];
  try {
    await sleep(1_000);
    const env = { DATA_DIR: dataDir, REDIS_URL: `redis://127.0.0.1:${port}` };
    const ingest = await spawnServer({ ...env, ROLES: 'ingest,worker' });
    servers.push(ingest);
    for (let i = 0; i < count; i++) servers.push(await spawnServer({ ...env, ROLES: 'push' }));
    await sendAtPace(`${ingest.url}/api/v1/events`, rate, 2);
    await measure(
      { ingest: ingest.url, push: servers.slice(1) },
      screens,
      rate,
      seconds,
      `${screens} screens on ${count} push processes`,
    );
  } finally {
    for (const one of servers) await one.stop();
    await end(redis);
    rmSync(dataDir, { recursive: true, force: true });
  }
}
