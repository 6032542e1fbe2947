import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Boundaries } from '../../contract/boundaries.ts';
import type { Briefings } from '../../contract/briefings.ts';
import type { Connectors } from '../../contract/connectors.ts';
import type { Frame } from '../../contract/frame.ts';
import type { ReportList } from '../../contract/reports.ts';
import type { AlertDetail, AlertList } from '../../contract/rest.ts';
import type { AlertSignals, Sources, SubjectPortrait } from '../../contract/subjects.ts';
import { planHistory } from '../../demo/history.ts';
import { Register } from '../../demo/register.ts';
import { Distress } from '../../demo/strain.ts';
import { pastYear, presentState } from '../../demo/year.ts';
import { freshDataDir, get, startServer, until, type RunningServer } from '../support/server.ts';
import { loadPack } from '../support/packs.ts';

/**
 * The demonstration from an empty directory to an alert that the rules have made of what its sources say. `npm run test:drills` kills it
 * again and again while it plays.
 */
const KILLS = process.env.FAULTS === 'long' ? 4 : 1;

const SCALE = 0.002;
/** A grave alert is over within a minute, by night too, and nobody falls so far behind that steps are told. */
const LIVELY = '250';
const dataDir = freshDataDir();
const env = { DATA_DIR: dataDir, LEASE_MS: '500', DEMO: 'on', DEMO_SCALE: String(SCALE), LOG_LEVEL: 'info' };
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
    // Every site has a year of its wage account behind it; of an employer, all that is known may be new.
    if (project) expect(lapsed.length).toBeGreaterThan(0);
    expect(assessment!.tier).toBeDefined();
    expect(own.length).toBeGreaterThan(0);
  }
});

const detailOf = (alertId: string) => get<AlertDetail>(server.url, `/api/v1/alerts/${alertId}?scope=330110`);
/** Those that have come to their end by people's work. */
const closedByPeople = async () =>
  (
    await Promise.all((await alerts('q=SG-&stage=closed&limit=10')).items.map(({ alertId }) => detailOf(alertId)))
  ).filter(({ events }) => events.at(-1)!.source === 'urn:wagewatch:desk');
const DESK = 'urn:wagewatch:desk';

/** Alerts of the rules that somebody of its people has accepted. */
const accepted = async () => (await alerts('q=SG-&stage=accepted&limit=50')).total;

it('goes on, though it is killed: observations become alerts by the rules, the program dispatches them, and people handle them to their end', async () => {
  await server.stop();
  await start(LIVELY);
  for (let kill = 0; kill < KILLS; kill++) {
    // People are at work on several cases.
    await until('some cases are under way', async () => (await accepted()) > 2, 90_000);
    // It knows that it has entered everybody.
    expect(server.output()).not.toContain('entering the register');
    await server.kill('SIGKILL');
    await start(LIVELY);
  }
  const detail = await until('an alert of the rules is closed', async () => (await closedByPeople())[0], 90_000);
  expect(detail.rule).toMatchObject({ pack: '330110' });
  expect(['effective', 'false-alarm']).toContain(detail.verdict);
  expect(detail.enterprise.name).toMatch(/^某/);
  const { reasons } = await get<AlertSignals>(server.url, `/api/v1/alerts/${detail.alertId}/signals?scope=330110`);
  expect(reasons.some(({ observations }) => observations?.some(({ source }) => source.startsWith('urn:demo:')))).toBe(
    true,
  );
  // Nobody told it: each step was done by somebody, in their own name, or by the other side.
  const of = (type: string) => detail.events.filter((event) => event.type === type);
  expect(of('wage.alert.dispatched')[0]!.source).toBe('urn:wagewatch:dispatch');
  for (const type of ['wage.alert.accepted', 'wage.alert.handled', 'wage.alert.audited', 'wage.alert.closed'])
    for (const event of of(type)) expect(event.source === DESK || event.platform === 'four-platforms', type).toBe(true);
  const doers = detail.events.flatMap(({ actor }) => actor ?? []);
  expect(Object.keys(detail.people!)).toEqual(expect.arrayContaining(doers));
  expect(Object.values(detail.people!).every((name) => name.startsWith('某'))).toBe(true);
  const handled = of('wage.alert.handled').at(-1)!.actor;
  expect(of('wage.alert.audited').at(-1)!.actor).not.toBe(handled);
  expect(server.output()).not.toContain('entering the register');
  expect(server.output()).not.toMatch(/"level":50/);
}, 180_000);

