import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { floorTo, HOUR_MS, toRfc3339 } from '../../common/regionTime.ts';
import type { AlertBrief, Frame } from '../../contract/frame.ts';
import type { AlertDetail, AlertList, EnterpriseAnswer } from '../../contract/rest.ts';
import { encodeShown } from '../../server/replay/shown/shownFile.ts';
import { slotOf } from '../../server/replay/shown/shownHours.ts';
import { createShownStore } from '../../server/replay/shown/shownStore.ts';
import {
  dispatched,
  ENTRIES,
  OTHER_TOWN,
  OTHER_UNIT,
  TABLE,
  tokens,
  TOWN,
  UNIT,
  type Asker,
} from '../support/accessTable.ts';
import { event, raised } from '../support/events.ts';
import { listeningLog } from '../support/listeningLog.ts';
import { askPatiently } from '../support/patient.ts';
import { BATCH, startServer, until, type RunningServer } from '../support/server.ts';

/**
 * Casework §1: every byte that handlers get from a running server, by every route and over the socket. Theirs is what was last
 * dispatched to their unit; of everything else there is no name, number, text or id, only figures.
 */

/** Alerts by id: who is told of them, whose employer they are of, and which words of theirs nobody else may find. */
const ALERTS = {
  'MINE-1': { to: [UNIT], employer: '甲字', town: TOWN },
  'MINE-2': {
    to: [OTHER_UNIT, { ...UNIT, name: { 'zh-CN': ` ${UNIT.code} `, en: '' } }],
    employer: '乙字',
    town: TOWN,
  },
  'THEIRS-1': { to: [OTHER_UNIT], employer: '丙字', town: OTHER_TOWN },
  // Another alert of an employer of whom the first unit has one, too.
  'THEIRS-2': { to: [OTHER_UNIT], employer: '甲字', town: TOWN },
  'MOVED-1': { to: [UNIT, OTHER_UNIT], employer: '丁字', town: TOWN },
  'NOBODYS-1': { to: [], employer: '戊字', town: TOWN },
  'NOBODYS-2': {
    to: [{ ...UNIT, name: { 'zh-CN': `${UNIT.name['zh-CN']}一组`, en: '' } }],
    employer: '己字',
    town: TOWN,
  },
} as const satisfies Record<string, { to: readonly (typeof UNIT)[]; employer: string; town: string }>;
type Id = keyof typeof ALERTS;
const IDS = Object.keys(ALERTS) as Id[];
const OWN: Record<'handler' | 'townHandler' | 'otherHandler', readonly Id[]> = {
  handler: ['MINE-1', 'MINE-2'],
  townHandler: ['MINE-1', 'MINE-2'],
  otherHandler: ['THEIRS-1', 'THEIRS-2', 'MOVED-1'],
};
const HANDLERS = Object.keys(OWN) as (keyof typeof OWN)[];
const EMPLOYERS = ['甲字', '乙字', '丙字', '丁字', '戊字', '己字'];
const nameOf = (employer: string) => `某地${employer}建筑劳务有限公司`;
const usccOf = (employer: string) => `91330110MA2SECRE${EMPLOYERS.indexOf(employer)}X`;
const cellOf = (id: Id) => ({ lng: 119.9 + IDS.indexOf(id) / 50, lat: 30.3 });

const birth = (id: Id) =>
  raised(Date.now() - 60_000, {
    alertId: id,
    town: ALERTS[id].town,
    tier: 'red',
    enterprise: { name: nameOf(ALERTS[id].employer), uscc: usccOf(ALERTS[id].employer) },
    project: { id: `PRJ-${id}`, name: `工程${id}` },
    location: cellOf(id),
    workers: 7,
    amountFen: 1_234_500,
    reasons: [{ channel: 'petition', text: `反映${ALERTS[id].employer}拖欠，见${id}` }],
  });
const sent = (id: Id) =>
  ALERTS[id].to.map((unit, i) => ({ ...dispatched(id, unit), time: toRfc3339(Date.now() - 30_000 + i * 1_000) }));

const dir = mkdtempSync(join(tmpdir(), 'handler-bytes-'));
const sockets: Socket[] = [];
let server: RunningServer;

const ask = (asker: Asker, path: string) =>
  askPatiently(`${server.url}${path}`, { headers: { authorization: `Bearer ${tokens[asker]}` } });
