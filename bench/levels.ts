import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DAY_MS } from '../common/regionTime.ts';
import type { WindowName } from '../contract/codes.ts';
import type { Frame } from '../contract/frame.ts';
import type { RegionPack, Town } from '../contract/region.ts';
import { collectEvents } from './events.ts';
import { ms, perSecond, row, spreadOf, timed } from './measure.ts';
import { openFleet } from './screens/fleet.ts';
import { notShown, shownAtPace } from './screens/shown.ts';
import { cpuSeconds, memoryOf, startBenchServer, type BenchServer } from './serverProcess.ts';
import { countNdjson } from './throughput.ts';

/** One whose maps are not shipped: drawings must fit their packs. */
const PROVINCE = '990000';
/** As Zhejiang has; more where the districts would not fit into them. */
const CITIES = 11;
const DISTRICTS_A_CITY = 50;
const TOWNS = 12;
const YEAR_MS = 365 * DAY_MS;
const RESTING_S = 10;
const FRAMES = 50;
const SCREENS = 100;
const AFTER_MS = 2_000;

export interface LevelsOptions {
  /** Rule of tiers and terms for all districts. */
  pack: RegionPack;
  districts: readonly number[];
  /** Those of the demonstration's thirteen districts of Hangzhou: 2,200 on average. */
  alertsADistrict: number;
  rate: number;
  seconds: number;
}

/**
 * `npm run bench -- --only levels`: a province over so many districts in one process with all roles, what
 * docs/scaling.md says a province takes.
 */
export async function benchLevels({ districts, ...options }: LevelsOptions): Promise<void> {
  for (const count of districts) await province(count, options);
}

async function province(
  count: number,
  { pack, alertsADistrict, rate, seconds }: Omit<LevelsOptions, 'districts'>,
): Promise<void> {
  const alerts = count * alertsADistrict;
  process.stdout.write(`\nA province of ${count} districts, ${alerts.toLocaleString('en')} alerts, one process\n`);
  const dataDir = mkdtempSync(join(tmpdir(), 'wagewatch-bench-'));
  const packs = writeProvince(dataDir, pack, count);
  let server: BenchServer | undefined;
  try {
    server = await startBenchServer(dataDir, { REGION: PROVINCE });
    row('  up, empty', ms(server.startMs), memoryOf(server));
    await fill(server, packs, alertsADistrict);
    await server.stop();
    server = await startBenchServer(dataDir, { REGION: PROVINCE });
    row('  up again with all of it', ms(server.startMs), memoryOf(server));
    await frames(server, alerts);
    await resting(server, 'nobody looking');
    await watching(server, packs, rate, seconds);
    row('  after that', '', memoryOf(server));
  } finally {
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function raisedIn(server: BenchServer, window: WindowName): Promise<number> {
  return ((await (await fetch(`${server.url}/api/v1/snapshot?scope=${PROVINCE}&window=${window}`)).json()) as Frame)
    .totals.raised;
}

/** A province, its cities, and the districts dealt out to them. @returns the districts */
function writeProvince(dataDir: string, model: RegionPack, count: number): RegionPack[] {
  const area = (code: string, at: number): Town => ({
    code,
    name: { 'zh-CN': `第${code}区`, en: `Area ${code}` },
    seat: [118.2 + (at % 12) * 0.35, 27.2 + (Math.floor(at / 12) % 10) * 0.4],
    areaKm2: 900,
  });
  const packOf = (code: string, towns: Town[]): RegionPack => ({
    ...model,
    code,
    towns,
    name: { 'zh-CN': `第${code}区`, en: `Area ${code}` },
    title: { 'zh-CN': '欠薪一体化预警态势', en: 'Wage situation' },
    map: { kind: 'schematic' },
    sources: ['made up for a benchmark'],
  });
  const cities = Math.max(CITIES, Math.ceil(count / DISTRICTS_A_CITY));
  const cityCodes = Array.from({ length: cities }, (_, i) => `99${String(i + 1).padStart(2, '0')}00`);
  const districts = Array.from({ length: count }, (_, i) => {
    const code = `${cityCodes[i % cities]!.slice(0, 4)}${String(Math.floor(i / cities) + 1).padStart(2, '0')}`;
    return packOf(
      code,
      Array.from({ length: TOWNS }, (__, n) => area(`${code}${String(n + 1).padStart(3, '0')}`, i + n)),
    );
  });
  const upper = cityCodes.map((city) =>
    packOf(
      city,
      districts.filter(({ code }) => code.startsWith(city.slice(0, 4))).map(({ code }, i) => area(code, i)),
    ),
  );
  for (const one of [packOf(PROVINCE, cityCodes.map(area)), ...upper, ...districts]) {
    const home = join(dataDir, 'regions', one.code);
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'region.json'), JSON.stringify(one));
  }
  return districts;
}

async function fill(server: BenchServer, packs: readonly RegionPack[], alerts: number): Promise<void> {
  const now = Date.now();
  let events = 0;
  let took = 0;
  for (const [i, pack] of packs.entries()) {
    const part = collectEvents({ pack, alerts, firstAlert: i * alerts, from: now - YEAR_MS, to: now });
    const counted = await countNdjson(server, part.buffers, part.events);
    events += counted.events;
    took += counted.ms;
  }
  row(`  ${events.toLocaleString('en')} events, a district after the other`, perSecond(events, took));
}

async function frames(server: BenchServer, alerts: number): Promise<void> {
  for (const window of ['24h', '365d', 'all'] as const) {
    let raised = 0;
    const [first, ...others] = await timed(FRAMES, async () => {
      raised = await raisedIn(server, window);
    });
    const { p50, p99 } = spreadOf(others);
    row(
      `  the province's frame, window ${window}`,
      ms(p50),
      `p99 ${ms(p99)}, the first ${ms(first!)}; ${raised.toLocaleString('en')} alerts`,
    );
    if (window === 'all' && raised !== alerts) throw new Error(`${raised} alerts are shown, ${alerts} were sent`);
  }
}

async function resting({ pid, redisPid }: BenchServer, name: string): Promise<void> {
  const before = [cpuSeconds(pid), cpuSeconds(redisPid)] as const;
  await sleep(RESTING_S * 1000);
  row(
    `  at rest, ${name}`,
    `${(((cpuSeconds(pid) - before[0]) / RESTING_S) * 100).toFixed(1)} %`,
    `of a core; Redis ${(((cpuSeconds(redisPid) - before[1]) / RESTING_S) * 100).toFixed(1)} %`,
  );
}

async function watching(
  server: BenchServer,
  packs: readonly RegionPack[],
  rate: number,
  seconds: number,
): Promise<void> {
  const places = packs.map(({ code, towns }) => ({ region: code, towns: towns.map((town) => town.code) }));
  const fleet = await openFleet({ urls: [server.url], screens: SCREENS, kind: 'wall', scope: PROVINCE, window: '24h' });
  try {
    await resting(server, `${SCREENS} screens on the province`);
    const base = await raisedIn(server, '24h');
    const shown = await shownAtPace({
      fleet,
      screens: SCREENS,
      ingest: `${server.url}/api/v1/events`,
      rate,
      seconds,
      places,
      base,
      cpu: () => cpuSeconds(server.pid),
      afterMs: AFTER_MS,
    });
    row(
      `  accepted to shown at ${rate} events/s over all districts`,
      `p99 ${shown.p99}`,
      `p50 ${shown.p50}; ${SCREENS} screens on the province; server ${shown.cpu.toFixed(0)} % of a core${notShown(shown, AFTER_MS)}`,
    );
  } finally {
    await fleet.close();
  }
}
