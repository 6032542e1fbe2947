import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { Frame } from '../../contract/frame.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { AlertList } from '../../contract/rest.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { event, raised } from '../support/events.ts';
import { freshDataDir, get, post, startServer, until, type RunningServer } from '../support/server.ts';

/** A region pack that is edited between two starts: figures are those that all events would come to from scratch. */

const dataDir = freshDataDir();
const shipped = JSON.parse(readFileSync(join(PROJECT_ROOT, 'assets/geo/330110/region.json'), 'utf8')) as RegionPack;
let server: RunningServer | undefined;
let watched = '330110';
afterAll(async () => {
  await server?.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function restart(pack?: RegionPack, signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
  await server?.kill(signal);
  if (pack) {
    watched = pack.code;
    const folder = join(dataDir, 'regions', watched);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'region.json'), JSON.stringify(pack));
  }
  server = await startServer({ DATA_DIR: dataDir, REGION: watched, LEASE_MS: '500' });
}

const tool = (name: string, ...args: string[]) =>
  new Promise<string>((resolve) => {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: dataDir, REGION: watched };
    execFile(process.execPath, [join(PROJECT_ROOT, `dist/tools/${name}.js`), ...args], { env }, (_, stdout, stderr) =>
      resolve(stdout + stderr),
    );
  });

const HOUR_MS = 3_600_000;
const now = Date.now();
/** In the shipped region's box and in that of WEST. */
const IN_BOTH = { lng: 119.9, lat: 30.4 };
const IN_SHIPPED = { lng: 120.1, lat: 30.4 };
const IN_WEST = { lng: 118.5, lat: 30.4 };
const WEST: RegionPack = { ...shipped, box: [118, 30, 120, 31] };

const alert = (alertId: string, location: object, closed = false) => [
  raised(now - 5 * HOUR_MS, { alertId, location } as never),
  ...(closed ? [event('wage.alert.closed', now - 4 * HOUR_MS, { alertId })] : []),
];
const shown = async () => {
  const { heat, totals } = await get<Frame>(server!.url, '/api/v1/snapshot?window=all');
  const { items } = await get<AlertList>(server!.url, '/api/v1/alerts?positionOutside=true');
  return {
    raised: totals.raised,
    heat: Object.values(heat).reduce((sum, count) => sum + count, 0),
    outside: items.map(({ alertId }) => alertId).sort(),
  };
};
async function shows(expected: Awaited<ReturnType<typeof shown>>): Promise<void> {
  await until(`it shows ${JSON.stringify(expected)}`, async () => {
    const now = await shown();
    return JSON.stringify(now, ['raised', 'heat', 'outside']) ===
      JSON.stringify(expected, ['raised', 'heat', 'outside'])
      ? now
      : undefined;
  }).catch(() => undefined);
  expect(await shown()).toEqual(expected);
}

it('judges all positions by the box as it is now, of closed alerts, too, and counts on from there', async () => {
  await restart();
  await post(server!.url, [
    ...alert('A-BOTH', IN_BOTH),
    ...alert('A-EAST', IN_SHIPPED),
    ...alert('A-EAST-CLOSED', IN_SHIPPED, true),
    ...alert('A-WEST', IN_WEST),
    ...alert('A-WEST-CLOSED', IN_WEST, true),
  ]);
  await shows({ raised: 5, heat: 3, outside: ['A-WEST', 'A-WEST-CLOSED'] });

  await restart(WEST);
  await shows({ raised: 5, heat: 3, outside: ['A-EAST', 'A-EAST-CLOSED'] });
  await post(server!.url, [
    event('wage.alert.amended', now - HOUR_MS, { alertId: 'A-EAST', workers: 9 }),
    event('wage.alert.amended', now - HOUR_MS, { alertId: 'A-WEST', town: '330110001', location: IN_BOTH }),
    ...alert('A-EAST-2', IN_SHIPPED),
  ]);
  await shows({ raised: 6, heat: 3, outside: ['A-EAST', 'A-EAST-2', 'A-EAST-CLOSED'] });
  expect(await tool('verify/verify')).toContain('No difference.');

  // Killed right after, before any checkpoint: nothing is lost, and the edit is not undone.
  await restart(undefined, 'SIGKILL');
  await shows({ raised: 6, heat: 3, outside: ['A-EAST', 'A-EAST-2', 'A-EAST-CLOSED'] });
  await restart(shipped, 'SIGKILL');
  await shows({ raised: 6, heat: 5, outside: ['A-WEST-CLOSED'] });
  expect(await tool('verify/verify')).toContain('No difference.');
  expect(server!.output()).toContain('another box');
});

it('keeps what was counted of a town and a tier that the pack has no longer, and builds the same anew', async () => {
  await server!.stop();
  server = undefined;
  rmSync(dataDir, { recursive: true, force: true });
  // Of no drawing and no rules, which would have to fit.
  const own = (text: string) => text.replaceAll('330110', '330198');
  const region = JSON.parse(own(JSON.stringify(shipped))) as RegionPack;
  delete region.dispatch;
  delete region.units;
  await restart(region);
  const events = [
    ...alert('A-TOWN', IN_BOTH, true),
    raised(now - HOUR_MS, { alertId: 'A-TIER', tier: 'orange', town: '330110001' }),
    raised(now - HOUR_MS, { alertId: 'A-OTHER', town: '330110001' }),
  ];
  expect((await post(server!.url, own(JSON.stringify(events)))).body).toMatchObject({ accepted: 4 });
  const counted = () => get<Frame>(server!.url, '/api/v1/snapshot?window=all');
  await until('they are counted', async () => (await counted()).totals.closed === 1);

  const terms = { ...region.terms };
  delete terms.orange;
  await restart({
    ...region,
    terms,
    towns: region.towns.filter(({ code }) => code !== '330198010'),
    tiers: region.tiers.filter(({ tier }) => tier !== 'orange'),
  });
  expect((await post(server!.url, own(JSON.stringify(alert('A-NEW', IN_BOTH))))).status).toBe(422);
  // A tier that the pack does not have has no term.
  await until('its alerts are folded again', async () => (await counted()).totals.overdue === 0);
  const before = await counted();
  expect(before.totals.raised).toBe(3);
  expect(before.byTown['330198010']!.raised).toBe(1);
  expect(before.byTier.orange!.raised).toBe(1);
  expect(await tool('verify/verify')).toContain('No difference.');
  const file = join(dataDir, 'events.gz');
  await tool('export', '--file', file);
  expect(await tool('rebuild', '--from', file, '--yes')).toContain('4 events counted');
  await until('the server shows all of it', async () => (await counted()).totals.closed === 1);
  expect({ ...(await counted()), at: '', seq: 0 }).toEqual({ ...before, at: '', seq: 0 });
});
