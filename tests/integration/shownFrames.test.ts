import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../contract/frame.ts';
import type { Instants, ReplayFrame } from '../../contract/replay.ts';
import { SHOWN_WINDOWS } from '../../contract/replayLimits.ts';
import { applyMergePatch, type Json } from '../../common/mergePatch.ts';
import { DAY_MS, floorTo, HOUR_MS, toRfc3339 } from '../../common/regionTime.ts';
import { openScreen, type Screen } from '../faults/support/screen.ts';
import { freePort } from '../../testing/freePort.ts';
import { startRaw, type RawRedis } from '../../testing/rawRedis.ts';
import { event, raised } from '../support/events.ts';
import { get, post, startServer, until, type RunningServer } from '../support/server.ts';

/**
 * Kept frames, in the program: what a screen had at the hour is what is kept, whatever happens to the process that counts, to the
 * disk and to the clock. One day is gone through, hour by hour, by setting the clock.
 */

const MINUTE = 60_000;
const TOWN = '330110010';
const dir = mkdtempSync(join(tmpdir(), 'shown-'));
const clock = join(dir, 'clock');
const disk = join(dir, 'disk');
const filesDir = join(disk, 'files');
/** The day after tomorrow: no hour of it comes while the test runs. */
const day = floorTo(Date.now(), DAY_MS) + 2 * DAY_MS;
const at = (hour: number, ms: number) => day + hour * HOUR_MS + ms;

let redis: RawRedis;
let port: number;
let mounted = false;
const servers: RunningServer[] = [];
const screens: Screen[] = [];

