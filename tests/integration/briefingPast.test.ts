import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pino } from 'pino';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY_MS, floorTo, HOUR_MS, MINUTE_MS, parseRfc3339, toRfc3339 } from '../../common/regionTime.ts';
import { ChangesSchema, type Looked, type Since } from '../../contract/briefingChanges.ts';
import {
  BriefingAnswerSchema,
  type Briefing,
  type BriefingAnswer,
  type BriefingListAnswer,
  type LiveBriefing,
} from '../../contract/briefings.ts';
import type { Frame } from '../../contract/frame.ts';
import type { AlertList } from '../../contract/rest.ts';
import { encodeShown } from '../../server/replay/shown/shownFile.ts';
import { createShownStore } from '../../server/replay/shown/shownStore.ts';
import { asking } from '../support/asking.ts';
import { event, raised } from '../support/events.ts';
import { observation, registration, rulesOf } from '../support/signals.ts';
import { letIn, writeAccess } from '../support/letIn.ts';
import { startServer, until, type RunningServer } from '../support/server.ts';

/** Briefings of the past, what has changed since the one before, and since somebody looked; by a clock that is set. */
const TOWN = '330110010';
const GRANTS = {
  admin: { role: 'admin', scope: '330110' },
  leader: { role: 'leader', scope: '330110' },
  other: { role: 'leader', scope: '330110' },
  townOfficer: { role: 'officer', scope: TOWN },
  display: { role: 'display', scope: '330110' },
} as const;
type Who = keyof typeof GRANTS;
const { tokens, entries } = letIn(GRANTS);
const dir = mkdtempSync(join(tmpdir(), 'briefing-past-'));
const clock = join(dir, 'clock');
const filesDir = join(dir, 'files');
let server: RunningServer;
let skew = 0;
const now = () => Date.now() + skew;
const setClock = (ms: number) => {
  skew = ms;
  writeFileSync(clock, String(ms));
};
const { ask, send } = asking(tokens, () => server.url);
const call = <T>(who: Who, method: string, path: string, body?: object) =>
  ask<T>(who, `/api/v1/${path}`, body, { method });
