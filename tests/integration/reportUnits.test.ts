import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { monthBefore } from '../../server/casework/oversight/performance.ts';
import type { Trail } from '../../contract/accessAdmin.ts';
import type { Performance } from '../../contract/performance.ts';
import type { ReportItem, ReportList, ReportLists, ScheduleItem, ScheduleList } from '../../contract/reports.ts';
import type { FrozenReport, SupervisionSituation, UnitSituation } from '../../contract/reportSituation.ts';
import { toRfc3339 } from '../../common/regionTime.ts';
import { asking } from '../support/asking.ts';
import { casePack, writeSitePack } from '../support/casework.ts';
import { event, raised } from '../support/events.ts';
import { letIn, writeAccess } from '../support/letIn.ts';
import { startServer, until, type RunningServer } from '../support/server.ts';

/** Reports about units and supervision, and the lists behind reports: what they count, and who may read them. */

const dir = mkdtempSync(join(tmpdir(), 'wagewatch-report-units-'));
const GRANTS = {
  admin: { role: 'admin', scope: '330110' },
  officer: { role: 'officer', scope: '330110' },
  townOfficer: { role: 'officer', scope: '330110001' },
  handler: { role: 'handler', scope: '330110', unit: 'brigade' },
  otherHandler: { role: 'handler', scope: '330110', unit: 'town-010' },
} as const;
type Who = keyof typeof GRANTS;
const { tokens, entries } = letIn(GRANTS);
const SITE = 'https://yujing.example.cn';
let server: RunningServer;
const start = () => startServer({ DATA_DIR: dir, ACCESS_FILE: writeAccess(dir, entries), PUBLIC_URL: SITE });
const { ask: askAt, send, bearer } = asking(tokens, () => server.url);
const ask = <T>(who: Who, path: string, body?: object) => askAt<T>(who, `/api/v1${path}`, body);

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BASE = Math.floor((Date.now() - 3 * DAY) / HOUR) * HOUR;
const at = (hours: number) => BASE + hours * HOUR;
const sent = (alertId: string, hours: number, unit: string) =>
  event('wage.alert.dispatched', at(hours), { alertId, platform: 'tri-colour', unit });
const span = () => ({
  kind: 'special',
  scope: '330110',
  from: toRfc3339(BASE - HOUR),
  to: toRfc3339(Math.floor(Date.now() / HOUR) * HOUR),
});
const folder = (id: string) => join(dir, 'files/reports', id);
const frozen = <T extends FrozenReport>(id: string) =>
  JSON.parse(readFileSync(join(folder(id), 'situation.json'), 'utf8')) as T;
const page = async (who: Who, id: string) =>
  (await fetch(`${server.url}/api/v1/reports/${id}.html`, { headers: bearer(who) })).text();

beforeAll(async () => {
  writeSitePack(dir);
  server = await start();
  await send(
    raised(at(0), { alertId: 'A', tier: 'red', town: '330110010', workers: 12, enterprise: { name: '某甲建筑公司' } }),
    sent('A', 1, 'brigade'),
    event('wage.alert.accepted', at(2), { alertId: 'A', unit: 'brigade' }),
    event('wage.case.supervised', at(6), { alertId: 'A', level: 'notice', text: '请办理', dueAt: toRfc3339(at(30)) }),
    event('wage.case.extended', at(7), { alertId: 'A', dueAt: toRfc3339(Date.now() + 5 * DAY), reason: '某理由' }),
    raised(at(0), { alertId: 'B', tier: 'red', town: '330110001' }),
    sent('B', 3, 'brigade'),
    sent('B', 4, 'town-001'),
    raised(at(0), { alertId: 'C', tier: 'red', town: '330110010', workers: 7, enterprise: { name: '某乙餐饮店' } }),
    sent('C', 1, 'brigade'),
    event('wage.alert.accepted', at(2), { alertId: 'C', unit: 'brigade' }),
    event('wage.case.supervised', at(3), { alertId: 'C', level: 'talk', text: '请约谈', dueAt: toRfc3339(at(20)) }),
    event('wage.case.answered', at(8), { alertId: 'C', text: '已约谈' }),
    event('wage.alert.handled', at(10), { alertId: 'C', outcome: 'paid-in-full' }),
    event('wage.wages.recovered', at(11), { alertId: 'C', amountFen: 500_000, workers: 7 }),
    event('wage.alert.audited', at(12), { alertId: 'C', verdict: 'effective' }),
  );
  await until('all is counted', async () => {
    const { body } = await ask<Performance>('officer', '/units/performance?region=330110');
    return body.units?.find(({ unit }) => unit === 'brigade')?.total.audited === 1;
  });
}, 60_000);
afterAll(async () => {
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
});