const setClock = (ms: number) => {
  writeFileSync(clock, String(ms - Date.now()));
};
async function start(name: string): Promise<RunningServer> {
  const server = await startServer({
    REDIS_URL: `redis://127.0.0.1:${port}`,
    DATA_DIR: join(dir, name),
    FILES_DIR: filesDir,
    CLOCK_FILE: clock,
    NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, '../support/clock.mjs')).href}`,
    LEASE_MS: '1000',
    REGIONS: '330100,330110',
    REGION: '330110',
  });
  servers.push(server);
  await until(`${name} is ready`, async () => (await fetch(`${server.url}/readyz`)).ok);
  return server;
}
const holds = async ({ url, child }: RunningServer) =>
  child.exitCode === null &&
  child.signalCode === null &&
  /^wagewatch_lease_held\{region="330110"\} 1$/m.test(await (await fetch(`${url}/metrics`)).text());
const shown = (url: string, scope: string, window: string, moment: number) =>
  fetch(`${url}/api/v1/replay/shown?scope=${scope}&window=${window}&at=${encodeURIComponent(toRfc3339(moment))}`);
const shownFrame = (url: string, scope: string, window: string, moment: number) =>
  until(`${scope} ${window} is kept`, async () => {
    const answer = await shown(url, scope, window, moment);
    return answer.ok ? ((await answer.json()) as Frame) : undefined;
  });
const instants = (url: string, scope: string) =>
  get<Instants>(
    url,
    `/api/v1/replay/shown/instants?scope=${scope}&from=${encodeURIComponent(toRfc3339(day - HOUR_MS))}`,
  );
const untimed = (frame: Frame) => ({ ...frame, at: '', seq: 0 });
const raisedIn = async ({ url }: RunningServer) => (await get<Frame>(url, '/api/v1/snapshot?window=all')).totals.raised;
/** Files of an hour: name → content. */
const filesOf = (scope: string) =>
  Object.fromEntries(
    readdirSync(join(filesDir, 'shown', scope), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.br'))
      .map((name) => [name, readFileSync(join(filesDir, 'shown', scope, name)).toString('base64')]),
  );

beforeAll(async () => {
  spawnSync('mkdir', ['-p', disk]);
  mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'wagewatch-test', disk]).status === 0;
  port = await freePort();
  redis = await startRaw({ port });
}, 60_000);
afterAll(async () => {
  for (const screen of screens) screen.end();
  for (const server of servers) await server.kill('SIGKILL');
  await redis.stop();
  if (mounted) spawnSync('umount', ['-l', disk]);
  rmSync(dir, { recursive: true, force: true });
});

describe('frames as they were shown', () => {
  let one: RunningServer;
  let other: RunningServer;

  beforeAll(async () => {
    setClock(at(-1, 50 * MINUTE));
    [one, other] = await Promise.all([start('one'), start('two')]);
  }, 120_000);

  it('are those that a screen had at the hour, of the region, its city and, once a day, its towns', async () => {
    const { status } = await post(one.url, [
      ...Array.from({ length: 30 }, (_, i) =>
        raised(at(-1, i * MINUTE), {
          alertId: `S${i}`,
          town: i % 3 ? TOWN : '330110001',
          tier: i % 5 ? 'yellow' : 'red',
        }),
      ),
      event('wage.alert.closed', at(-1, 45 * MINUTE), { alertId: 'S3' }),
    ]);
    expect(status).toBe(202);
    const watched = [
      ...SHOWN_WINDOWS.map((window) => ['330110', window] as const),
      ['330100', '30d'] as const,
      [TOWN, 'week'] as const,
    ];
    const open = watched.map(([scope, window]) => openScreen(other.url, scope, window));
    screens.push(...open);
    await until('screens have all', () =>
      open.every((screen) => screen.frame()?.totals.open === (screen.frame()?.scope === TOWN ? 20 : 29)),
    );

    // Not at the hour: nothing is kept.
    expect((await shown(one.url, '330110', '30d', at(-1, 50 * MINUTE))).status).toBe(404);
    setClock(at(0, 200));
    for (const [i, [scope, window]] of watched.entries()) {
      const kept = await shownFrame(other.url, scope, window, at(0, 1));
      expect(Date.parse(kept.at) - at(0, 0)).toBeLessThan(MINUTE);
      // A day has begun, so the screen of today is told, too.
      if (window === 'today') await until('the screen has the new day', () => open[i]!.frame()!.totals.raised === 0);
      expect(untimed(kept)).toEqual(untimed(open[i]!.frame()!));
      expect(kept.byStage).toBeDefined();
    }
    expect(await instants(one.url, '330110')).toMatchObject({
      every: 'hour',
      instants: [toRfc3339(at(0, 0))],
      missing: [],
    });
  }, 120_000);

  it('do not move when facts are amended later, and hold what was shown, not what is known today', async () => {
    const before = await shownFrame(one.url, '330110', '30d', at(0, 0));
    await post(one.url, [
      event('wage.alert.amended', at(-1, 55 * MINUTE), { alertId: 'S1', tier: 'red', workers: 99 }),
    ]);
    await until('it is counted', async () => {
      const { totals } = await get<Frame>(
        one.url,
        `/api/v1/snapshot?window=30d&at=${encodeURIComponent(toRfc3339(at(0, 0)))}`,
      );
      return totals.workers !== before.totals.workers;
    });
    expect(await shownFrame(one.url, '330110', '30d', at(0, 0))).toEqual(before);
  });

  it('go on after the process that counts has been killed', async () => {
    const counting = (await holds(one)) ? one : other;
    const spare = counting === one ? other : one;
    await counting.kill('SIGKILL');
    await until('the other counts', () => holds(spare));
    const screen = openScreen(spare.url, '330110', '30d');
    screens.push(screen);
    await until('the screen is there', () => screen.frame());
    setClock(at(1, 100));
    expect(untimed(await shownFrame(spare.url, '330110', '30d', at(1, 0)))).toEqual(untimed(screen.frame()!));
    // The towns have theirs of this day.
    await until('the town has its frame', async () => (await instants(spare.url, TOWN)).instants.length > 0);
    expect((await instants(spare.url, TOWN)).instants).toEqual([toRfc3339(at(0, 0))]);
    await spare.kill('SIGTERM');
  }, 120_000);

  it('are missing for an hour at which nobody was there, and say so', async () => {
    setClock(at(2, 20 * MINUTE));
    one = await start('one');
    setClock(at(3, 100));
    await shownFrame(one.url, '330110', '30d', at(3, 0));
    const answer = await shown(one.url, '330110', '30d', at(2, 30 * MINUTE));
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ title: 'Not kept', parameter: 'at' });
    expect(await instants(one.url, '330110')).toMatchObject({
      instants: [0, 1, 3].map((hour) => toRfc3339(at(hour, 0))),
      missing: [{ from: toRfc3339(at(2, 0)), to: toRfc3339(at(3, 0)) }],
    });
  }, 120_000);

  it('are never written twice, however the clock jumps', async () => {
    const before = filesOf('330110');
    await post(one.url, [raised(at(2, 0), { alertId: 'LATE' })]);
    for (const [hour, ms] of [
      [2, 59 * MINUTE],
      [3, 50],
      [1, 10],
      [3, 20],
    ] as const) {
      setClock(at(hour, ms));
      await until('the clock is set', async () => {
        const { at: now } = await get<Frame>(one.url, '/api/v1/snapshot').catch(() => ({ at: toRfc3339(0) }));
        return Math.abs(Date.parse(now) - at(hour, ms)) < 10_000;
      });
      await sleep(600);
    }
    expect(filesOf('330110')).toEqual(before);
  }, 120_000);

  it('wait while the disk is full, which is told, and are written when there is room; counting goes on', async ({
    skip,
  }) => {
    if (!mounted) skip("a small disk of one's own needs the right to mount");
    const ballast = join(disk, 'ballast');
    const { bavail, bsize } = statfsSync(disk);
    try {
      writeFileSync(ballast, Buffer.alloc(bavail * bsize));
    } catch (error) {
      // Somebody else has had the last block.
      expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
    }
    const screen = openScreen(one.url, '330110', '30d');
    screens.push(screen);
    await until('the screen is there', () => screen.frame());
    setClock(at(4, 100));
    await until('it is told', async () => {
      const answer = await fetch(`${one.url}/readyz`);
      return answer.status === 503 && (await answer.text()).includes('FILES_DIR is full');
    });
    expect(one.output()).toContain('kept frames: the disk of FILES_DIR is full');
    // Terms end by the clock alone: what is kept is compared with what the screen has at that hour.
    await until('the screen is at the hour', () => Date.parse(screen.frame()!.at) >= at(4, 0));
    const figures = untimed(screen.frame()!);
    expect((await shown(one.url, '330110', '30d', at(4, 0))).status).toBe(404);
    const raisedBefore = await raisedIn(one);
    expect((await post(one.url, [raised(at(4, 0), { alertId: 'FULL' })])).status).toBe(202);
    await until('counting goes on', async () => (await raisedIn(one)) === raisedBefore + 1);
    rmSync(ballast);
    const kept = await shownFrame(one.url, '330110', '30d', at(4, 0));
    expect(untimed(kept).totals).toEqual(figures.totals);
    await until('it is ready again', async () => (await fetch(`${one.url}/readyz`)).ok);
    // Those of the city may still be on their way.
    await until('no draft is left', () => readdirSync(join(filesDir, 'shown', 'unfinished')).length === 0);
  }, 120_000);

  it('are replayed hour by hour, and an hour without a frame has no figures', async () => {
    const replay = async (scope: string, step: string, from: number, to: number) => {
      const query = new URLSearchParams({
        scope,
        step,
        window: '30d',
        shown: 'true',
        from: toRfc3339(from),
        to: toRfc3339(to),
      });
      const text = await (await fetch(`${one.url}/api/v1/replay?${query.toString()}`)).text();
      let frame: ReplayFrame | undefined;
      return text
        .trimEnd()
        .split('\n')
        .map((line) => {
          const patch = JSON.parse(line) as Json;
          return (frame = frame ? applyMergePatch(frame, patch) : (patch as unknown as ReplayFrame));
        });
    };
    const hours = await replay('330110', 'hour', at(0, MINUTE), at(3, MINUTE));
    for (const hour of [0, 1, 3]) expect(hours[hour]).toEqual(await shownFrame(one.url, '330110', '30d', at(hour, 0)));
    expect(hours[2]).toEqual({ scope: '330110', window: '30d', at: toRfc3339(at(2, MINUTE)), missing: true });
    expect(hours).toHaveLength(4);
    const days = await replay(TOWN, 'day', at(-24, 0), at(1, 0));
    expect(days.map((frame) => 'missing' in frame)).toEqual([true, false]);
    expect(days[1]).toEqual(await shownFrame(one.url, TOWN, '30d', at(1, 0)));
  });

  it('are asked for in the right way', async () => {
    const problem = async (query: string) => {
      const answer = await fetch(`${one.url}/api/v1/replay/shown?${query}`);
      return [answer.status, ((await answer.json()) as { parameter?: string }).parameter];
    };
    const moment = encodeURIComponent(toRfc3339(at(0, 0)));
    expect(await problem(`scope=330110&window=all&at=${moment}`)).toEqual([400, 'window']);
    expect(await problem(`scope=999999&at=${moment}`)).toEqual([404, 'scope']);
    expect(await problem(`at=${encodeURIComponent(toRfc3339(at(9, 0)))}`)).toEqual([400, 'at']);
    expect(await problem('at=yesterday')).toEqual([400, 'at']);
    expect(await problem('scope=330110')).toEqual([400, 'at']);
  });
});
