import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Boundaries } from '../../contract/boundaries.ts';
import type { Frame } from '../../contract/frame.ts';
import type { AlertDetail, AlertList } from '../../contract/rest.ts';
import type { AlertSignals, Sources, SubjectPortrait } from '../../contract/subjects.ts';
import { planHistory } from '../../demo/history.ts';
import { Register } from '../../demo/register.ts';
import { Distress } from '../../demo/strain.ts';
import { pastYear, presentState } from '../../demo/year.ts';
import { freshDataDir, get, startServer, until, type RunningServer } from '../support/server.ts';
import { loadPack } from '../support/packs.ts';

/** The demonstration from an empty directory to an alert that the rules have made of what its sources say. */

const SCALE = 0.002;
const dataDir = freshDataDir();
const env = { DATA_DIR: dataDir, DEMO: 'on', DEMO_SCALE: String(SCALE), LOG_LEVEL: 'info' };
let server: RunningServer;

const start = async (speed: string) => {
  server = await startServer({ ...env, DEMO_SPEED: speed });
};
const frame = () => get<Frame>(server.url, '/api/v1/snapshot?scope=330110&window=all');
const alerts = (query: string) => get<AlertList>(server.url, `/api/v1/alerts?scope=330110&${query}`);
const portrait = (key: string) =>
  get<SubjectPortrait>(server.url, `/api/v1/subjects/${encodeURIComponent(key)}?region=330110`);
const watch = () =>
  (
    JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as {
      regions: Record<
        string,
        { anchor: number; watch?: { at: number; inForceAt: number; sent: number; done: boolean } }
      >;
    }
  ).regions['330110']!;

beforeAll(async () => {
  // The feed stands still, so that nothing is added to the published totals.
  await start('0.01');
  await until('it enters', () => server.output().includes('entering the register'), 60_000);
  await until('it has entered a part', () => watch().watch!.sent > 0, 60_000);
  await server.kill('SIGKILL');
  expect(watch().watch!.done).toBe(false);
  await start('0.01');
  await until('everybody is watched', () => server.output().includes('everybody is watched'), 90_000);
}, 180_000);
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** As a second reader of the same assets has it: what there is to send. */
function expected() {
  const pack = loadPack('330110');
  const boundaries = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../assets/geo/330110/boundaries.geojson'), 'utf8'),
  ) as Boundaries;
  const { anchor, watch: done } = watch();
  const plan = planHistory({ pack, seed: 1, anchor, boundaries });
  const register = new Register(plan.world, { scale: SCALE, boundaries });
  const watched = { plan, register, distress: new Distress(register) };
  const year = [...pastYear(watched, done!.at)];
  return { register, observations: [...year, ...presentState(watched, done!.inForceAt)] };
}

it('watches all employers and sites, each observation once, though it was killed half-way', async () => {
  const { register, observations } = expected();
  const { monitor } = await frame();
  expect(server.output()).toMatch(/"from":[1-9]/);
  expect(monitor).toMatchObject({
    enterprises: register.employers,
    projects: register.sites.length,
    unplaced: 0,
  });
  // And what stands behind the 65 alerts that are open.
  const { total } = monitor!.observations!;
  expect(total).toBeGreaterThan(observations.length + 65);
  expect(total).toBeLessThan(observations.length + 4 * 77);
  expect(monitor!.watch).toBeGreaterThan(0);
  expect(Object.values(monitor!.sources!).every(({ state }) => state === 'ok')).toBe(true);
  const { sources } = await get<Sources>(server.url, '/api/v1/sources?region=330110');
  expect(new Set(sources.map(({ source }) => source).filter((name) => name.includes(':bank-'))).size).toBe(43);
});

it('adds up to the published totals: a year of observations has raised nothing', async () => {
  const { totals } = await frame();
  expect(totals).toMatchObject({
    raised: 3446,
    effective: 2741,
    falseAlarm: 640,
    recoveredFen: 216_530_000,
    recoveredWorkers: 208,
    enterprisesPaid: 17,
  });
  expect((await alerts('q=SG-')).total).toBe(0);
  expect(server.output()).not.toMatch(/"level":(40|50).*"demonstration: /);
});

it('shows what stands behind an open alert, no graver than it', async () => {
  const { items } = await alerts('open=true&tier=red&limit=50');
  expect(items.length).toBeGreaterThan(0);
  for (const { enterprise, project } of items) {
    const {
      counting,
      lapsed,
      assessment,
      alerts: own,
    } = await portrait(project ? `P:${project.id}` : `U:${enterprise.uscc!}`);
    expect(counting.length).toBeGreaterThan(0);
    expect(lapsed.length).toBeGreaterThan(0);
    expect(assessment!.tier).toBeDefined();
    expect(own.length).toBeGreaterThan(0);
  }
});

it('goes on: observations become alerts by the rules, and people handle them to their end', async () => {
  await server.stop();
  await start('1000');
  const closed = await until(
    'an alert of the rules is closed',
    async () => (await alerts('q=SG-&stage=closed&limit=1')).items[0],
    90_000,
  );
  const detail = await get<AlertDetail>(server.url, `/api/v1/alerts/${closed.alertId}?scope=330110`);
  expect(detail.rule).toMatchObject({ pack: '330110' });
  expect(['effective', 'false-alarm']).toContain(detail.verdict);
  expect(detail.enterprise.name).toMatch(/^某/);
  const { reasons } = await get<AlertSignals>(server.url, `/api/v1/alerts/${closed.alertId}/signals?scope=330110`);
  expect(reasons.some(({ observations }) => observations?.some(({ source }) => source.startsWith('urn:demo:')))).toBe(
    true,
  );
  // Not again: it knows that it is done.
  expect(server.output()).not.toContain('entering the register');
  expect(server.output()).not.toMatch(/"level":50/);
}, 120_000);