const live = async (query: Record<string, string> = {}, who: Who = 'leader') => {
  const search = new URLSearchParams({ scope: '330110', window: '30d', ...query }).toString();
  const { status, body } = await call<LiveBriefing>(who, 'GET', `briefings/live?${search}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.content;
};
const snapshot = async (at: number) =>
  (await call<Frame>('admin', 'GET', `snapshot?scope=330110&window=30d&at=${encodeURIComponent(toRfc3339(at))}`)).body;
const raisedNow = async () =>
  (await call<Frame>('admin', 'GET', 'snapshot?scope=330110&window=all')).body.totals.raised;
const counted = (n: number) => until(`${n} alerts are counted`, async () => (await raisedNow()) === n);
const since = async (who: Who = 'leader', query = '') => {
  const { status, body } = await call<Since>(who, 'GET', `briefings/since?scope=330110${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};
const look = async (who: Who = 'leader') =>
  (await call<Looked>(who, 'POST', 'briefings/looked', { scope: '330110' })).body;

/** Sets the clock on, and waits until the server goes by it. */
const later = async (ms: number) => {
  setClock(skew + ms);
  await until('the clock is set', async () => parseRfc3339((await live()).at)! > now() - 30_000);
};

/** Yesterday at 10:20, of which a frame was kept; and the hour of it. */
const past = floorTo(Date.now(), DAY_MS) - DAY_MS + 10 * HOUR_MS + 20 * MINUTE_MS;

beforeAll(async () => {
  setClock(0);
  server = await startServer({
    DATA_DIR: join(dir, 'data'),
    FILES_DIR: filesDir,
    CLOCK_FILE: clock,
    NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, '../support/clock.mjs')).href}`,
    ACCESS_FILE: writeAccess(dir, entries),
    LEASE_MS: '1000',
  });
  await until('the server is ready', async () => (await fetch(`${server.url}/readyz`)).ok);
  await send(
    raised(past - 2 * DAY_MS, { alertId: 'A1', tier: 'red', town: '330110001' }),
    raised(past - 3 * HOUR_MS, { alertId: 'A2', tier: 'yellow' }),
    event('wage.alert.closed', past + HOUR_MS, { alertId: 'A1' }),
    raised(past + 2 * HOUR_MS, { alertId: 'A3', tier: 'orange' }),
  );
  await counted(3);
}, 120_000);
afterAll(async () => {
  await server.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

describe('a situation of the past', () => {
  it('is that of the snapshot of that moment, with its lists, and without what nobody knows', async () => {
    const content = await live({ at: toRfc3339(past) });
    expect({ ...content.frame, seq: 0 }).toEqual({ ...(await snapshot(past)), seq: 0 });
    expect(content).toMatchObject({ at: toRfc3339(past), past: {}, cases: [], outlook: [] });
    expect(content.frame.totals).toMatchObject({ raised: 2, open: 2 });
    expect(content.totals).toEqual({ raised: 2, audited: 0, recovered: 0, closed: 0, open: 2 });
    expect(content.before?.open).toBe(0);
    expect(content.history).toHaveLength(30);
    expect(content.history.at(-1)).toMatchObject({ raised: 0, open: 1 });
    expect([content.frame.byStage, content.frame.totals.overdue, content.accounts]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('has the stages that were shown in that hour, if they were kept', async () => {
    const hour = floorTo(past, HOUR_MS);
    const shown = {
      ...(await snapshot(hour)),
      at: toRfc3339(hour + 3_000),
      byStage: { raised: 1, accepted: 1 },
      overdueByStage: { accepted: 1 },
    };
    Object.assign(shown.totals, { overdue: 1, dueToday: 4, supervised: 2, raised: 99 });
    const store = createShownStore(filesDir, pino({ enabled: false }));
    await store.write('330110', hour, await encodeShown(new Map([['today', JSON.stringify(shown)]])));
    const { frame, past: told } = await live({ at: toRfc3339(past) });
    expect(told).toEqual({ kept: shown.at });
    expect(frame.byStage).toEqual({ raised: 1, accepted: 1 });
    expect(frame.overdueByStage).toEqual({ accepted: 1 });
    // What today's facts know is theirs.
    expect(frame.totals).toMatchObject({ overdue: 1, dueToday: 4, supervised: 2, raised: 2, open: 2 });
    expect((await live({ at: toRfc3339(hour + HOUR_MS) })).past).toEqual({});
  });

  it('can be frozen, and says of which alerts nobody knows', async () => {
    const { status, body: made } = await call<Briefing>('leader', 'POST', 'briefings', {
      scope: '330110',
      window: '30d',
      at: toRfc3339(past),
    });
    expect([status, made.at]).toEqual([201, toRfc3339(past)]);
    expect(made.title).toContain(toRfc3339(past).slice(0, 10));
    const { body: answer } = await call<BriefingAnswer>('leader', 'GET', `briefings/${made.id}`);
    expect(Value.Check(BriefingAnswerSchema, answer)).toBe(true);
    const list = (name: string) =>
      call<BriefingListAnswer>('leader', 'GET', `briefings/${made.id}/alerts?list=${name}`);
    expect((await list('raised')).body.items.map(({ alertId }) => alertId).sort()).toEqual(['A1', 'A2']);
    expect((await list('closed')).body.total).toBe(0);
    // A1 was closed later, and A3 is of later.
    expect((await list('open')).body.items.map(({ alertId }) => alertId)).toEqual(['A2', 'A1']);
    for (const name of ['overdue', 'due']) {
      const { status: refused, body } = await list(name);
      expect([refused, body.detail]).toEqual([404, expect.stringContaining('not known')]);
    }
    expect((await call('leader', 'DELETE', `briefings/${made.id}`)).status).toBe(204);
  });

  it('has as many alerts in a list as its figure says, also where the window begins within a bucket', async () => {
    // The minutes in which A1 was raised are no longer kept: its hour began before the window, and is out as a whole.
    const content = await live({ at: toRfc3339(past - DAY_MS - 5 * MINUTE_MS), window: '24h' });
    expect([content.frame.totals.raised, content.totals.raised]).toEqual([0, 0]);
    const before = await live({ at: toRfc3339(past - DAY_MS - 25 * MINUTE_MS), window: '24h' });
    expect([before.frame.totals.raised, before.totals.raised]).toEqual([1, 1]);
  });

  it.each<[at: string, title: string]>([
    ['2999-01-01T00:00:00+08:00', 'Moment is in the future'],
    ['2001-01-01T00:00:00+08:00', 'Before the beginning'],
  ])('of %s is refused: %s', async (at, title) => {
    const { status, body } = await call('leader', 'GET', `briefings/live?scope=330110&at=${encodeURIComponent(at)}`);
    expect([status, body.title, body.parameter]).toEqual([400, title, 'at']);
  });
});

describe('wage accounts', () => {
  it('are told as far as banks report of them, by town, once rules are in force', async () => {
    expect((await live()).accounts).toBeUndefined();
    const rules = rulesOf('w.1', [99, 98, 97]);
    rules.channels['wage-account'] = { cap: 70, everyDays: 35 };
    rules.indicators['wage-account.unpaid-months'] = {
      ...rules.indicators['petition.received']!,
      name: { 'zh-CN': '工资未发', en: 'wages unpaid' },
      channel: 'wage-account',
      kind: 'state',
      measure: 'value',
      unit: 'month',
      validDays: 62,
      points: [[1, 30]],
    };
    delete rules.indicators['wage-account.unpaid-months'].windowDays;
    expect((await call('admin', 'POST', 'rules?region=330110', rules)).status).toBe(201);
    const site = (n: number, town: string) =>
      registration(n, '某某建设有限公司', {
        kind: 'project',
        project: { id: `XM-${n}`, name: `某某小区${n}期` },
        town,
        industry: 'E',
      });
    const unpaid = (n: number, value: number, bank: string) => ({
      ...observation('wage-account.unpaid-months', {}, {}, undefined, `w${n}`),
      source: `urn:test:${bank}`,
      data: {
        region: '330110',
        indicator: 'wage-account.unpaid-months',
        project: { id: `XM-${n}` },
        value,
        workers: 12,
      },
    });
    await send(
      site(1, TOWN),
      site(2, TOWN),
      site(3, '330110001'),
      unpaid(1, 2, 'bank-1'),
      unpaid(2, 0, 'bank-1'),
      unpaid(3, 1, 'bank-2'),
    );
    const activate = (body: object) =>
      call<{ raises?: number }>('admin', 'POST', 'rules/w.1/activate?region=330110', { why: 'a test', ...body });
    await until('nothing would be raised', async () => (await activate({})).body.raises === 0);
    expect((await activate({ raises: 0 })).status).toBe(200);
    const told = await until('the sites are known', async () => {
      const { accounts } = await live();
      return accounts?.flagged.sites === 2 ? accounts : undefined;
    });
    expect(told).toMatchObject({
      sites: 3,
      sitesByTown: { [TOWN]: 2, '330110001': 1 },
      banks: [
        { source: expect.stringContaining('bank-1') as string, state: 'ok' },
        { source: expect.stringContaining('bank-2') as string, state: 'ok' },
      ],
      flagged: { sites: 2, workers: 24, byTown: { [TOWN]: 1, '330110001': 1 } },
      indicators: [{ code: 'wage-account.unpaid-months', name: { en: 'wages unpaid' }, sites: 2 }],
    });
    const own = await live({ scope: TOWN }, 'townOfficer');
    expect(own.accounts).toMatchObject({ sites: 2, flagged: { sites: 1, byTown: { [TOWN]: 1 } } });
  });
});

describe('what has changed since the briefing before', () => {
  it('is told by the next one of the same scope, and by that of now, and stays as it was', async () => {
    const freeze = async (scope = '330110') =>
      (await call<Briefing>('leader', 'POST', 'briefings', { scope, window: 'week' })).body;
    const contentOf = async ({ id }: Briefing) =>
      (await call<BriefingAnswer>('leader', 'GET', `briefings/${id}`)).body.content;
    const first = await freeze();
    expect((await contentOf(first)).last).toBeUndefined();
    await freeze(TOWN);
    await later(2 * MINUTE_MS);
    await send(
      raised(now() - 2_000, { alertId: 'B1', tier: 'red', town: '330110001' }),
      raised(now() - 1_500, { alertId: 'B2', tier: 'yellow', town: '330110001' }),
      event('wage.wages.recovered', now() - 1_000, { alertId: 'A2', amountFen: 1_234_500, workers: 7 }),
    );
    await counted(5);
    const second = await freeze();
    const { last } = await contentOf(second);
    expect(last).toMatchObject({ id: first.id, title: first.title, at: first.at });
    expect(Value.Check(ChangesSchema, last!.changes)).toBe(true);
    expect(last!.changes).toMatchObject({
      raised: 2,
      red: 1,
      effective: 0,
      falseAlarm: 0,
      recoveredFen: 1_234_500,
      recoveredWorkers: 7,
      closed: 0,
      open: { then: 2, now: 4 },
      late: 0,
      towns: { '330110001': 2 },
    });
    expect(last!.fresh!.sort()).toEqual(['330110/B1', '330110/B2']);
    expect((await live({ window: 'week' })).last?.id).toBe(second.id);
    // What is frozen stays, also when the one before has gone.
    expect((await call('leader', 'DELETE', `briefings/${first.id}`)).status).toBe(204);
    expect((await contentOf(second)).last).toEqual(last);
  });
});

describe('since somebody last looked', () => {
  it('is counted from their visit before this one, by each for themselves', async () => {
    expect(await since()).toEqual({});
    expect(await look()).toEqual({});
    const first = now();
    // Loading the page again is the same visit.
    await later(20 * MINUTE_MS);
    expect(await look()).toEqual({});
    expect(await since()).toEqual({});
    const last = now();
    await later(3 * HOUR_MS);
    await send(
      raised(now() - 2 * HOUR_MS, { alertId: 'C1', tier: 'red', town: TOWN }),
      event('wage.alert.closed', now() - HOUR_MS, { alertId: 'B2' }),
    );
    await counted(6);
    const { looked, changes } = await since();
    expect(Math.abs(parseRfc3339(looked!)! - last)).toBeLessThan(20_000);
    expect(parseRfc3339(looked!)!).toBeGreaterThan(first);
    expect(parseRfc3339(changes!.from)).toBe(floorTo(parseRfc3339(looked!)!, MINUTE_MS));
    expect(changes).toMatchObject({ raised: 1, red: 1, closed: 1, open: { then: 4, now: 4 }, towns: { [TOWN]: 1 } });
    // The visit that goes on has the same before it.
    expect(await look()).toEqual({ before: looked });
    expect((await since()).looked).toBe(looked);
    expect(await since('other')).toEqual({});
    // What was frozen long ago shows nothing of now: whoever reads it has not looked.
    const old = { scope: '330110', at: toRfc3339(now() - 2 * DAY_MS) };
    expect((await call<Looked>('other', 'POST', 'briefings/looked', old)).body).toEqual({});
    await later(HOUR_MS);
    expect(await since('other')).toEqual({});
  });

  it('is told up to the moment of a frozen one, with who was late then', async () => {
    const { body: made } = await call<Briefing>('leader', 'POST', 'briefings', { scope: '330110', window: 'week' });
    await later(10 * DAY_MS);
    await send(raised(now() - HOUR_MS, { alertId: 'D1', tier: 'red' }));
    await counted(7);
    const upTo = await since('leader', `&briefing=${made.id}`);
    // Looked at last before it was frozen: nothing is after that.
    expect(upTo.changes).toMatchObject({ raised: 0, closed: 0 });
    const { looked, changes } = await since();
    expect(parseRfc3339(changes!.from)).toBe(floorTo(parseRfc3339(looked!)!, HOUR_MS));
    const { items } = (await call<AlertList>('leader', 'GET', 'alerts?scope=330110&overdue=true&limit=200')).body;
    const newly = items.filter(({ dueAt }) => parseRfc3339(dueAt!)! >= parseRfc3339(changes!.from)!);
    expect(newly.length).toBeGreaterThan(0);
    expect(changes!.late).toBe(newly.length);
  });

  it('is for those who may read the scope, and for no display', async () => {
    for (const [method, path, body] of [
      ['GET', 'briefings/since?scope=330110', undefined],
      ['POST', 'briefings/looked', { scope: '330110' }],
    ] as const) {
      expect((await call('display', method, path, body)).status, path).toBe(403);
      expect((await call('townOfficer', method, path, body)).status, path).toBe(403);
    }
    expect((await call('townOfficer', 'POST', 'briefings/looked', { scope: TOWN })).status).toBe(200);
    const { body: whole } = await call<Briefing>('leader', 'POST', 'briefings', { scope: '330110' });
    expect((await call('townOfficer', 'GET', `briefings/since?scope=${TOWN}&briefing=${whole.id}`)).status).toBe(404);
    expect((await call('leader', 'POST', 'briefings/looked', { scope: '990000' })).status).toBe(403);
  });
});