const read = async <T>(asker: Asker, path: string) => (await (await ask(asker, path)).json()) as T;
const frameOf = (asker: Asker, more = '') => read<Frame>(asker, `/api/v1/snapshot?scope=330110&window=24h${more}`);
const send = (...events: object[]) =>
  fetch(`${server.url}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens.admin}`, 'content-type': BATCH },
    body: JSON.stringify(events),
  });
/** Words in a text that a handler may not find there. @param asked what the question itself said */
const faults = (asker: keyof typeof OWN, text: string, asked = '') => {
  const own = OWN[asker];
  const employers = new Set<string>(own.map((id) => ALERTS[id].employer));
  const secrets = [
    ...IDS.filter((id) => !own.includes(id)),
    ...EMPLOYERS.filter((employer) => !employers.has(employer)).flatMap((employer) => [employer, usccOf(employer)]),
  ];
  return secrets.filter((secret) => text.replaceAll(asked || '\0', '').includes(secret));
};
const keys = (list: Record<string, AlertBrief> | undefined) => Object.keys(list ?? {}).sort();

beforeAll(async () => {
  const file = join(dir, 'access.json');
  writeFileSync(file, JSON.stringify({ tokens: ENTRIES }));
  // Small figures are withheld from displays, not from handlers.
  server = await startServer({ ACCESS_FILE: file, MIN_FIGURE: '5' });
  expect((await send(...IDS.map(birth))).status).toBe(202);
  expect((await send(...IDS.flatMap(sent))).status).toBe(202);
  await until('the alerts are counted', async () => (await frameOf('officer')).byStage?.['dispatched'] === 6);
});
afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await server.stop();
  rmSync(dir, { recursive: true });
});

