import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { latLngToCell } from 'h3-js';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyMergePatch, type Json } from '../../common/mergePatch.ts';
import { DAY_MS } from '../../common/regionTime.ts';
import type { Trail } from '../../contract/accessAdmin.ts';
import type { Frame } from '../../contract/frame.ts';
import type { ClientEvents, ServerEvents, WatchAck } from '../../contract/protocol.ts';
import type { AlertList, EnterpriseAnswer, Problem } from '../../contract/rest.ts';
import type { AlertSignals, Sources, SubjectHeat, SubjectList, SubjectPortrait } from '../../contract/subjects.ts';
import { ENTRIES, OTHER_TOWN, tokens, TOWN, UNIT, type Asker } from '../support/accessTable.ts';
import { BATCH, startServer, until, type RunningServer } from '../support/server.ts';
import { observation, registration, rulesOf, usccOf } from '../support/signals.ts';

/** What is watched, as it goes out (signals §5), over one running server: REST, screens, roles and scopes. */

const dir = mkdtempSync(join(tmpdir(), 'wagewatch-subjects-'));
const clock = join(dir, 'clock');
const SECRET = '某密字建筑有限公司';
const NOTE = '某密字工人来电';
const [EMPLOYER, QUIET, BESIDE] = [usccOf(1), usccOf(2), usccOf(3)];

type Screen = Socket<ServerEvents, ClientEvents>;
let server: RunningServer;
const screens: Screen[] = [];

async function ask<T>(who: Asker, path: string, body?: object, type = 'application/json') {
  const answer = await fetch(`${server.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${tokens[who]}`, ...(body === undefined ? {} : { 'content-type': type }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    text,
    body: (answer.headers.get('content-type')?.includes('json') ? JSON.parse(text) : undefined) as T,
  };
}
const subjects = (query = '') => `/api/v1/subjects?region=330110${query && `&${query}`}`;
const heat = (query = '') => subjects(query).replace('subjects', 'subjects/heat');
const portrait = (key: string) => `/api/v1/subjects/${encodeURIComponent(key)}?region=330110`;
const keysOf = async (who: Asker, query = '') =>
  (await ask<SubjectList>(who, subjects(query))).body.items.map(({ key }) => key);

/** What a screen holds, and every byte of the frames and patches that it was sent. */
async function watching(who: Asker, scope: string) {
  const screen: Screen = io(`${server.url}/wall`, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    auth: { token: tokens[who] },
  });
  screens.push(screen);
  const held: { frame: Frame; bytes: string } = { frame: undefined as never, bytes: '' };
  screen.on('patch', ({ patch }) => {
    held.bytes += JSON.stringify(patch);
    held.frame = applyMergePatch(held.frame, patch as Json);
  });
  screen.on('alert', (notice) => {
    held.bytes += JSON.stringify(notice);
  });
  const ack: WatchAck = await screen.emitWithAck('watch', { scope, window: '24h' });
  if (!('frame' in ack)) throw new Error(`${who}: ${ack.problem.detail}`);
  held.bytes += JSON.stringify(ack.frame);
  held.frame = ack.frame;
  return held;
}
type Held = Awaited<ReturnType<typeof watching>>;
const held = {} as Record<'officer' | 'townOfficer' | 'display', Held>;

const EVENTS = [
  registration(1, SECRET, { town: TOWN, headcount: 80, location: { lng: 120.041237, lat: 30.371239 } }),
  registration(2, '某静字商行', { town: TOWN }),
  registration(3, '某邻字工厂', { town: OTHER_TOWN }),
  registration(4, '某邻字工厂', {
    kind: 'project',
    project: { id: 'XM-1', name: '某某小区一期' },
    town: OTHER_TOWN,
    industry: 'E',
  }),
  // By its name alone: it is the employer's who alone has that name.
  ...[1, 2, 3, 4].map((n) =>
    observation('petition.received', { name: SECRET }, { ref: `案${n}`, text: NOTE, workers: n }),
  ),
  ...[1, 2, 3, 4].map((n) => observation('hotline.call', { uscc: EMPLOYER }, { ref: `话${n}` })),
  ...[1, 2].map((n) => observation('petition.received', { uscc: BESIDE }, { ref: `邻${n}`, workers: 30 })),
  ...[1, 2].map((n) => ({
    ...observation('petition.received', {}, {}, undefined, `x${n}`),
    data: { region: '330110', indicator: 'petition.received', project: { id: 'XM-1' } },
  })),
];