it('has a briefing and a report for whoever opens these pages first, made by the leader, once', async () => {
  const { items } = await until(
    'there is a report',
    async () => {
      const list = await get<ReportList>(server.url, '/api/v1/reports?scope=330110');
      return list.total > 0 ? list : undefined;
    },
    60_000,
  );
  expect(items).toMatchObject([{ kind: 'weekly', scope: '330110', whole: true }]);
  const briefings = await get<Briefings>(server.url, '/api/v1/briefings?scope=330110');
  expect(briefings.items).toMatchObject([{ scope: '330110', window: '30d', madeBy: items[0]!.by }]);
  expect(items[0]!.by).toMatch(/^某/);
}, 90_000);

it('has the other side take, accept and handle what is its own, and call back', async () => {
  const [connector] = (await get<Connectors>(server.url, '/api/v1/connectors?region=330110')).items.filter(
    ({ platform }) => platform === 'four-platforms',
  );
  expect(connector).toMatchObject({ kind: 'webhook', on: true, by: 'demonstration', failed: 0 });
  const taken = await until(
    'the platform has handled one',
    async () => {
      for (const { alertId, platform, stage } of (await alerts('open=true&limit=200')).items) {
        if (platform !== 'four-platforms' || (stage !== 'handled' && stage !== 'audited')) continue;
        const detail = await detailOf(alertId);
        if (detail.events.some(({ type, platform: by }) => type === 'wage.alert.handled' && by)) return detail;
      }
      return undefined;
    },
    60_000,
  );
  const handled = taken.events.find(({ type }) => type === 'wage.alert.handled')!;
  expect(handled).toMatchObject({ source: 'urn:demo:330110:four-platforms', platform: 'four-platforms' });
  expect(taken.delivery).toMatchObject({ platform: 'four-platforms', state: 'delivered' });
}, 90_000);

it('killed in the middle, it did nothing twice', async () => {
  const { items } = await alerts('q=SG-&limit=60');
  const twice: string[] = [];
  for (const { alertId } of items) {
    const { events } = await detailOf(alertId);
    const count = (type: string, verdict?: string) =>
      events.filter(
        ({ type: own, data }) => own === type && (!verdict || (data as { verdict: string }).verdict === verdict),
      ).length;
    const returned = count('wage.alert.audited', 'returned');
    for (const [type, most] of [
      ['wage.alert.accepted', 1 + returned],
      ['wage.alert.handled', 1 + returned],
      ['wage.alert.audited', 1 + returned],
      ['wage.alert.closed', 1],
      ['wage.case.noted', 1],
      ['wage.case.extended', 1],
    ] as const)
      if (count(type) > most || returned > 1) twice.push(`${alertId} ${type} ${count(type)}`);
  }
  expect(items.length).toBeGreaterThan(2);
  expect(twice).toEqual([]);
}, 60_000);

it('leaves nothing of its people and its platform where it is switched off', async () => {
  await server.stop();
  server = await startServer({ ...env, DEMO: 'off' });
  const { items } = await get<Connectors>(server.url, '/api/v1/connectors?region=330110');
  expect(items.map(({ kind }) => kind)).toEqual(items.map(() => 'none'));
  const [closed] = await closedByPeople();
  expect(closed!.people).toEqual({});
}, 60_000);