describe('a handler', () => {
  it('finds nothing of others in any answer of any route', async () => {
    const others = [
      ...IDS.flatMap((id) =>
        ['', '/neighbours?metres=10000', '/signals', '?limit=1'].map((more) => `/alerts/${id}${more}`),
      ),
      ...IDS.map((id) => `/alerts.csv?scope=330110&id=${id}`),
      ...IDS.map((id) => `/alerts?scope=330110&q=${id}`),
      ...EMPLOYERS.flatMap((employer) => [
        `/enterprises/${usccOf(employer)}`,
        `/enterprises/${encodeURIComponent(nameOf(employer))}?scope=330110`,
        `/alerts?scope=330110&uscc=${usccOf(employer)}`,
        `/alerts.csv?scope=330110&q=${encodeURIComponent(employer)}`,
        `/subjects/suggest?q=${encodeURIComponent(employer)}`,
      ]),
      `/replay?scope=330110&window=24h&step=minute&from=${encodeURIComponent(toRfc3339(Date.now() - 120_000))}`,
      '/alerts?scope=330110&limit=1&sort=due',
      '/alerts?scope=330110&skip=2',
      '/alerts?scope=330110&measure=recovered',
    ].map((path) => `/api/v1${path}`);
    const routes = Object.entries(TABLE).flatMap(([route, rows]) =>
      route.startsWith('GET ') ? rows.map(({ path }) => path) : [],
    );
    const found: string[] = [];
    let answered = 0;
    for (const path of [...others, ...routes]) {
      for (const asker of HANDLERS) {
        const answer = await ask(asker, path);
        const text = await answer.text();
        if (answer.status === 200) answered++;
        if (answer.status >= 500) found.push(`${path} to ${asker}: ${answer.status}`);
        // What a path names is said again in a refusal.
        const asked = answer.status === 200 ? '' : (decodeURIComponent(path).split('/')[4] ?? '').split('?')[0]!;
        found.push(...faults(asker, text, asked).map((secret) => `${path} to ${asker}: ${secret}`));
      }
    }
    expect(found).toEqual([]);
    expect(answered).toBeGreaterThan(100);
    // The scan can find: to who may, it is all there.
    const list = await (await ask('officer', '/api/v1/alerts?scope=330110')).text();
    expect(faults('handler', list).length).toBeGreaterThan(8);
  });

  it('has all of their own, wherever officers have it, and figures of all', async () => {
    for (const asker of ['handler', 'otherHandler'] as const) {
      const own = [...OWN[asker]].sort();
      const list = await read<AlertList>(asker, '/api/v1/alerts?scope=330110');
      expect(list.total).toBe(own.length);
      expect(list.items.map(({ alertId }) => alertId).sort()).toEqual(own);
      const frame = await frameOf(asker);
      expect(keys(frame.latest)).toEqual(own);
      expect(keys(frame.agenda)).toEqual(own);
      for (const id of own) {
        const [mine, officers] = [
          await read<AlertDetail>(asker, `/api/v1/alerts/${id}`),
          await read<AlertDetail>('officer', `/api/v1/alerts/${id}`),
        ];
        // What one may do is another's by role; all else is the same.
        const same = { remainingMs: 0, actions: [] };
        expect({ ...mine, ...same }).toEqual({ ...officers, ...same });
        const behind = await ask(asker, `/api/v1/alerts/${id}/signals`);
        expect(behind.status).toBe(200);
        const told = (await behind.json()) as object;
        expect(told).not.toHaveProperty('key');
        expect(told).not.toHaveProperty('assessment');
      }
      const csv = await (await ask(asker, '/api/v1/alerts.csv?scope=330110')).text();
      expect(IDS.filter((id) => csv.includes(id)).sort()).toEqual(own);
      const all = await frameOf('officer');
      expect(frame.totals).toEqual(all.totals);
      expect(frame.heat).toEqual(all.heat);
      expect(frame.byTown).toEqual(all.byTown);
    }
    expect(keys((await read<Frame>('townHandler', '/api/v1/snapshot?window=24h')).latest)).toEqual([
      'MINE-1',
      'MINE-2',
    ]);
  });

  it('is told that an alert is not there in the same words, whether it is another’s or none', async () => {
    for (const path of ['', '/neighbours', '/signals']) {
      const problem = async (id: string) =>
        JSON.stringify(await read<object>('handler', `/api/v1/alerts/${id}${path}`)).replaceAll(id, 'ID');
      expect(await problem('THEIRS-1')).toBe(await problem('NEVER-1'));
    }
    const unknown = async (key: string) =>
      JSON.stringify(await read<object>('handler', `/api/v1/enterprises/${key}`)).replaceAll(key, 'KEY');
    expect(await unknown(usccOf('丙字'))).toBe(await unknown('91330110MA2NEVER0X'));
  });

  it('sees of another alert of the same employer how many there are, by tier and stage', async () => {
    const answer = await read<EnterpriseAnswer>('handler', `/api/v1/enterprises/${usccOf('甲字')}`);
    expect(answer).toMatchObject({ name: nameOf('甲字'), totals: { raised: 1 }, others: { red: { dispatched: 1 } } });
    expect(answer.alerts.map(({ alertId }) => alertId)).toEqual(['MINE-1']);
    expect(new Set(answer.timeline.map(({ alertId }) => alertId))).toEqual(new Set(['MINE-1']));
    for (const field of ['standing', 'subject', 'assessment']) expect(answer).not.toHaveProperty(field);
    const officers = await read<EnterpriseAnswer>('officer', `/api/v1/enterprises/${usccOf('甲字')}`);
    expect(officers).toMatchObject({ totals: { raised: 2 }, standing: {} });
    expect(officers).not.toHaveProperty('others');
  });

  it('sees of a kept frame what is theirs now', async () => {
    const { log } = listeningLog();
    const hour = floorTo(Date.now(), HOUR_MS);
    const store = createShownStore(join(server.dataDir, 'files'), log);
    const kept = JSON.stringify({ ...(await frameOf('officer')), window: '30d' });
    // As if MOVED-1 and MINE-1 had been the other's then.
    const then = kept.replace(/("alertId":"(?:MOVED-1|MINE-1)".*?"unit":)"[^"]*"/g, '$1"无此单位"');
    await store.write('330110', hour, await encodeShown(new Map([['30d', then]])));
    for (const path of [
      `/replay/shown?scope=330110&at=${encodeURIComponent(toRfc3339(hour))}`,
      `/replay?scope=330110&shown=true&step=hour&from=${encodeURIComponent(toRfc3339(hour))}`,
    ]) {
      const told = await (await ask('officer', `/api/v1${path}`)).text();
      expect(told).toContain('NOBODYS-1');
      for (const asker of ['handler', 'otherHandler'] as const) {
        const text = await (await ask(asker, `/api/v1${path}`)).text();
        expect(faults(asker, text), path).toEqual([]);
        for (const id of OWN[asker]) expect(text, path).toContain(id);
      }
    }
  });

  it('hears over the socket of their own alone, and loses an alert with its transfer', async () => {
    const heard: Partial<Record<Asker, string>> = {};
    for (const asker of [...HANDLERS, 'officer'] as const) {
      const socket = io(`${server.url}/wall`, {
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
        auth: { token: tokens[asker] },
      });
      sockets.push(socket);
      socket.onAny((name, message) => {
        heard[asker] += JSON.stringify([name, message]);
      });
      await new Promise<void>((resolve, reject) => {
        socket.on('connect', resolve);
        socket.on('connect_error', reject);
      });
      heard[asker] = JSON.stringify(
        await socket.emitWithAck('watch', { scope: asker === 'townHandler' ? TOWN : '330110', window: '24h' }),
      );
    }
    const fresh = (alertId: string, employer: string, unit: typeof UNIT) => [
      raised(Date.now() - 2_000, { alertId, town: TOWN, enterprise: { name: nameOf(employer) } }),
      dispatched(alertId, unit),
    ];
    await send(...fresh('NEW-MINE', '甲字', UNIT), ...fresh('NEW-THEIRS', '丙字', OTHER_UNIT));
    await until('all have heard of theirs', () =>
      [
        ['handler', 'NEW-MINE'],
        ['townHandler', 'NEW-MINE'],
        ['otherHandler', 'NEW-THEIRS'],
        ['officer', 'NEW-THEIRS'],
      ].every(([asker, id]) => new RegExp(`\\["alert".*${id!}`).test(heard[asker as Asker]!)),
    );
    await until('the figures of all are with all', () =>
      [...HANDLERS, 'officer' as const].every((asker) => /"patch".*"raised":/.test(heard[asker]!)),
    );
    for (const asker of HANDLERS) {
      expect(faults(asker, heard[asker]!), asker).toEqual([]);
      expect(heard[asker]!.includes('NEW-MINE'), asker).toBe(asker !== 'otherHandler');
      expect(heard[asker]!.includes('NEW-THEIRS'), asker).toBe(asker === 'otherHandler');
    }
    expect(faults('handler', heard['officer']!).length).toBeGreaterThan(8);

    await send(
      event('wage.alert.dispatched', Date.now(), {
        alertId: 'NEW-MINE',
        platform: OTHER_UNIT.platform,
        unit: OTHER_UNIT.code,
      }),
    );
    await until('it is the other’s', async () => keys((await frameOf('otherHandler')).latest).includes('NEW-MINE'));
    await until('who had it is told that it has gone', () => heard['handler']!.includes('"NEW-MINE":null'));
    expect((await ask('handler', '/api/v1/alerts/NEW-MINE')).status).toBe(404);
    expect((await ask('otherHandler', '/api/v1/alerts/NEW-MINE')).status).toBe(200);
  });

  it('of a town, is not shown in a kept frame what has been amended into another', async () => {
    const { log } = listeningLog();
    const hour = floorTo(Date.now(), HOUR_MS);
    const id = 'AMENDED-1';
    await send(raised(Date.now() - 2_000, { alertId: id, town: TOWN }), dispatched(id, UNIT));
    await until('it is theirs', async () => keys((await frameOf('handler')).latest).includes(id));
    const then = JSON.stringify({ ...(await read<Frame>('officer', `/api/v1/snapshot?scope=${TOWN}`)), window: '30d' });
    expect(then).toContain(id);
    const store = createShownStore(join(server.dataDir, 'files'), log);
    const day = slotOf(TOWN, hour);
    await store.write(TOWN, day, await encodeShown(new Map([['30d', then]])));
    const kept = async (asker: Asker, path: string) => (await ask(asker, `/api/v1/replay${path}`)).text();
    const from = encodeURIComponent(toRfc3339(day));
    const paths = [`/shown?scope=${TOWN}&at=${from}`, `?scope=${TOWN}&shown=true&step=day&from=${from}`];
    for (const path of paths) expect(await kept('townHandler', path), path).toContain(id);
    await send(event('wage.alert.amended', Date.now(), { alertId: id, town: OTHER_TOWN, reason: '更正' }));
    await until(
      'it has moved',
      async () => (await read<AlertDetail>('officer', `/api/v1/alerts/${id}`)).town === OTHER_TOWN,
    );
    for (const path of paths) {
      expect(await kept('townHandler', path), path).not.toContain(id);
      expect(await kept('officer', path), path).toContain(id);
    }
  });
});
