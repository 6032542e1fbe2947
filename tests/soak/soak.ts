import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../testing/browser.ts';
import type { Frame } from '../../contract/frame.ts';
import { COUNT_GPU, cdpOf, footprint as pageFootprint } from '../../bench/web/probes.ts';
import { residentBytes } from '../../bench/serverProcess.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { headline, openWall } from '../e2e/support/wall.ts';
import { loadPack } from '../support/packs.ts';
import { startProbedServer, type ProbedServer } from '../support/probe.ts';
import { get, until } from '../support/server.ts';
import { driftOf, type Drift } from './drift.ts';
import { Feed } from './feed.ts';
import { openScreens, type Screen } from './screens.ts';

export interface SoakOptions {
  ms: number;
  screens: number;
  /** New alerts a second; each brings about seven events. */
  alerts: number;
  say: (line: string) => void;
}

export interface SoakReport {
  started: string;
  minutes: number;
  alerts: number;
  events: number;
  patches: number;
  gaps: number;
  losses: number;
  /** Times all figures were compared while the feed paused. */
  checks: number;
  verify: string;
  drifts: Drift[];
  faults: string[];
  samples: Record<string, number>[];
}

const TICK_MS = 1_000;
const MIB = 1024 * 1024;
const SAMPLES = 120;
/** Screens that go away and come again with each sample. */
const CHURN = 5;
const RIGHT_WITHIN_MS = 60_000;

/**
 * What may be added over the compared part of a run: what is meant to be kept of an alert, and the noise of one sample.
 * Of the page nothing is meant to grow.
 */
const ALLOWED: Record<string, { perAlert: number; noise: number }> = {
  'server heap': { perAlert: 1_200, noise: 6 * MIB },
  'server external': { perAlert: 600, noise: 8 * MIB },
  'server RSS': { perAlert: 6_000, noise: 64 * MIB },
  'server files': { perAlert: 0, noise: 6 },
  'server resources': { perAlert: 0, noise: 8 },
  'Redis RSS': { perAlert: 8_000, noise: 32 * MIB },
  'page heap': { perAlert: 0, noise: 6 * MIB },
  'page nodes': { perAlert: 0, noise: 1_500 },
  'page listeners': { perAlert: 0, noise: 200 },
  'page GPU objects': { perAlert: 0, noise: 40 },
  // A machine that has other work is slow now and then, but not more and more.
  'event loop p99 ms': { perAlert: 0, noise: 250 },
  'beat lag ms': { perAlert: 0, noise: 3_000 },
};

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, n) => total + n, 0);

/** What differs between a frame and what the feed has added up. */
function wrong(frame: Frame, feed: Feed): string[] {
  const figures = frame.totals as unknown as Record<string, number>;
  const faults = Object.entries(feed.expected)
    .filter(([name, value]) => figures[name] !== value)
    .map(([name, value]) => `${name} is ${figures[name]}, not ${value}`);
  for (const [town, raised] of feed.byTown)
    if (frame.byTown[town]?.raised !== raised)
      faults.push(`${town} has ${frame.byTown[town]?.raised} raised, not ${raised}`);
  return faults;
}

/** Runs server, feed, screens and one wall in Chromium for so long, and says what drifts or is wrong. */
export async function soak({ ms, screens: count, alerts, say }: SoakOptions): Promise<SoakReport> {
  const pack = loadPack('330110');
  const server = await startProbedServer();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      void server.stop().then(() => process.exit(1));
    });
  let browser: Browser | undefined;
  let screens: Screen[] = [];
  try {
    browser = await launchChromium();
    const feed = new Feed(server.url);
    await feed.send(alerts * 20);
    screens = openScreens(
      server.url,
      count,
      pack.code,
      pack.towns.map(({ code }) => code),
    );
    const page = await openedWall(browser, server.url);
    return await run({ ms, say, alerts, server, feed, screens, page });
  } finally {
    for (const screen of screens) screen.close();
    await browser?.close();
    await server.stop();
  }
}

