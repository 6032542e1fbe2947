import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Session } from '../../contract/access.ts';
import type { Display, Pairing, Person, PersonInvited, Trail } from '../../contract/accessAdmin.ts';
import type { ClerkBegun, ClerkCases, ClerkCodeMade } from '../../contract/clerk.ts';
import type { AlertDetail, Problem } from '../../contract/rest.ts';
import { ACCESS_KEYS } from '../../server/access/store/keys.ts';
import { createRedis, type RedisClient } from '../../server/platform/redis/connect.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { freePort } from '../../testing/freePort.ts';
import { startRaw, type RawRedis } from '../../testing/rawRedis.ts';
import { OTHER_TOWN, OTHER_UNIT, tokens, TOWN, UNIT } from '../support/accessTable.ts';
import { asking } from '../support/asking.ts';
import { event, raised } from '../support/events.ts';
import { entry, writeAccess } from '../support/letIn.ts';
import { listeningLog } from '../support/listeningLog.ts';
import { startServer, until, type RunningServer } from '../support/server.ts';
import { clockEnv } from '../support/steeredClock.ts';

/** A clerk at a paired kiosk (docs/kiosk.md), as whoever stands before the screen would try it. */

const API = '/api/v1/access';
const PASSWORD = 'correct horse battery';
const CODE = '582093';
const dir = mkdtempSync(join(tmpdir(), 'clerk-'));
const clock = join(dir, 'clock');
const { log } = listeningLog();
let raw: RawRedis;
let redis: RedisClient;
let server: RunningServer;
let env: Record<string, string>;