beforeAll(async () => {
  writeFileSync(clock, '0');
  writeFileSync(join(dir, 'access.json'), JSON.stringify({ tokens: ENTRIES }));
  server = await startServer({
    ACCESS_FILE: join(dir, 'access.json'),
    CLOCK_FILE: clock,
    NODE_OPTIONS: `--import=${pathToFileURL(join(import.meta.dirname, '../support/clock.mjs')).href}`,
  });
  expect((await ask('admin', '/api/v1/rules?region=330110', rulesOf('t.1'))).status).toBe(201);
  const sent = await ask('admin', '/api/v1/events', EVENTS, BATCH);
  expect(sent.body).toMatchObject({ accepted: EVENTS.length, rejectedTotal: 0 });
});
afterAll(async () => {
  for (const screen of screens) screen.disconnect();
  await server.stop();
  rmSync(dir, { recursive: true });
});

describe('what is watched', () => {
  it('is in no frame before rules are in force; then it comes by patches, for towns three figures', async () => {
    held.officer = await watching('officer', '330110');
    held.townOfficer = await watching('townOfficer', TOWN);
    held.display = await watching('display', '330110');
    for (const { frame } of Object.values(held)) expect(frame).not.toHaveProperty('monitor');
    const activate = (body: object) =>
      ask<{ raises?: number }>('admin', '/api/v1/rules/t.1/activate?region=330110', { why: 'a test', ...body });
    await until('all three would be raised', async () => (await activate({})).body.raises === 3);
    expect(await activate({ raises: 3 })).toMatchObject({ status: 200 });
    await until('the alerts are there', () => held.officer.frame.totals.raised === 3);
    await until('the watch list is whole', () => held.officer.frame.monitor?.watch === 3);
    const figures = {
      enterprises: 3,
      projects: 1,
      watch: 3,
      unplaced: 0,
      observations: { today: 12, total: 12 },
      sources: {
        petition: { state: 'ok', lastAt: expect.any(String) as string, today: 8 },
        hotline: { state: 'ok', lastAt: expect.any(String) as string, today: 4 },
      },
    };
    expect(held.officer.frame.monitor).toEqual(figures);
    await until('the town has its figures', () => held.townOfficer.frame.monitor?.watch === 1);
    expect(held.townOfficer.frame.monitor).toEqual({ enterprises: 2, projects: 0, watch: 1 });
    await until('displays have the figures', () => held.display.frame.monitor?.watch === 3);
    expect(held.display.frame.monitor).toEqual(figures);
    // What a screen holds by patches is what it would be given now.
    const { body } = await ask<Frame>('officer', '/api/v1/snapshot?scope=330110&window=24h');
    expect(body.monitor).toEqual(held.officer.frame.monitor);
    const past = await ask<Frame>('officer', `/api/v1/snapshot?scope=330110&at=${new Date().toISOString()}`);
    expect(past.body).not.toHaveProperty('monitor');
  });

  it('is listed by score, with filters that all must hold, page by page', async () => {
    const { body } = await ask<SubjectList>('officer', subjects());
    expect(body.total).toBe(4);
    expect(body.items.map(({ key, score, tier }) => [key, score, tier])).toEqual([
      [`U:${EMPLOYER}`, 60, 'red'],
      ['P:XM-1', 15, 'yellow'],
      [`U:${BESIDE}`, 15, 'yellow'],
      [`U:${QUIET}`, 0, undefined],
    ]);
    expect(body.items[0]).toMatchObject({
      region: '330110',
      kind: 'enterprise',
      name: SECRET,
      town: TOWN,
      industry: 'C',
      registered: true,
      active: true,
      rule: 'R1',
      watch: true,
      workers: 10,
      channelPoints: { petition: 30, hotline: 30 },
      unplaced: false,
    });
    expect(await keysOf('officer', 'sort=workers')).toEqual([`U:${BESIDE}`, `U:${EMPLOYER}`, 'P:XM-1', `U:${QUIET}`]);
    for (const [query, keys] of [
      ['kind=project', ['P:XM-1']],
      ['tier=red', [`U:${EMPLOYER}`]],
      ['watch=false', [`U:${QUIET}`]],
      ['channel=hotline', [`U:${EMPLOYER}`]],
      ['indicator=petition.received&tier=yellow&kind=enterprise', [`U:${BESIDE}`]],
      [`q=${encodeURIComponent('密字')}`, [`U:${EMPLOYER}`]],
      ['q=xm-1', ['P:XM-1']],
      [`q=${EMPLOYER.toLowerCase()}`, [`U:${EMPLOYER}`]],
      [`scope=${OTHER_TOWN}`, ['P:XM-1', `U:${BESIDE}`]],
      ['tier=blue', []],
    ] as const)
      expect([query, await keysOf('officer', query)]).toEqual([query, keys]);
    const found: string[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined;) {
      const page: { body: SubjectList } = await ask(
        'officer',
        subjects(`limit=1${cursor && `&cursor=${encodeURIComponent(cursor)}`}`),
      );
      expect(page.body.total).toBe(4);
      found.push(...page.body.items.map(({ key }) => key));
      cursor = page.body.cursor;
    }
    expect(found).toEqual(body.items.map(({ key }) => key));
  });

  it('is heat: how many of the watch list are in each cell and town, and the list of a cell has as many', async () => {
    const cell = latLngToCell(30.371239, 120.041237, 8);
    const { body } = await ask<SubjectHeat>('officer', heat());
    expect(body).toEqual({
      region: '330110',
      total: 3,
      cells: { [cell]: 1 },
      unplaced: 2,
      byTown: { [TOWN]: 1, [OTHER_TOWN]: 2 },
    });
    expect(await keysOf('officer', `watch=true&cell=${cell}`)).toEqual([`U:${EMPLOYER}`]);
    expect(await keysOf('officer', `cell=${latLngToCell(30.4, 120.1, 8)}`)).toEqual([]);
    for (const [query, total] of [
      ['tier=red', 1],
      ['kind=project', 1],
      ['channel=hotline', 1],
      [`scope=${OTHER_TOWN}`, 2],
      ['watch=true', 3],
      ['watch=false', 0],
    ] as const)
      expect([query, (await ask<SubjectHeat>('officer', heat(query))).body.total]).toEqual([query, total]);
    // A town's officer is told of that town alone, and a display nothing at all.
    expect((await ask<SubjectHeat>('townOfficer', heat())).body).toEqual({
      region: '330110',
      total: 1,
      cells: { [cell]: 1 },
      unplaced: 0,
      byTown: { [TOWN]: 1 },
    });
    expect(await ask('townOfficer', heat(`scope=${OTHER_TOWN}`))).toMatchObject({ status: 403 });
    expect(await ask('display', heat())).toMatchObject({ status: 403 });
  });

  it('says what is wrong with a question', async () => {
    const { body } = await ask<SubjectList>('officer', subjects('limit=1'));
    const cursor = encodeURIComponent(body.cursor!);
    for (const [query, parameter] of [
      ['kind=person', 'kind'],
      ['tier=pink', 'tier'],
      ['watch=perhaps', 'watch'],
      ['channel=rumour', 'channel'],
      ['indicator=petition.recieved', 'indicator'],
      ['indicator=A', 'indicator'],
      ['cell=8830e19a39', 'cell'],
      ['sort=name', 'sort'],
      ['limit=0', 'limit'],
      ['limit=201', 'limit'],
      ['scope=330111', 'scope'],
      ['scope=330110999', 'scope'],
      [`q=${'x'.repeat(201)}`, 'q'],
      ['cursor=made.up', 'cursor'],
      [`sort=workers&cursor=${cursor}`, 'cursor'],
      ['colour=red', 'colour'],
    ] as const) {
      const answer = await ask<Problem>('admin', subjects(query));
      expect([query, answer.status, answer.body.parameter]).toEqual([query, 400, parameter]);
    }
    expect(await ask('admin', '/api/v1/subjects')).toMatchObject({ status: 400, body: { parameter: 'region' } });
    expect(await ask('admin', '/api/v1/subjects?region=330111')).toMatchObject({
      status: 404,
      body: { parameter: 'region' },
    });
    expect(await ask('officer', portrait('X:1'))).toMatchObject({ status: 400, body: { parameter: 'key' } });
    expect(await ask('officer', portrait('P:XM-2'))).toMatchObject({ status: 404, body: { parameter: 'key' } });
    // Nothing is left of these once they are normal.
    for (const key of ['N: ', 'N:\u3000', 'U: '])
      expect([key, (await ask('officer', portrait(key))).status]).toEqual([key, 404]);
  });

  it('is told within the scope of a town, and to no display', async () => {
    expect((await keysOf('townOfficer')).sort()).toEqual([`U:${EMPLOYER}`, `U:${QUIET}`]);
    expect(await ask('townOfficer', subjects(`scope=${OTHER_TOWN}`))).toMatchObject({ status: 403 });
    expect(await ask('townOfficer', subjects('scope=330110'))).toMatchObject({ status: 403 });
    expect(await ask('townOfficer', portrait(`U:${EMPLOYER}`))).toMatchObject({ status: 200 });
    expect(await ask('townOfficer', portrait(`U:${BESIDE}`))).toMatchObject({ status: 404 });
    expect((await ask('townOfficer', `${subjects().replace('subjects', 'subjects.csv')}`)).text).not.toContain('邻字');
    const { items } = (await ask<AlertList>('officer', '/api/v1/alerts?tier=red')).body;
    for (const path of [
      subjects(),
      subjects().replace('subjects', 'subjects.csv'),
      portrait(`U:${EMPLOYER}`),
      '/api/v1/sources?region=330110',
      `/api/v1/alerts/${items[0]!.alertId}/signals`,
    ]) {
      const { status, text } = await ask('display', path);
      expect([path, status]).toEqual([path, 403]);
      expect(text).not.toMatch(new RegExp(`密字|${EMPLOYER}`));
    }
    for (const secret of ['密字', '邻字', EMPLOYER, BESIDE, 'XM-1', '小区', NOTE, '案1', '120.041237'])
      expect([secret, held.display.bytes.includes(secret)]).toEqual([secret, false]);
  });

  it('has portraits: a name that one employer alone has is that employer', async () => {
    const { body } = await ask<SubjectPortrait>('officer', portrait(`N:${SECRET}`));
    expect(body).toMatchObject({
      key: `U:${EMPLOYER}`,
      kind: 'enterprise',
      name: SECRET,
      registration: { enterprise: { uscc: EMPLOYER, name: SECRET }, town: TOWN, headcount: 80, status: 'active' },
      assessment: { pack: '330110', version: 't.1', score: 60, tier: 'red', rule: 'R1', workers: 10 },
      lapsed: [],
      // What rules raise is dispatched in the commit that counts it.
      alerts: [{ tier: 'red', town: TOWN, stage: 'dispatched', platform: 'tri-colour' }],
    });
    expect(body.counting).toHaveLength(8);
    expect(body.counting.find(({ ref }) => ref === '案3')).toMatchObject({
      indicator: 'petition.received',
      text: NOTE,
      workers: 3,
      value: 1,
    });
    expect(Object.values(body.scores)).toEqual([60]);
    // By when it happened: nothing a year ago, and at last what it is.
    expect(Object.values(body.recomputed!).at(0)).toBe(0);
    expect(Object.values(body.recomputed!).at(-1)).toBe(60);
    expect(await ask<SubjectPortrait>('officer', portrait('P:XM-1'))).toMatchObject({
      body: { kind: 'project', name: '某某小区一期', registration: { project: { id: 'XM-1' } }, counting: [{}, {}] },
    });
    const enterprise = await ask<EnterpriseAnswer>('officer', `/api/v1/enterprises/${EMPLOYER}?scope=330110`);
    expect(enterprise.body).toMatchObject({ subject: `U:${EMPLOYER}`, assessment: { score: 60, version: 't.1' } });
  });

  it('stands behind its alerts: the rule in words, and the observations of each reason', async () => {
    const { items } = (await ask<AlertList>('officer', '/api/v1/alerts?tier=red')).body;
    const { alertId } = items[0]!;
    const { body } = await ask<AlertSignals>('townOfficer', `/api/v1/alerts/${alertId}/signals`);
    expect(body).toMatchObject({
      key: `U:${EMPLOYER}`,
      rule: {
        pack: '330110',
        version: 't.1',
        id: 'R1',
        tier: 'red',
        name: { 'zh-CN': '某规则R1' },
        sentence: { 'zh-CN': '红色：得分不少于 60。' },
      },
      assessment: { score: 60 },
    });
    expect(
      body.reasons.map(({ channel, indicator, weight, observations }) => [
        channel,
        indicator,
        weight,
        observations.map(({ ref }) => ref).sort(),
      ]),
    ).toEqual([
      ['hotline', 'hotline.call', 30, ['话1', '话2', '话3', '话4']],
      ['petition', 'petition.received', 30, ['案1', '案2', '案3', '案4']],
    ]);
    expect(await ask('townOfficer', '/api/v1/alerts/SG-2000-1/signals')).toMatchObject({ status: 404 });
  });

  it('a handler is told what stands behind an alert of theirs, and nothing else of its employer', async () => {
    const { items } = (await ask<AlertList>('officer', '/api/v1/alerts?tier=red')).body;
    const path = `/api/v1/alerts/${items[0]!.alertId}/signals`;
    const dispatched = {
      specversion: '1.0',
      id: 'dispatching',
      source: 'urn:test',
      type: 'wage.alert.dispatched',
      time: new Date().toISOString(),
      data: { alertId: items[0]!.alertId, region: '330110', platform: UNIT.platform, unit: UNIT.code },
    };
    await ask('admin', '/api/v1/events', [dispatched], BATCH);
    const told = await until('it is theirs', async () => {
      const { status, body } = await ask<AlertSignals>('handler', path);
      return status === 200 && body;
    });
    const { key, assessment, ...rest } = (await ask<AlertSignals>('officer', path)).body;
    expect([key, assessment?.score]).toEqual([`U:${EMPLOYER}`, 60]);
    expect(told).toEqual(rest);
  });

  it('lapses when its alert is closed', async () => {
    const { items } = (await ask<AlertList>('officer', '/api/v1/alerts?tier=red')).body;
    const closed = {
      specversion: '1.0',
      id: 'closing',
      source: 'urn:test',
      type: 'wage.alert.closed',
      time: new Date().toISOString(),
      data: { alertId: items[0]!.alertId, region: '330110' },
    };
    await ask('admin', '/api/v1/events', [closed], BATCH);
    const body = await until('it is settled', async () => {
      const answer = await ask<SubjectPortrait>('officer', portrait(`U:${EMPLOYER}`));
      return answer.body.settledAt !== undefined && answer.body;
    });
    expect(body).toMatchObject({ assessment: { score: 0, watch: false }, counting: [] });
    expect(body.lapsed.map(({ why }) => why)).toEqual(Array.from({ length: 8 }, () => 'settled'));
    await until('it has left the watch list', () => held.display.frame.monitor?.watch === 2);
  });

  it('is a file', async () => {
    const { text } = await ask('officer', '/api/v1/subjects.csv?region=330110&lang=en&kind=enterprise');
    const [heading, ...lines] = text.trim().split('\r\n');
    expect(heading).toContain('Key,Kind,Name,General contractor,Town');
    expect(lines.map((line) => line.split(',')[0]).sort()).toEqual([EMPLOYER, QUIET, BESIDE].sort());
    expect(lines.find((line) => line.startsWith(BESIDE))).toContain(',15,Yellow,Y1,yes,60,0,0,Petitions,');
  });

  it('names who speaks: each channel and source, rejects, and what is late as time passes', async () => {
    await ask('admin', '/api/v1/events', [observation('petition.recieved', { uscc: EMPLOYER })], BATCH);
    const { body } = await ask<Sources>('townOfficer', '/api/v1/sources?region=330110');
    expect(body.channels).toMatchObject({
      petition: { state: 'ok', everyDays: 7, today: 8 },
      hotline: { state: 'ok', today: 4 },
    });
    expect(body.sources.map(({ channel, source, today }) => [channel, source, today])).toEqual([
      ['petition', 'urn:test:petition', 8],
      ['hotline', 'urn:test:hotline', 4],
    ]);
    const [day] = Object.values(body.sources[0]!.days);
    expect(day).toMatchObject({ rows: 8 });
    expect(day!.lateMean).toBeGreaterThanOrEqual(3_600);
    expect(day!.lateMost).toBeLessThan(3_700);
    expect(body.rejects).toMatchObject({ 'urn:test:petition': { count: 1 } });
    for (const [days, state] of [
      [8, 'late'],
      [15, 'silent'],
    ] as const) {
      writeFileSync(clock, String(days * DAY_MS));
      await until(`petitions are ${state}`, () => held.display.frame.monitor?.sources?.petition?.state === state);
      expect(held.display.frame.monitor).toMatchObject({
        observations: { today: 0, total: 12 },
        sources: { hotline: { state: 'ok', today: 0 } },
      });
    }
    expect(held.officer.frame.monitor).toEqual(held.display.frame.monitor);
    const { text } = await ask('admin', '/metrics');
    expect(text).toMatch(/signals_sources_late\{region="330110",state="silent"\} 1\n/);
    expect((await ask<Sources>('officer', '/api/v1/sources?region=330110')).body.channels.petition!.state).toBe(
      'silent',
    );
  });

  it('leaves a trail of whoever reads it', async () => {
    const trail = async (what: string) => (await ask<Trail>('admin', `/api/v1/access/trail?what=${what}`)).body.items;
    expect((await trail('subjects.list')).some(({ detail }) => detail?.tier === 'red')).toBe(true);
    expect((await trail('subjects.list')).some(({ detail }) => detail?.heat === true)).toBe(true);
    expect((await trail('subject.read')).map(({ target }) => target)).toContain(`U:${EMPLOYER}`);
    expect((await trail('subjects.export'))[0]).toMatchObject({ detail: { file: 'csv', rows: 3, kind: 'enterprise' } });
    expect((await trail('alert.read')).some(({ detail }) => detail?.signals === true)).toBe(true);
  });
});