let ofUnit: ReportItem;
it('reports what a unit has done, the same as its page of performance', async () => {
  const made = await ask<ReportItem>('officer', '/reports', { ...span(), about: 'unit', unit: 'brigade' });
  expect(made.status).toBe(201);
  ofUnit = made.body;
  expect(ofUnit).toMatchObject({ about: 'unit', unit: { code: 'brigade' }, kind: 'special' });
  const situation = frozen<UnitSituation>(ofUnit.id);
  const from = monthBefore(BASE, 0);
  const { body } = await ask<Performance>('officer', `/units/performance?region=330110&from=${from}`);
  const row = body.units.find(({ unit }) => unit === 'brigade')!;
  expect(situation.figures).toEqual({ ...row.total, extended: 1 });
  expect(situation.figures).toMatchObject({ received: 3, accepted: 2, handled: 1, audited: 1, recoveredFen: 500_000 });
  expect(situation.held).toEqual({ open: row.open, overdue: row.overdue });
  expect(situation.held.open).toBe(1);
  expect(situation.gravest.map(({ alertId }) => alertId)).toEqual(['A']);
  expect(situation.byTown).toMatchObject({ '330110010': { received: 2 }, '330110001': { received: 1 } });
  const received = Object.values(situation.series).reduce((sum, one) => sum + one.received, 0);
  expect(received).toBe(3);
  const text = await page('officer', ofUnit.id);
  expect(text).toContain('接收交派<b>3</b>起');
  expect(text).not.toContain('某甲建筑公司');
  expect(text).toContain(`${SITE}/reports/${ofUnit.digest}/lists`);
  // Of a town: what lies there alone.
  const town = await ask<ReportItem>('townOfficer', '/reports', {
    ...span(),
    scope: '330110001',
    about: 'unit',
    unit: 'brigade',
  });
  expect(frozen<UnitSituation>(town.body.id).figures).toMatchObject({ received: 1, accepted: 0, handled: 0 });
});

it('lists what is behind it, as it was frozen, for whoever may read it', async () => {
  const lists = async (who: Who, query = '') =>
    (await ask<ReportLists>(who, `/reports/${ofUnit.digest}/lists?${query}`)).body;
  const ids = ({ items }: ReportLists) => items.map(({ alert }) => alert?.alertId);
  const received = await lists('officer');
  expect(received).toMatchObject({ list: 'received', hidden: 0, kept: 3, report: { id: ofUnit.id } });
  expect(received.totals).toMatchObject({ received: 3, accepted: 2, handled: 1, extended: 1, recovered: 1, open: 1 });
  expect(ids(received)).toEqual(['B', 'A', 'C']);
  expect(received.items.every(({ at: time }) => time !== undefined)).toBe(true);
  expect(received.digest).toBe(frozen(ofUnit.id).lists);
  expect(ids(await lists('officer', 'list=open'))).toEqual(['A']);
  expect(await lists('officer', 'list=received&skip=1&limit=1')).toMatchObject({
    items: [{ alert: { alertId: 'A' } }],
  });
  // What came after is not in them.
  await send(event('wage.alert.amended', Date.now() - 1_000, { alertId: 'A', workers: 40 }));
  await until(
    'it is amended',
    async () => (await ask<{ workers: number }>('officer', '/alerts/A')).body.workers === 40,
  );
  expect((await lists('officer', 'list=open')).items[0]?.alert?.workers).toBe(12);

  // A handler reads about their own unit; what is with another by now is a number.
  const told = (await ask<ReportList>('handler', '/reports')).body.items;
  expect(told.map(({ scope, unit }) => `${scope} ${unit?.code}`)).toEqual(['330110001 brigade', '330110 brigade']);
  const own = await lists('handler');
  expect(ids(own).sort()).toEqual(['A', 'C']);
  expect(own).toMatchObject({ kept: 3, hidden: 1 });
  expect(await page('handler', ofUnit.id)).toContain('接收交派');
  for (const who of ['otherHandler', 'townOfficer'] as const) {
    expect((await ask(who, `/reports/${ofUnit.digest}/lists`)).status, who).toBe(404);
    expect((await ask(who, `/reports/${ofUnit.id}`)).status, who).toBe(404);
  }
  expect((await ask('handler', '/reports', { ...span(), about: 'unit', unit: 'brigade' })).status).toBe(403);
  expect((await ask('officer', `/reports/${ofUnit.id}/lists?list=raised`)).body).toMatchObject({
    status: 400,
    parameter: 'list',
  });
  const trail = (await ask<Trail>('admin', `/access/trail?what=report.read&target=${ofUnit.id}&limit=50`)).body;
  expect(JSON.stringify(trail)).toContain('"list":"open"');
});