interface Asking {
  /** The cookie of a browser; without it, the admin's token. */
  as?: string;
  clerk?: string;
  method?: string;
  body?: object;
}
async function ask<T>(path: string, { as, clerk, method = 'GET', body }: Asking = {}) {
  const answer = await fetch(`${server.url}${path}`, {
    method,
    headers: {
      'x-wagewatch': '1',
      ...(as === undefined ? { authorization: `Bearer ${tokens.admin}` } : as ? { cookie: `wagewatch=${as}` } : {}),
      ...(clerk === undefined ? {} : { 'x-wagewatch-clerk': clerk }),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  const cookie = /^wagewatch=([^;]*)/.exec(answer.headers.getSetCookie()[0] ?? '')?.[1];
  return { status: answer.status, body: (text ? JSON.parse(text) : {}) as T & Problem & { rule?: string }, cookie };
}
async function person(name: string, role: string, scope: string, unit?: string) {
  const grant = { name, role, scope, ...(unit === undefined ? {} : { unit }) };
  const { body } = await ask<PersonInvited>(`${API}/people`, { method: 'POST', body: grant });
  const joined = await ask<Session>(`${API}/invite`, {
    as: '',
    method: 'POST',
    body: { code: body.invite.code, password: PASSWORD },
  });
  expect(joined.status).toBe(200);
  return { id: body.person.id, cookie: joined.cookie!, number: '' };
}
const setCode = (id: string, body: object = { code: CODE }) =>
  ask<ClerkCodeMade>(`${API}/people/${id}/clerk-code`, { method: 'PUT', body });
async function clerk(name: string, role: string, scope: string, unit?: string) {
  const made = await person(name, role, scope, unit);
  return { ...made, number: (await setCode(made.id)).body.number };
}
async function kiosk(name: string, scope = TOWN, screen = 'kiosk') {
  const { body: begun } = await ask<Pairing>(`${API}/pairings`, { as: '', method: 'POST' });
  const paired = await ask<Display>(`${API}/pairings/${begun.code}`, {
    method: 'POST',
    body: { name, scope, screen, settings: {} },
  });
  expect(paired.status).toBe(201);
  const mine = await fetch(`${server.url}${API}/pairings/mine`, { headers: { 'x-pairing-secret': begun.secret } });
  return { id: paired.body.id, cookie: /^wagewatch=([^;]*)/.exec(mine.headers.getSetCookie()[0]!)![1]! };
}
const begin = (as: string, number: string, code = CODE) =>
  ask<ClerkBegun>(`${API}/clerk`, { as, method: 'POST', body: { number, code } });
const cases = (as: string, secret: string) => ask<ClerkCases>('/api/v1/clerk/cases', { as, clerk: secret });
/** What was tried in other tests is no matter here. */
const forgetAttempts = async () => {
  await redis.unlink(...(await redis.keys(`${ACCESS_KEYS.attempts}*`)), 'none');
};

let here: Awaited<ReturnType<typeof kiosk>>;
let there: Awaited<ReturnType<typeof kiosk>>;
let anna: Awaited<ReturnType<typeof clerk>>;

beforeAll(async () => {
  writeFileSync(clock, '0');
  raw = await startRaw({ port: await freePort() });
  redis = createRedis({ kind: 'single', host: '127.0.0.1', port: raw.port, db: 0 }, { role: 'commands', log });
  env = { REDIS_URL: `redis://127.0.0.1:${raw.port}` };
  server = await startServer({
    ...env,
    ACCESS_FILE: writeAccess(dir, [entry('admin', tokens.admin, { role: 'admin', scope: '330110' })]),
    ...clockEnv(clock),
  });
  here = await kiosk('某大厅');
  there = await kiosk('某他处');
  anna = await clerk('某窗口甲', 'handler', '330110', UNIT.code);
  const time = Date.now() - 60_000;
  const alert = (alertId: string, unit: typeof UNIT, town = TOWN) => [
    raised(time, { alertId, town, enterprise: { name: `某${alertId}店` } }),
    event('wage.alert.dispatched', time + 1_000, { alertId, platform: unit.platform, unit: unit.name['zh-CN'] }),
  ];
  const { send, detail } = asking({ admin: tokens.admin }, () => server.url);
  await send(...alert('K1', UNIT), ...alert('K2', UNIT), ...alert('X1', OTHER_UNIT, OTHER_TOWN));
  await until('they are counted', async () => (await detail('X1')).eventsTotal === 2);
});
beforeEach(forgetAttempts);
afterAll(async () => {
  await server.stop();
  redis.disconnect();
  await raw.stop();
  rmSync(dir, { recursive: true });
});

describe('a clerk', () => {
  it('signs in at a kiosk, accepts a case of their unit in their own name, and is told nothing of other units', async () => {
    const begun = await begin(here.cookie, anna.number);
    expect(begun.body).toMatchObject({ name: '某窗口甲', unit: UNIT.code, scope: TOWN, idleMs: 120_000 });
    const { secret } = begun.body;
    const list = await cases(here.cookie, secret);
    expect(list.body.items.map(({ alert, events }) => [alert.alertId, events]).sort()).toEqual([
      ['K1', 2],
      ['K2', 2],
    ]);
    const act = (id: string, body: object) =>
      ask<AlertDetail>(`/api/v1/alerts/${id}/actions`, { as: here.cookie, clerk: secret, method: 'POST', body });
    const expected = { expect: { stage: 'dispatched', events: 2 } };
    expect((await act('X1', { action: 'accept', ...expected })).status).toBe(404);
    const accepted = await act('K1', { action: 'accept', ...expected });
    expect([accepted.status, accepted.body.stage, accepted.body.person]).toEqual([200, 'accepted', anna.id]);
    expect(accepted.body.events.at(-1)).toMatchObject({ type: 'wage.alert.accepted', actor: anna.id });
    // Nothing else that a handler may at the desk.
    for (const body of [
      { action: 'handle', outcome: 'no-arrears', ...expected },
      { action: 'note', text: 'x', ...expected },
      { action: 'assign', person: anna.id, ...expected },
    ])
      expect(await act('K2', body)).toMatchObject({ status: 403, body: { rule: 'role' } });
    const clue = { enterprise: { name: '某窗口店' }, town: TOWN, text: '来访反映欠薪' };
    const report = (town: string) =>
      ask('/api/v1/clues', { as: here.cookie, clerk: secret, method: 'POST', body: { ...clue, town } });
    expect((await report(TOWN)).status).toBeLessThan(300);
    expect((await report(OTHER_TOWN)).status).toBe(403);
    const ended = await ask(`${API}/clerk`, { as: here.cookie, clerk: secret, method: 'DELETE' });
    expect(ended.status).toBe(204);
    expect((await cases(here.cookie, secret)).status).toBe(401);
    const trail = (await ask<Trail>(`${API}/trail?limit=200`)).body.items;
    const of = (what: string) => trail.filter((one) => one.what === what).map(({ who, target }) => [who.name, target]);
    expect(of('clerk.begin')).toEqual([['某大厅', '某窗口甲']]);
    expect(of('case.accept')).toEqual([['某窗口甲', 'K1']]);
    expect(of('clue.report')).toEqual([['某窗口甲', TOWN]]);
    expect(of('clerk.end')).toEqual([['某窗口甲', '某窗口甲']]);
  });

  it('may call nothing else: no list, no export, no page of admins, not even as an officer', async () => {
    const officer = await clerk('某窗口官', 'officer', '330110', UNIT.code);
    const { secret } = (await begin(here.cookie, officer.number)).body;
    const K2 = { as: here.cookie, clerk: secret };
    for (const path of [
      '/api/v1/alerts?scope=330110',
      '/api/v1/alerts/K2',
      '/api/v1/alerts.csv?scope=330110',
      '/api/v1/alert-counts?scope=330110',
      '/api/v1/enterprises/x',
      '/api/v1/subjects?region=330110',
      '/api/v1/desk/filters',
      '/api/v1/inbox',
      `${API}/people`,
      `${API}/session`,
      '/api/v1/snapshot?scope=330110',
    ])
      expect([path, (await ask(path, K2)).status]).toEqual([path, 403]);
    const raise = { actions: [{ action: 'raise' }] };
    expect((await ask('/api/v1/alerts/actions', { ...K2, method: 'POST', body: raise })).status).toBe(403);
    const code = await ask(`${API}/session/clerk-code`, { ...K2, method: 'PUT', body: {} });
    expect(code.status).toBe(403);
    expect((await ask(`${API}/session`, { ...K2, method: 'DELETE' })).status).toBe(403);
  });

  it('has a session that holds at that kiosk alone, one at a time, and not without the kiosk', async () => {
    const { secret } = (await begin(here.cookie, anna.number)).body;
    expect((await cases(here.cookie, secret)).status).toBe(200);
    expect((await cases(there.cookie, secret)).status).toBe(401);
    expect((await cases('', secret)).status).toBe(401);
    expect((await cases(anna.cookie, secret)).status).toBe(401);
    const bearer = await fetch(`${server.url}/api/v1/clerk/cases`, { headers: { authorization: `Bearer ${secret}` } });
    expect(bearer.status).toBe(401);
    expect((await cases(here.cookie, `${secret}x`)).status).toBe(401);
    // The next one who signs in there puts this one out.
    const next = (await begin(here.cookie, anna.number)).body.secret;
    expect((await cases(here.cookie, secret)).status).toBe(401);
    expect((await cases(here.cookie, next)).status).toBe(200);
    // At a second kiosk the same person may stand, too.
    const second = (await begin(there.cookie, anna.number)).body.secret;
    expect([(await cases(here.cookie, next)).status, (await cases(there.cookie, second)).status]).toEqual([200, 200]);
  });

  it('is out two minutes after the last request, half an hour after signing in, and when the kiosk is revoked', async () => {
    const key = `${ACCESS_KEYS.clerk}${here.id}`;
    const { secret } = (await begin(here.cookie, anna.number)).body;
    await redis.pexpire(key, 1_000);
    expect((await cases(here.cookie, secret)).status).toBe(200);
    const left = await redis.pttl(key);
    expect(left > 60_000 && left <= 120_000).toBe(true);
    // As Redis does it when the time is over.
    await redis.pexpire(key, 1);
    await until('it is over', async () => (await redis.exists(key)) === 0);
    expect((await cases(here.cookie, secret)).status).toBe(401);

    const long = (await begin(here.cookie, anna.number)).body.secret;
    writeFileSync(clock, String(31 * 60_000));
    await until('the clock has moved', async () => (await cases(here.cookie, long)).status === 401);
    writeFileSync(clock, '0');

    const gone = await kiosk('某旧屏');
    const there2 = (await begin(gone.cookie, anna.number)).body.secret;
    expect((await ask(`${API}/displays/${gone.id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await cases(gone.cookie, there2)).status).toBe(401);
  });

  it('is out with the code, and with what they may do', async () => {
    const ben = await clerk('某窗口乙', 'handler', '330110', UNIT.code);
    const signedIn = async () => (await begin(here.cookie, ben.number)).body.secret;
    const out = async (change: () => Promise<{ status: number }>) => {
      const secret = await signedIn();
      expect((await cases(here.cookie, secret)).status).toBe(200);
      expect((await change()).status).toBeLessThan(300);
      expect((await cases(here.cookie, secret)).status).toBe(401);
    };
    const patch = (body: object) => ask(`${API}/people/${ben.id}`, { method: 'PATCH', body });
    await out(() => setCode(ben.id, { code: CODE }));
    await out(() => patch({ disabled: true }));
    expect((await begin(here.cookie, ben.number)).status).toBe(401);
    await patch({ disabled: false });
    await out(() => patch({ role: 'leader' }));
    expect((await begin(here.cookie, ben.number)).status).toBe(401);
    await patch({ role: 'handler', unit: UNIT.code });
    await out(() => ask(`${API}/people/${ben.id}/clerk-code`, { method: 'DELETE' }));
    expect((await begin(here.cookie, ben.number)).status).toBe(401);
    // The number is free again when its owner goes.
    ben.number = (await setCode(ben.id)).body.number;
    await out(() => ask(`${API}/people/${ben.id}`, { method: 'DELETE' }));
  });

  it('of another town, of no unit, of another role does not come in, and is told no more than whoever guesses', async () => {
    const away = await clerk('某窗口丙', 'handler', OTHER_TOWN, OTHER_UNIT.code);
    const refused = await begin(here.cookie, away.number);
    const guessed = await begin(here.cookie, anna.number, '194630');
    const nobody = await begin(here.cookie, '999999');
    expect([refused.status, guessed.status, nobody.status]).toEqual([401, 401, 401]);
    expect(refused.body.detail).toBe(guessed.body.detail);
    expect(nobody.body.detail).toBe(guessed.body.detail);
    // These get no code at all.
    for (const [role, unit] of [
      ['leader', UNIT.code],
      ['officer', undefined],
      ['admin', undefined],
    ] as const) {
      const one = await person(`某${role}${unit ?? ''}`, role, '330110', unit);
      expect([role, (await setCode(one.id)).status]).toEqual([role, 409]);
    }
    // Nor does anybody sign in at a wall, or by the token of a display that was not paired.
    const wall = await kiosk('某大屏', '330110', 'wall');
    expect((await begin(wall.cookie, anna.number)).status).toBe(409);
    expect((await begin(anna.cookie, anna.number)).status).toBe(403);
    expect((await begin('', anna.number)).status).toBe(401);
  });
});

describe('codes', () => {
  it('that are guessed lock the number, at whichever kiosks, and the kiosk, with whichever numbers', async () => {
    for (let i = 0; i < 5; i++) {
      const at = i % 2 ? here : there;
      expect((await begin(at.cookie, anna.number, `19463${i}`)).status).toBe(401);
    }
    // Also the right one, by now.
    const locked = await begin(here.cookie, anna.number);
    expect(locked.status).toBe(429);
    expect(locked.body.detail).toContain('15 minutes');
    await forgetAttempts();
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++)
      statuses.push((await begin(here.cookie, `44${String(i).padStart(2, '0')}`, CODE)).status);
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429, 429]);
    expect((await begin(here.cookie, anna.number)).status).toBe(429);
    // Elsewhere nobody is kept out by that.
    expect((await begin(there.cookie, anna.number)).status).toBe(200);
    const { body } = await ask<Trail>(`${API}/trail?what=session.fail&limit=200`);
    expect(body.items.some(({ target }) => target === `某大厅 ${anna.number}`)).toBe(true);
    expect(JSON.stringify(body)).not.toMatch(/(?<!\d)19463\d?(?!\d)/);
  });

  it('at the same time count each', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 40 }, (_, i) => begin(here.cookie, anna.number, String(600_100 + i)).then((a) => a.status)),
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(5);
    expect(statuses.filter((status) => status === 429)).toHaveLength(35);
  });

  it('are 4 to 8 digits and none that everybody tries; kept by scrypt alone; made here where none is given', async () => {
    for (const code of ['123', '123456789', 'abcd', '', '１２３４'])
      expect([code, (await setCode(anna.id, { code })).status]).toEqual([code, 400]);
    for (const code of ['1234', '87654321', '0000', '112211', anna.number])
      expect([code, (await setCode(anna.id, { code })).status]).toEqual([code, 422]);
    const made = await setCode(anna.id, {});
    expect(made.body).toMatchObject({ number: anna.number, code: expect.stringMatching(/^\d{6}$/) as string });
    expect((await begin(here.cookie, anna.number, made.body.code)).status).toBe(200);
    expect((await begin(here.cookie, anna.number)).status).toBe(401);
    const stored = Object.values(await redis.hgetall(ACCESS_KEYS.records)).join('\n');
    expect(stored).toContain(anna.number);
    // Six digits stand within a time of thirteen now and then: by itself, a code has no digit beside it.
    const code = new RegExp(`(?<!\\d)${made.body.code}(?!\\d)`);
    expect(stored).not.toMatch(code);
    const keys = await redis.keys('*clerk*');
    for (const key of keys) expect((await redis.get(key)) ?? '').not.toMatch(code);
    // Oneself, too; and an admin sees the number, never the code.
    const own = await ask<ClerkCodeMade>(`${API}/session/clerk-code`, {
      as: anna.cookie,
      method: 'PUT',
      body: { code: CODE },
    });
    expect(own.body).toEqual({ number: anna.number });
    expect((await begin(here.cookie, anna.number)).status).toBe(200);
    const people = (await ask<{ items: Person[] }>(`${API}/people`)).body.items;
    expect(people.find(({ id }) => id === anna.id)).toMatchObject({ clerk: anna.number });
    expect(JSON.stringify(people)).not.toContain(CODE);
  });

  it('are set from the command line, too', async () => {
    const tool = join(PROJECT_ROOT, 'dist/tools/access.js');
    const run = (...args: string[]) =>
      promisify(execFile)(process.execPath, [tool, ...args], { env: { ...process.env, ...env } });
    const { stdout } = await run('code', '--name', '某窗口甲');
    const [, number, code] = /^(\d+)\t(\d{6})\n$/.exec(stdout)!;
    expect(number).toBe(anna.number);
    await until('it is known', async () => (await begin(here.cookie, number!, code)).status === 200);
    await run('code', '--name', '某窗口甲', '--remove');
    await forgetAttempts();
    await until('it is gone', async () => (await begin(here.cookie, number!, code)).status === 401);
    await expect(run('code', '--name', '某无此人')).rejects.toMatchObject({ code: 2 });
  });
});
