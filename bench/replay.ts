import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY_MS, floorTo, HOUR_MS, toRfc3339 } from '../common/regionTime.ts';
import type { WindowName } from '../contract/codes.ts';
import type { Frame } from '../contract/frame.ts';
import type { RegionPack } from '../contract/region.ts';
import { SHOWN_DAYS, SHOWN_WINDOWS, type ShownWindow } from '../contract/replayLimits.ts';
import { encodeShown } from '../server/replay/shown/shownFile.ts';
import { collectEvents } from './events.ts';
import { mib, ms, perSecond, row, spreadOf } from './measure.ts';
import { ping } from './ping.ts';
import { cpuSeconds, memoryOf, startBenchServer, type BenchServer } from './serverProcess.ts';
import { countNdjson } from './throughput.ts';

/** A busy district: so many alerts a day, for longer than hours are kept. */
const ALERTS_A_DAY = 900;
const DAYS = 100;
const HOURS = 720;
const ROUNDS = 3;
const WINDOWS: WindowName[] = ['30d', 'today', 'week', 'month', '24h', '365d', 'all'];

/** `npm run bench -- --only replay`: 720 hours of a busy district, beside 720 snapshots, and what kept frames take on disk. */
export async function benchReplay({ pack }: { pack: RegionPack }): Promise<void> {
  process.stdout.write(`\nReplay of ${HOURS} hours, ${ALERTS_A_DAY} alerts a day in ${pack.code}\n`);
  const dataDir = mkdtempSync(join(tmpdir(), 'wagewatch-bench-'));
  let server = await startBenchServer(dataDir);
  try {
    const now = Date.now();
    const { buffers, events } = collectEvents({
      pack,
      alerts: ALERTS_A_DAY * DAYS,
      from: now - DAYS * DAY_MS,
      to: now,
    });
    const counted = await countNdjson(server, buffers, events);
    row(`  ${events.toLocaleString('en')} events counted`, perSecond(events, counted.ms), memoryOf(server));
    // As a site has it: from the checkpoint.
    await server.stop();
    server = await startBenchServer(dataDir);
    row('  up again with all of it', ms(server.startMs));
    const town = await busiestTown(server, pack);
    await first(server, pack.code);
    for (const [scope, windows] of [
      [pack.code, WINDOWS],
      [town, ['30d', 'today'] as WindowName[]],
    ] as const)
      for (const window of windows) await compare(server, scope, window);
    await disk(server, pack);
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function busiestTown({ url }: BenchServer, pack: RegionPack): Promise<string> {
  const { byTown } = await frameAt(url, pack.code, '30d');
  return Object.entries(byTown).sort(([, a], [, b]) => b.raised - a.raised)[0]![0];
}

async function frameAt(url: string, scope: string, window: WindowName, at?: number): Promise<Frame> {
  const moment = at === undefined ? '' : `&at=${encodeURIComponent(toRfc3339(at))}`;
  return (await (await fetch(`${url}/api/v1/snapshot?scope=${scope}&window=${window}${moment}`)).json()) as Frame;
}

/** The first replays of a process, whose code is not compiled yet: each told by itself, and none of them in the rows that follow. */
async function first({ url }: BenchServer, scope: string): Promise<void> {
  const to = floorTo(Date.now(), HOUR_MS);
  const times: number[] = [];
  let firstMs = 0;
  for (let n = 0; n < ROUNDS; n++) {
    const replay = await readReplay(url, scope, '30d', to - (HOURS - 1) * HOUR_MS, to);
    if (n === 0) ({ firstMs } = replay);
    times.push(replay.ms);
  }
  row(
    `  ${scope} 30d: ${HOURS} hours, the first of the process`,
    ms(times[0]!),
    `first frame ${ms(firstMs)}; then ${times.slice(1).map(ms).join(', ')}`,
  );
}

/** In turns, one way and the other: a machine that slows down for a while does so for both. */
async function compare(server: BenchServer, scope: string, window: WindowName): Promise<void> {
  const { url } = server;
  const to = floorTo(Date.now(), HOUR_MS);
  const replays: number[] = [];
  const first: number[] = [];
  const singles: number[] = [];
  const waits: number[] = [];
  const cpu = { replay: [] as number[], singles: [] as number[] };
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const pinging = new AbortController();
    const pinged = ping(url, pinging.signal, waits);
    const before = cpuSeconds(server.pid);
    const replay = await readReplay(url, scope, window, to - (HOURS - 1) * HOUR_MS, to);
    pinging.abort();
    await pinged;
    cpu.replay.push((cpuSeconds(server.pid) - before) * 1_000);
    replays.push(replay.ms);
    first.push(replay.firstMs);
    bytes = replay.bytes;
    if (round > 0) continue;
    const cpuBefore = cpuSeconds(server.pid);
    const started = performance.now();
    for (let k = 0; k < HOURS; k++) await frameAt(url, scope, window, to - k * HOUR_MS);
    singles.push(performance.now() - started);
    cpu.singles.push((cpuSeconds(server.pid) - cpuBefore) * 1_000);
  }
  const [whole, begun, single, wait] = [spreadOf(replays), spreadOf(first), spreadOf(singles), spreadOf(waits)];
  row(
    `  ${scope} ${window}: ${HOURS} hours, median of ${ROUNDS}`,
    ms(whole.p50),
    `first frame ${ms(begun.p50)}, longest ${ms(begun.max)}; ${mib(bytes, 1)}; CPU ${ms(spreadOf(cpu.replay).p50)}; ${HOURS} snapshots ${ms(single.p50)}, CPU ${ms(spreadOf(cpu.singles).p50)}; meanwhile another request waits ${ms(wait.p50)}, p99 ${ms(wait.p99)}, longest ${ms(wait.max)}`,
  );
}

async function readReplay(
  url: string,
  scope: string,
  window: WindowName,
  from: number,
  to: number,
): Promise<{ ms: number; firstMs: number; bytes: number }> {
  const query = new URLSearchParams({ scope, window, step: 'hour', from: toRfc3339(from), to: toRfc3339(to) });
  const started = performance.now();
  const answer = await fetch(`${url}/api/v1/replay?${query.toString()}`);
  if (!answer.ok || !answer.body) throw new Error(`replay: ${answer.status} ${await answer.text()}`);
  let firstMs = NaN;
  let bytes = 0;
  let lines = 0;
  for await (const part of answer.body as unknown as AsyncIterable<Uint8Array>) {
    bytes += part.length;
    for (const byte of part) if (byte === 10) lines++;
    if (lines > 0 && Number.isNaN(firstMs)) firstMs = performance.now() - started;
  }
  if (lines !== HOURS) throw new Error(`replay: ${lines} lines, not ${HOURS}`);
  return { ms: performance.now() - started, firstMs, bytes };
}

/** Frames as they are now, packed as they are kept. An hour of the night takes a little less. */
async function disk({ url }: BenchServer, pack: RegionPack): Promise<void> {
  const sizeOf = async (scope: string) => {
    const frames = new Map<ShownWindow, string>();
    for (const window of SHOWN_WINDOWS) frames.set(window, JSON.stringify(await frameAt(url, scope, window)));
    const started = performance.now();
    const packed = await encodeShown(frames);
    return {
      packed: packed.length,
      plain: [...frames.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0),
      ms: performance.now() - started,
    };
  };
  const region = await sizeOf(pack.code);
  let towns = 0;
  for (const { code } of pack.towns) towns += (await sizeOf(code)).packed;
  // A file takes whole blocks of the disk.
  const onDisk = (bytes: number) => Math.ceil(bytes / 4096) * 4096;
  const hours = onDisk(region.packed) * 24 * 365;
  const days = onDisk(Math.ceil(towns / pack.towns.length)) * pack.towns.length * 365;
  const kept = ((hours + days) / 365) * SHOWN_DAYS;
  const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`;
  row(
    '  kept frames: the region, one hour, four windows',
    kib(region.packed),
    `from ${kib(region.plain)} of JSON, packed in ${ms(region.ms)} beside the event loop`,
  );
  row(`  … ${pack.towns.length} towns, one day`, kib(towns));
  row(
    '  … a year, in blocks of 4 KiB (from these frames)',
    mib(hours + days),
    `${mib(hours)} region, ${mib(days)} towns; what is kept, ${SHOWN_DAYS} days: ${mib(kept)}`,
  );
}