it('reports what was supervised, late ones first, with the names that the letters have', async () => {
  const made = await ask<ReportItem>('officer', '/reports', { ...span(), about: 'supervision' });
  expect(made.status).toBe(201);
  const item = made.body;
  const situation = frozen<SupervisionSituation>(item.id);
  expect(situation.letters.map(({ alertId, state }) => `${alertId} ${state}`)).toEqual(['A overdue', 'C answered']);
  expect(situation.letters[0]).toMatchObject({
    unit: { 'zh-CN': casePack().units!.find(({ code }) => code === 'brigade')!.name['zh-CN'] },
    enterprise: '某甲建筑公司',
    workers: 12,
    stage: 'accepted',
    answeredLate: false,
  });
  expect(situation.state).toMatchObject({ issued: 2, answered: 1, overdue: 1, alerts: 2, workers: 19 });
  expect(situation.byLevel).toEqual({ notice: 1, talk: 1 });
  const text = await page('officer', item.id);
  expect(text).toContain('关于杭州市余杭区欠薪预警督办情况的通报');
  expect(text).toContain('某甲建筑公司');
  expect(text.indexOf('某甲建筑公司')).toBeLessThan(text.indexOf('某乙餐饮店'));
  const docx = unzipSync(new Uint8Array(readFileSync(join(folder(item.id), 'report.docx'))));
  expect(strFromU8(docx['word/document.xml']!)).toContain('某甲建筑公司');
  const { body } = await ask<ReportLists>('officer', `/reports/${item.id}/lists?list=overdue`);
  expect(body.items.map(({ alert }) => alert?.alertId)).toEqual(['A']);
  expect((await ask('handler', `/reports/${item.id}`)).status).toBe(404);
  const chosen = await ask<ReportList>('officer', '/reports?about=supervision');
  expect(chosen.body.items.map(({ id }) => id)).toEqual([item.id]);
});

it.each<[what: string, body: object, status: number, parameter: string]>([
  ['a unit that is not there', { about: 'unit', unit: 'none' }, 422, 'unit'],
  ['no unit', { about: 'unit' }, 400, 'unit'],
  ['a unit too much', { about: 'supervision', unit: 'brigade' }, 400, 'unit'],
  ['an unknown subject', { about: 'weather' }, 400, 'about'],
  ['what is no code', { about: 'unit', unit: 'Brigade!' }, 400, 'unit'],
  [
    'a century',
    { about: 'unit', unit: 'brigade', from: '2000-01-02T00:00:00+08:00', to: '2026-01-01T00:00:00+08:00' },
    422,
    'from',
  ],
])('refuses %s, with words', async (_what, more, status, parameter) => {
  const { body } = await ask('officer', '/reports', { ...span(), ...more });
  expect(body).toMatchObject({ status, parameter });
  expect(body.detail).not.toBe('');
});

it('tells of lists that are not what was kept, and of reports without any', async () => {
  const made = await ask<ReportItem>('officer', '/reports', span());
  const { id, digest } = made.body;
  const lists = (what: string) => ask<ReportLists>('officer', `/reports/${what}/lists?list=raised`);
  expect((await lists(digest)).body.totals).toMatchObject({ raised: 3, open: 3 });
  writeFileSync(join(folder(id), 'lists.json.gz'), 'x');
  expect((await lists(digest)).status).toBe(410);
  rmSync(join(folder(id), 'lists.json.gz'));
  expect((await lists(digest)).status).toBe(410);
  // As a version made it that kept none.
  const older = `${id.slice(0, -8)}aaaaaaaa`;
  cpSync(folder(id), folder(older), { recursive: true });
  const situation = frozen(id);
  delete situation.lists;
  const bytes = JSON.stringify(situation);
  writeFileSync(join(folder(older), 'situation.json'), bytes);
  const item = { ...made.body, id: older, digest: createHash('sha256').update(bytes).digest('hex') };
  writeFileSync(join(folder(older), 'report.json'), JSON.stringify(item));
  expect((await lists(item.digest)).status).toBe(404);
  expect((await ask('officer', `/reports/${older}`)).status).toBe(200);
});

it('schedules them, and says of a unit that is gone', async () => {
  const pack = casePack();
  const gone = pack.units!.find(({ code }) => !['brigade', 'town-010', 'town-001'].includes(code))!;
  const body = { kind: 'monthly', scope: '330110', lang: 'zh-CN', rhythm: 'monthly', nth: 1, time: '08:30' };
  const set = await ask<ScheduleItem>('officer', '/report-schedules', { ...body, about: 'unit', unit: gone.code });
  expect(set.body).toMatchObject({ about: 'unit', unit: gone.code, unitName: gone.name });
  expect((await ask('officer', '/report-schedules', { ...body, about: 'unit', unit: 'none' })).body).toMatchObject({
    status: 422,
    parameter: 'unit',
  });
  await server.stop();
  writeSitePack(dir, { ...pack, units: pack.units!.filter(({ code }) => code !== gone.code) });
  server = await start();
  await until('it is there again', async () => (await ask('officer', '/report-schedules')).status === 200);
  const { items } = (await ask<ScheduleList>('officer', '/report-schedules')).body;
  expect(items.map(({ unit, unitName }) => [unit, unitName])).toEqual([[gone.code, undefined]]);
  await until('figures are there', async () => (await ask('officer', '/snapshot?scope=330110')).status === 200);
  expect((await ask('officer', '/reports', { ...span(), about: 'unit', unit: gone.code })).status).toBe(422);
}, 60_000);
