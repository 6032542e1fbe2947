import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DAY_MS } from '../../common/regionTime.ts';
import type { Frame } from '../../contract/frame.ts';
import type { RegionPack } from '../../contract/region.ts';
import { collectEvents } from '../events.ts';
import { ms, row, spreadOf, type Spread } from '../measure.ts';
import { openFleet } from '../screens/fleet.ts';
import { delaysOf, quantile } from '../screens/shown.ts';
import { cpuSeconds, memoryOf, startBenchServer, type BenchServer } from '../serverProcess.ts';
import { countNdjson } from '../throughput.ts';
import { benchTerms } from './terms.ts';
import { actAtPace, type Done } from './desks.ts';
import { openOnScreen } from './onScreen.ts';
import { writeOfficers } from './tokens.ts';

export interface CasesOptions {
  pack: RegionPack;
  /** Alerts of the history before. */
  alerts: number;
  watchers: number;
  /** Actions a second. */
  actions: number;
  seconds: number;
  /** Open cases whose terms the clock watches. */
  cases: number;
}

/** The last bound of this window moves at New Year alone, so that its figure of raised alerts only grows. */
const WINDOW = 'year';
const PART = 50_000;
const OFFICERS = 20;
/** Sockets that one token is let in with are 50. */
const SOCKETS_A_TOKEN = 40;
const WARM_SECONDS = 5;
/** What comes after the last action: it is still on its way. */
const AFTER_MS = 2_000;

/** `npm run bench -- --only cases`: officers act while many watch, beside a long history; then the clock over many open cases. */
export async function benchCases(options: CasesOptions): Promise<void> {
  const { pack, alerts, watchers, actions } = options;
  process.stdout.write(
    `\nCases: ${actions} actions/s, ${watchers.toLocaleString('en')} watchers, ${alerts.toLocaleString('en')} alerts before (the tick is 250 ms)\n`,
  );
  const dataDir = mkdtempSync(join(tmpdir(), 'wagewatch-bench-'));
  let server = await startBenchServer(dataDir);
  try {
    await load(server, pack, alerts);
    await server.stop();
    // As a site has it: from the checkpoint, and with people.
    const officers = writeOfficers(
      join(dataDir, 'access.json'),
      pack.code,
      OFFICERS + 1 + Math.ceil(watchers / SOCKETS_A_TOKEN),
    );
    server = await startBenchServer(dataDir, { ACCESS_FILE: join(dataDir, 'access.json') });
    row('  up again with all of it', ms(server.startMs), memoryOf(server));
    await act(server, options, officers);
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
  await benchTerms(options);
}

async function load(server: BenchServer, pack: RegionPack, alerts: number): Promise<void> {
  const now = Date.now();
  for (let made = 0; made < alerts; made += PART) {
    const { buffers, events } = collectEvents({
      pack,
      alerts: Math.min(PART, alerts - made),
      firstAlert: made,
      from: now - 365 * DAY_MS,
      to: now - DAY_MS,
    });
    await countNdjson(server, buffers, events);
  }
}

async function act(server: BenchServer, options: CasesOptions, tokens: readonly string[]): Promise<void> {
  const { pack, watchers, actions: rate, seconds } = options;
  const { url } = server;
  const officers = tokens.slice(0, OFFICERS);
  const [looker, ...watching] = tokens.slice(OFFICERS);
  const screen = await openOnScreen(url, looker!, pack.code, WINDOW);
  const fleet = await openFleet({
    urls: [url],
    screens: watchers,
    kind: 'wall',
    scope: pack.code,
    window: WINDOW,
    tokens: watching,
  });
  try {
    const onSent = () => undefined;
    await actAtPace({ url, pack, officers, rate, seconds: WARM_SECONDS, onSent });
    await sleep(AFTER_MS);
    const answer = await fetch(`${url}/api/v1/snapshot?window=${WINDOW}`, {
      headers: { authorization: `Bearer ${looker!}` },
    });
    const base = ((await answer.json()) as Frame).totals.raised;
    fleet.measure(true);
    const before = [cpuSeconds(server.pid), cpuSeconds(server.redisPid)] as const;
    const started = performance.now();
    const done = await actAtPace({
      url,
      pack,
      officers,
      rate,
      seconds,
      onSent: (alertId, shows, dueAt) => shows && screen.expect(alertId, shows, dueAt),
    });
    const elapsed = (performance.now() - started) / 1000;
    const share = (now: number, then: number) => `${(((now - then) / elapsed) * 100).toFixed(0)} %`;
    const cpu = `CPU of a core: server ${share(cpuSeconds(server.pid), before[0])}, Redis ${share(cpuSeconds(server.redisPid), before[1])}`;
    await sleep(AFTER_MS);
    const report = await fleet.report();
    tellAnswers(done, `${(done.length / elapsed).toFixed(1)}/s; ${cpu}; ${memoryOf(server)}`);
    const raisedAt = done.filter(({ action }) => action === 'raise').map(({ dueAt }) => dueAt);
    const counts = delaysOf(
      report,
      raisedAt.sort((a, b) => a - b),
      base,
    );
    const shown = [...counts.values()].reduce((sum, n) => sum + n, 0);
    row(
      `  raised, to ${watchers.toLocaleString('en')} screens`,
      `p99 ${ms(quantile(counts, 0.99))}`,
      `p50 ${ms(quantile(counts, 0.5))}; ${shown.toLocaleString('en')} of ${(raisedAt.length * watchers).toLocaleString('en')} shown${report.closed ? `; ${report.closed} LOST` : ''}`,
    );
    row('  all others that show, to another screen', p99(spreadOf(screen.delays)), `${screen.missing} not shown`);
  } finally {
    screen.close();
    await fleet.close();
  }
}

function tellAnswers(done: readonly Done[], note: string): void {
  const took = (list: readonly Done[]) => spreadOf(list.map(({ dueAt, answeredAt }) => answeredAt - dueAt));
  const late = done.filter(({ status }) => status === 202).length;
  row('  an action, to its answer', p99(took(done)), `${note}${late ? `; ${late} NOT COUNTED IN TIME` : ''}`);
  for (const action of new Set(done.map((one) => one.action)))
    row(`  … ${action}`, p99(took(done.filter((one) => one.action === action))));
}

const p99 = ({ p50, p99: last, max, n }: Spread): string =>
  `p99 ${ms(last)}, p50 ${ms(p50)}, longest ${ms(max)} (${n})`;