/** A machine with other work may need more than one try. */
async function openedWall(browser: Browser, url: string): Promise<Page> {
  for (let attempt = 1; ; attempt++) {
    try {
      return (await openWall(browser, url, { window: 'all' }, {}, [COUNT_GPU])).page;
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

interface Running {
  ms: number;
  alerts: number;
  say: SoakOptions['say'];
  server: ProbedServer;
  feed: Feed;
  screens: Screen[];
  page: Page;
}

async function run({ ms, alerts, say, server, feed, screens, page }: Running): Promise<SoakReport> {
  const faults: string[] = [];
  const samples: Record<string, number>[] = [];
  const cdp = await cdpOf(page);
  const started = Date.now();
  const every = Math.max(5_000, ms / SAMPLES);
  const { redis } = JSON.parse(readFileSync(join(server.dataDir, 'redis/owner.json'), 'utf8')) as {
    redis: { pid: number };
  };
  let crashed = false;
  page.on('crash', () => {
    crashed = true;
  });
  let checks = 0;
  let churned = 0;

  /** With the feed paused: every screen that shows the whole, the snapshot and the wall must come to the same figures. */
  async function check(): Promise<void> {
    let found: string[] = [];
    const right = async () => {
      found = wrong(await get<Frame>(server.url, '/api/v1/snapshot?window=all'), feed).map(
        (fault) => `snapshot: ${fault}`,
      );
      screens.forEach((screen, i) => {
        if (!screen.frame) found.push(`screen ${i} has no frame`);
        else if (screen.scope.length === 6 && screen.window === 'all')
          found.push(...wrong(screen.frame, feed).map((fault) => `screen ${i}: ${fault}`));
        else if (
          screen.scope.length === 9 &&
          screen.window === 'all' &&
          screen.frame.totals.raised !== (feed.byTown.get(screen.scope) ?? 0)
        )
          found.push(`screen ${i}: ${screen.frame.totals.raised} raised in ${screen.scope}`);
      });
      const shown = await headline(page, 'raised');
      if (shown !== feed.expected.raised)
        found.push(`the wall in Chromium shows ${shown} raised, not ${feed.expected.raised}`);
      return found.length === 0;
    };
    await until('all figures are right', right, RIGHT_WITHIN_MS).catch(() => faults.push(...found.slice(0, 10)));
    checks++;
  }

  async function sample(): Promise<void> {
    const own = await server.footprint();
    const shown = await pageFootprint(page, cdp);
    samples.push({
      at: Date.now(),
      alerts: feed.expected.raised,
      'server heap': own.heap,
      'server external': own.external,
      'server RSS': own.rss,
      'server resources': sum(own.resources),
      'server files': readdirSync(`/proc/${server.child.pid}/fd`).length,
      'Redis RSS': residentBytes(redis.pid),
      'event loop p99 ms': own.lagMs,
      'beat lag ms': Math.max(...screens.map(({ lag }) => lag)),
      'page heap': shown.heap,
      'page nodes': shown.nodes,
      'page listeners': shown.listeners,
      'page GPU objects': sum(shown.gpu),
    });
    const last = samples.at(-1)!;
    const minutes = (Date.now() - started) / 60_000;
    say(
      `${minutes.toFixed(1)} min: ${feed.expected.raised} alerts, ${feed.sent} events; server heap ${(last['server heap']! / MIB).toFixed(1)} MiB, RSS ${(last['server RSS']! / MIB).toFixed(0)}, page heap ${(last['page heap']! / MIB).toFixed(1)}, ${last['page nodes']} nodes, ${last['server files']} files; lag ${last['beat lag ms']} ms; ${faults.length} faults`,
    );
  }

  const failed = () => faults.length > 0 || crashed || server.child.exitCode !== null;
  for (let next = started + every; Date.now() < started + ms && !failed();) {
    const began = Date.now();
    await feed.send(alerts);
    if (Date.now() >= next) {
      await check();
      await sample();
      for (let i = 0; i < CHURN; i++) screens[churned++ % screens.length]!.again();
      next = Math.max(next + every, Date.now() + 1_000);
    }
    await sleep(Math.max(0, began + TICK_MS - Date.now()));
  }
  if (crashed) faults.push('the page crashed');
  await check();
  await sample();
  const verdict = await verify(server.dataDir);
  if (!/^No difference\.$/m.test(verdict)) faults.push(`verify: ${verdict.slice(0, 1_000)}`);
  const complaints = server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{"level":50'));
  if (complaints.length)
    faults.push(`the server complained ${complaints.length} times, first: ${complaints[0]!.slice(0, 500)}`);

  const compared = samples.slice(Math.floor(samples.length * 0.25));
  const added = compared.length ? compared.at(-1)!.alerts! - compared[0]!.alerts! : 0;
  const drifts = Object.entries(ALLOWED).map(([name, { perAlert, noise }]) =>
    driftOf(
      { name, at: samples.map(({ at }) => at!), values: samples.map((one) => one[name]!) },
      noise + perAlert * added,
    ),
  );
  for (const { name, overall, allowed } of drifts.filter(({ drifts: does }) => does))
    faults.push(`${name} drifts: ${Math.round(overall)} more, ${Math.round(allowed)} are allowed`);
  const total = (of: (screen: Screen) => number) => screens.reduce((all, screen) => all + of(screen), 0);
  return {
    started: new Date(started).toISOString(),
    minutes: (Date.now() - started) / 60_000,
    alerts: feed.expected.raised,
    events: feed.sent,
    patches: total(({ patches }) => patches),
    gaps: total(({ gaps }) => gaps),
    losses: total(({ losses }) => losses),
    checks,
    verify: verdict.trim(),
    drifts,
    faults,
    samples,
  };
}

/** `npm run verify` beside the running server: every figure once more from the kept documents. */
function verify(dataDir: string): Promise<string> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(PROJECT_ROOT, 'dist/tools/verify/verify.js')], {
      env: { PATH: process.env.PATH, DATA_DIR: dataDir },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part: Buffer) => {
        output += part.toString();
      });
    child.once('close', () => resolve(output));
  });
}
