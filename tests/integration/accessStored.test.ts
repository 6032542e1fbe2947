import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../contract/access.ts';
import type { Display, Pairing, PersonInvited, TokenAdded, Trail } from '../../contract/accessAdmin.ts';
import type { Problem } from '../../contract/rest.ts';
import type { ClientEvents, Command, ServerEvents } from '../../contract/protocol.ts';
import { Directory } from '../../server/access/directory.ts';
import { createAccessStore } from '../../server/access/store/accessStore.ts';
import { createRedis, type RedisClient } from '../../server/platform/redis/connect.ts';
import { ACCESS_KEYS } from '../../server/access/store/keys.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { freePort } from '../../testing/freePort.ts';
import { listeningLog } from '../support/listeningLog.ts';
import { startRaw, type RawRedis } from '../../testing/rawRedis.ts';
import { freshDataDir, startServer, until, type RunningServer } from '../support/server.ts';

/** Issue 5, points 2, 3, 5 and 7: people, displays and the trail as they are stored, with two processes on one real Redis. */

const PASSWORD = 'correct horse battery';
const TOWN = '330110010';
const API = '/api/v1/access';
const { log } = listeningLog();

let raw: RawRedis;
let redis: RedisClient;
let server: RunningServer;
let other: RunningServer;
let env: Record<string, string>;
let admin: string;
const sockets: Socket[] = [];
const dirs: string[] = [];

interface Answer<T> {
  status: number;
  body: T;
  cookie: string | undefined;
  headers: Headers;
}

/** A request as a page of ours makes it; `as` is the cookie. */
async function page<T = Record<string, unknown>>(
  path: string,
  {
    as,
    method = 'GET',
    body,
    headers = {},
    at = server,
  }: { as?: string; method?: string; body?: object; headers?: Record<string, string>; at?: RunningServer } = {},
): Promise<Answer<T>> {
  const answer = await fetch(`${at.url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      'x-wagewatch': '1',
      ...(as ? { cookie: `wagewatch=${as}` } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  const cookie = /^wagewatch=([^;]*)/.exec(
    answer.headers.getSetCookie().find((one) => one.startsWith('wagewatch=')) ?? '',
  )?.[1];
  return { status: answer.status, body: (text ? JSON.parse(text) : undefined) as T, cookie, headers: answer.headers };
}
const post = <T = Record<string, unknown>>(
  path: string,
  body?: object,
  as?: string,
  more: { headers?: Record<string, string>; at?: RunningServer } = {},
) => page<T>(path, { method: 'POST', ...(body ? { body } : {}), ...(as ? { as } : {}), ...more });
const signIn = (
  name: string,
  password = PASSWORD,
  more: { headers?: Record<string, string>; at?: RunningServer } = {},
) => post<Session>(`${API}/session`, { name, password }, undefined, more);
const is = async (as: string, at = server) => (await page<Session>(`${API}/session`, { as, at })).body.principal;

async function person(name: string, role: string, scope: string): Promise<{ id: string; cookie: string }> {
  const { body } = await post<PersonInvited>(`${API}/people`, { name, role, scope }, admin);
  const joined = await post<Session>(`${API}/invite`, { code: body.invite.code, password: PASSWORD });
  expect(joined.status).toBe(200);
  return { id: body.person.id, cookie: joined.cookie! };
}

async function screen(
  cookie: string,
  at = server,
): Promise<{ socket: Socket<ServerEvents, ClientEvents>; commands: Command[]; ended: Promise<void> }> {
  const socket: Socket<ServerEvents, ClientEvents> = io(`${at.url}/wall`, {
    transports: ['websocket'],
    forceNew: true,
    reconnection: false,
    extraHeaders: { cookie: `wagewatch=${cookie}` },
  });
  sockets.push(socket);
  const commands: Command[] = [];
  socket.on('command', (command) => {
    commands.push(command);
  });
  const ended = new Promise<void>((resolve) => {
    socket.on('disconnect', () => {
      resolve();
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.on('connect', resolve);
    socket.on('connect_error', reject);
  });
  return { socket, commands, ended };
}

async function pair(name: string, more: object = {}): Promise<{ cookie: string; display: Display; secret: string }> {
  // Ten a minute and address are enough for offices, but not for this file.
  await redis.unlink(...(await redis.keys(`${ACCESS_KEYS.attempts}*`)), 'none');
  const {
    body: { code, secret },
  } = await post<Pairing>(`${API}/pairings`);
  const paired = await post<Display>(
    `${API}/pairings/${code.toLowerCase()}`,
    { name, scope: '330110', screen: 'wall', settings: { lang: 'en' }, ...more },
    admin,
  );
  expect(paired.status).toBe(201);
  const mine = await page(`${API}/pairings/mine`, { headers: { 'x-pairing-secret': secret } });
  expect(mine.body).toMatchObject({ state: 'paired', show: paired.body.show });
  return { cookie: mine.cookie!, display: paired.body, secret };
}

beforeAll(async () => {
  raw = await startRaw({ port: await freePort() });
  redis = createRedis({ kind: 'single', host: '127.0.0.1', port: raw.port, db: 0 }, { role: 'commands', log });
  env = { REDIS_URL: `redis://127.0.0.1:${raw.port}`, HOST: '127.0.0.1' };
  server = await startServer(env);
});
afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await Promise.all([server.stop(), other.stop()]);
  redis.disconnect();
  await raw.stop();
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});

describe('a new installation', () => {
  it('is open on a loopback address, and prints a link good once that makes the first admin and closes it', async () => {
    expect((await page<Session>(`${API}/session`)).body).toMatchObject({
      open: true,
      principal: { kind: 'everybody', role: 'admin' },
    });
    // Personas are of demonstrations alone: here whoever is on the machine acts, and is told what there is to act on.
    expect((await page<Session>(`${API}/session`)).body.personas).toBeUndefined();
    expect((await page('/api/v1/personas')).status).toBe(404);
    expect((await post('/api/v1/personas', { id: 'leader' })).status).toBe(404);
    const note = { action: 'note', text: 'x', expect: { stage: 'raised', events: 1 } };
    expect((await post('/api/v1/alerts/none/actions', note)).status).toBe(404);
    // The log stays, and others read it: the link is in a file.
    const file = join(server.dataDir, 'first-admin-link');
    await until('it is said where', () => server.output().includes(file));
    expect(server.output()).not.toContain('join#');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const code = /\/join#(wi_[\w-]{43})\n/.exec(readFileSync(file, 'utf8'))![1]!;
    expect(JSON.stringify(await redis.hgetall(ACCESS_KEYS.records))).not.toContain(code);
    expect((await post(`${API}/invite/look`, { code })).body).toMatchObject({ role: 'admin', scope: '330110' });
    expect((await post(`${API}/invite`, { code, name: '王主任', password: '1234567890' })).status).toBe(422);
    const both = await Promise.all(
      [0, 1].map(() => post<Session>(`${API}/invite`, { code, name: '王主任', password: PASSWORD })),
    );
    expect(both.map(({ status }) => status).sort()).toEqual([200, 404]);
    const joined = both.find(({ status }) => status === 200)!;
    admin = joined.cookie!;
    expect(joined.body).toMatchObject({
      open: false,
      signIn: { password: true },
      principal: { kind: 'person', name: '王主任', role: 'admin' },
    });
    expect((await page('/api/v1/snapshot')).status).toBe(401);
    expect((await post(`${API}/invite/look`, { code })).status).toBe(404);
    await until('the link is gone', () => !existsSync(file));
    // Started again, it is still closed, wherever it listens; a second process knows at once.
    other = await startServer({ ...env, HOST: '0.0.0.0' });
    expect(other.output()).not.toContain('join#');
    expect((await is(admin, other))?.name).toBe('王主任');
  });

  it('does not start where others could reach it, and says how; "invite" is the way', async () => {
    const dir = freshDataDir();
    dirs.push(dir);
    const closed = { DATA_DIR: dir, HOST: '0.0.0.0' };
    await expect(startServer(closed)).rejects.toThrow(
      /HOST is "0\.0\.0\.0", but nobody has been let in yet.*npm run -s access -- invite.*set ACCESS_FILE, or a loopback HOST/,
    );
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(PROJECT_ROOT, 'dist/tools/access.js'), 'invite'],
      { env: { ...process.env, ...closed, PUBLIC_URL: 'https://wall.example.cn' } },
    );
    const code = /^https:\/\/wall\.example\.cn\/join#(\S+)\n$/.exec(stdout)![1]!;
    const fresh = await startServer(closed);
    try {
      expect((await page('/api/v1/snapshot', { at: fresh })).status).toBe(401);
      expect(
        (await post(`${API}/invite`, { code, name: 'first', password: PASSWORD }, undefined, { at: fresh })).status,
      ).toBe(200);
    } finally {
      await fresh.stop();
    }
  }, 120_000);
});

describe('people', () => {
  it('see what their role and scope allow, until they are changed, disabled or removed: in every process within 2 s', async () => {
    const { id, cookie } = await person('陈科员', 'officer', TOWN);
    expect((await page(`/api/v1/alerts?scope=${TOWN}`, { as: cookie })).status).toBe(200);
    expect((await page('/api/v1/alerts?scope=330110', { as: cookie })).status).toBe(403);
    expect((await page(`${API}/people`, { as: cookie })).status).toBe(403);
    const { ended } = await screen(cookie, other);
    const at = performance.now();
    expect(
      (await page(`${API}/people/${id}`, { as: admin, method: 'PATCH', body: { disabled: true } })).body,
    ).toMatchObject({ disabled: true, sessions: 0 });
    await ended;
    // The limit is the issue's.
    expect(performance.now() - at).toBeLessThan(2_000);
    expect(await is(cookie)).toBeUndefined();
    expect((await signIn('陈科员')).status).toBe(401);
    expect((await page(`${API}/people/${id}`, { as: admin, method: 'PATCH', body: { disabled: false } })).status).toBe(
      200,
    );
    const again = await signIn(' 陈科员');
    expect(again.status).toBe(200);
    expect((await page(`${API}/people/${id}`, { as: admin, method: 'PATCH', body: { role: 'leader' } })).status).toBe(
      400,
    );
    expect((await page(`${API}/people/${id}`, { as: admin, method: 'DELETE' })).status).toBe(204);
    expect(await is(again.cookie!, other)).toBeUndefined();
    expect(
      (await post(`${API}/people`, { name: '王  主任'.replace(/ /g, ''), role: 'leader', scope: '330110' }, admin))
        .status,
    ).toBe(409);
    expect((await post(`${API}/people`, { name: 'x', role: 'leader', scope: '110000' }, admin)).status).toBe(400);
  });

  it('always have an admin among them', async () => {
    const { body } = await page<{ items: { id: string; name: string }[] }>(`${API}/people`, { as: admin });
    const me = body.items.find(({ name }) => name === '王主任')!.id;
    expect((await page(`${API}/people/${me}`, { as: admin, method: 'DELETE' })).status).toBe(409);
    expect((await page(`${API}/people/${me}`, { as: admin, method: 'PATCH', body: { role: 'officer' } })).status).toBe(
      409,
    );
    expect((await is(admin))?.role).toBe('admin');
  });

  it('sign out here and everywhere, and end their other sessions with a new password', async () => {
    const { id, cookie } = await person('leader', 'leader', '330110');
    const [a, b] = await Promise.all([signIn('leader'), signIn('LEADER')]);
    expect((await page(`${API}/session`, { as: a.cookie!, method: 'DELETE' })).status).toBe(204);
    expect([await is(a.cookie!), (await is(b.cookie!))?.name]).toEqual([undefined, 'leader']);
    expect(
      (await post(`${API}/session/password`, { old: 'wrong password', new: 'another good one' }, b.cookie)).status,
    ).toBe(403);
    const changed = await post<Session>(
      `${API}/session/password`,
      { old: PASSWORD, new: 'another good one' },
      b.cookie,
    );
    expect(changed.status).toBe(200);
    expect([await is(b.cookie!), await is(cookie), (await is(changed.cookie!))?.name]).toEqual([
      undefined,
      undefined,
      'leader',
    ]);
    expect((await page(`${API}/people/${id}/sessions`, { as: admin, method: 'DELETE' })).status).toBe(204);
    expect(await is(changed.cookie!)).toBeUndefined();
    // A forgotten password: a new invitation, which ends the old one.
    const { body } = await post<PersonInvited>(`${API}/people/${id}/invite`, undefined, admin);
    expect(
      (await post<Session>(`${API}/invite`, { code: body.invite.code, password: PASSWORD })).body.principal?.name,
    ).toBe('leader');
    expect((await signIn('leader', 'another good one')).status).toBe(401);
  });
});

describe('attacks', () => {
  it('guessing: is stopped for a name and address, in all processes, and the right password does not help then', async () => {
    await person('guessed', 'officer', '330110');
    const tries = await Promise.all(
      Array.from({ length: 8 }, (_, i) => signIn('guessed', `wrong guess ${i}`, { at: i % 2 ? other : server })),
    );
    expect(tries.filter(({ status }) => status === 401)).toHaveLength(5);
    const held = await signIn('guessed');
    expect(held.status).toBe(429);
    expect(Number(held.headers.get('retry-after'))).toBeGreaterThan(60);
    // The same answer whether there is such a name or not.
    expect((await signIn('nobody here', 'wrong guess 1')).body).toEqual(
      tries.find(({ status }) => status === 401)!.body,
    );
    // Another name is not held up, and a proxy's word about the address is not believed.
    expect((await signIn('王主任')).status).toBe(200);
    expect((await signIn('guessed', PASSWORD, { headers: { 'x-forwarded-for': '10.1.1.1' } })).status).toBe(429);
  });

  it('floods of sign-ins: whoever is told to come back has not failed, and nothing of it fills log or trail', async () => {
    const tries = await Promise.all(
      Array.from({ length: 40 }, (_, i) => signIn(`flood ${i}`, 'wrong guess', { at: other })),
    );
    const told = tries.filter(({ status }) => status === 503);
    expect(told.length).toBeGreaterThan(20);
    expect(Number(told[0]!.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(other.output()).not.toContain('request failed');
    const { body } = await page<Trail>(`${API}/trail?what=session.fail&limit=200`, { as: admin });
    const refused = body.items.filter(({ target, detail }) => target === undefined && Number(detail?.['times']) > 10);
    expect(refused).toHaveLength(1);
    await redis.unlink(...(await redis.keys(`${ACCESS_KEYS.attempts}*`)), 'none');
  });

  it('fixation and replay: each sign-in makes a new secret and ends the one that the browser had', async () => {
    const planted = `ws_${'A'.repeat(43)}`;
    const first = await post<Session>(`${API}/session`, { name: '王主任', password: PASSWORD }, planted);
    expect(first.cookie).not.toBe(planted);
    expect(await is(planted)).toBeUndefined();
    const second = await post<Session>(`${API}/session`, { name: '王主任', password: PASSWORD }, first.cookie);
    expect(await is(first.cookie!)).toBeUndefined();
    // A session's secret is not a token.
    expect((await post(`${API}/session`, { token: second.cookie! })).status).toBe(401);
  });

  it('requests forged by other sites, with and without their names', async () => {
    const { host } = new URL(server.url);
    const remove = (headers: Record<string, string>) =>
      fetch(`${server.url}${API}/people/nobody`, {
        method: 'DELETE',
        headers: { cookie: `wagewatch=${admin}`, ...headers },
      }).then(({ status }) => status);
    expect(await remove({})).toBe(403);
    expect(await remove({ 'x-wagewatch': '1', origin: 'http://evil.example' })).toBe(403);
    expect(await remove({ 'x-wagewatch': '1', origin: 'null' })).toBe(403);
    expect(await remove({ 'x-wagewatch': '1', origin: `http://${host}`, 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await remove({ 'x-wagewatch': '1', origin: `http://${host}` })).toBe(404);
    expect((await signIn('王主任', PASSWORD, { headers: { origin: 'http://evil.example' } })).status).toBe(403);
  });

  it('over-long, mistyped and climbing input is refused without an error of the program', async () => {
    const long = 'x'.repeat(5_000);
    const statuses = await Promise.all(
      [
        signIn(long),
        signIn('a', long),
        post(`${API}/session`, { token: `${long}` }),
        post(`${API}/session`, { name: { $ne: 1 }, password: [] }),
        post(`${API}/invite`, { code: '../../etc/passwd', password: PASSWORD }),
        post(`${API}/people`, { name: 'a\r\nSet-Cookie: x=1', role: 'king', scope: '330110' }, admin),
        post(`${API}/people`, { name: 'a\u0000b', role: 'leader', scope: '330110' }, admin),
        post(`${API}/people`, { name: '\u202Eabc', role: 'leader', scope: '330110' }, admin),
        page(`${API}/displays/..%2f..%2fpeople`, { as: admin }),
        page(`${API}/trail?cursor=x`, { as: admin }),
        page(`${API}/trail?limit=100000`, { as: admin }),
        page(`${API}/pairings/mine`, { headers: { 'x-pairing-secret': long } }),
        page('/..%2f..%2fpackage.json', { as: admin }),
        page(`${API}/session/../../etc`, { as: admin }),
        page(`${API}/oidc/start?next=//evil.example`),
      ].map((answer) => answer.then(({ status }) => status)),
    );
    for (const status of statuses) expect([400, 401, 403, 404, 413, 414, 422, 431]).toContain(status);
    expect(server.output()).not.toMatch(/"level":50/);
  });

  it('tells strangers neither versions nor where it went wrong', async () => {
    for (const path of ['/', '/api/v1/snapshot', '/nothing', `${API}/session`, '/%E0%A4%A', '/readyz']) {
      const answer = await fetch(`${server.url}${path}`);
      const said = JSON.stringify([...answer.headers]) + (await answer.text());
      expect(said).not.toMatch(/fastify|node_modules|at \w+ \(|"server"|x-powered-by/i);
      if (path !== '/%E0%A4%A') expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
    expect((await fetch(`${server.url}/`)).headers.get('content-security-policy')).toMatch(
      /script-src 'self'( 'sha256-[\w+/=]+')*;/,
    );
  });
});

describe('tokens', () => {
  const grant = (name: string) => ({
    name,
    role: 'ingest',
    scope: '330110',
    source: 'urn:bank',
    alerts: ['BANK-'],
    may: ['wage.alert.raised'],
  });
  it('are made and revoked by an admin, and end in every process within 2 s', async () => {
    const {
      body: { token, secret },
    } = await post<TokenAdded>(`${API}/tokens`, grant('accounts'), admin);
    const send = (at: RunningServer) =>
      fetch(`${at.url}/api/v1/events`, {
        method: 'POST',
        body: '[]',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/cloudevents-batch+json' },
      }).then(({ status }) => status);
    expect([await send(server), await send(other)]).toEqual([422, 422]);
    expect((await post(`${API}/tokens`, grant('Accounts'), admin)).status).toBe(409);
    expect((await page(`${API}/tokens/${token.id}`, { as: admin, method: 'DELETE' })).status).toBe(204);
    await until('the other process knows', async () => (await send(other)) === 401, 2_000);
    expect(await send(server)).toBe(401);
    expect(JSON.stringify(await redis.hgetall(ACCESS_KEYS.records))).not.toContain(secret);
  });
});

describe('sessions by token', () => {
  it('end with the token in every process, leave nothing behind, and are given to no display', async () => {
    const {
      body: { token, secret },
    } = await post<TokenAdded>(`${API}/tokens`, { name: 'hall screen', role: 'display', scope: '330110' }, admin);
    const signed = await post<Session>(`${API}/session`, { token: secret });
    expect(signed.body.principal).toMatchObject({ kind: 'token', name: 'hall screen', role: 'display' });
    expect(signed.cookie).toMatch(/^ws_/);
    // The same browser again: the session before ends.
    const again = await post<Session>(`${API}/session`, { token: secret }, signed.cookie);
    expect([await is(signed.cookie!), (await is(again.cookie!, other))?.name]).toEqual([undefined, 'hall screen']);
    const { ended } = await screen(again.cookie!, other);
    expect((await page(`${API}/tokens/${token.id}`, { as: admin, method: 'DELETE' })).status).toBe(204);
    await ended;
    expect(await is(again.cookie!, other)).toBeUndefined();
    expect(JSON.stringify(await redis.hgetall(ACCESS_KEYS.records))).not.toContain(token.id);
    // What is in a display's cookie lets that display in, and nobody else.
    expect((await post(`${API}/session`, { token: (await pair('its own')).cookie })).status).toBe(401);
  });
});

describe('displays', () => {
  it('come in by a code, do what they are told, say how they are, and go when they are revoked', async () => {
    const { cookie, display } = await pair('大厅 北墙');
    expect(display).toMatchObject({ show: '/wall?lang=en&scope=330110', online: false });
    expect(await is(cookie)).toMatchObject({
      kind: 'display',
      role: 'display',
      name: '大厅 北墙',
      show: '/wall?lang=en&scope=330110',
    });
    const { socket, commands, ended } = await screen(cookie, other);
    socket.emit('report', {
      build: 'b1',
      width: 1920,
      height: 1080,
      pixelRatio: 1,
      fps: 60,
      ageMs: 40,
      lastError: 'x',
    });
    const seen = await until('it is seen from the other process', async () => {
      const { body } = await page<Display>(`${API}/displays/${display.id}`, { as: admin });
      return body.report && body;
    });
    expect(seen).toMatchObject({
      online: true,
      outdated: true,
      report: { build: 'b1', width: 1920, fps: 60, lastError: 'x' },
    });
    expect((await post(`${API}/displays/${display.id}/identify`, undefined, admin)).status).toBe(202);
    expect(
      (
        await page(`${API}/displays/${display.id}`, {
          as: admin,
          method: 'PATCH',
          body: { name: '大厅', settings: { window: '7d' } },
        })
      ).status,
    ).toBe(200);
    await until('it is told', () => commands.length >= 3);
    expect(commands).toEqual([
      { kind: 'show', path: '/wall?lang=en&scope=330110', name: '大厅 北墙' },
      { kind: 'identify', name: '大厅 北墙', seconds: 10 },
      { kind: 'show', path: '/wall?window=7d&scope=330110', name: '大厅' },
    ]);
    const at = performance.now();
    expect((await page(`${API}/displays/${display.id}`, { as: admin, method: 'DELETE' })).status).toBe(204);
    await ended;
    expect(performance.now() - at).toBeLessThan(2_000);
    expect(await is(cookie)).toBeUndefined();
  });

  it('get another scope at once, and nothing of the one before', async () => {
    const { cookie, display } = await pair('town hall', { scope: TOWN, screen: 'kiosk', settings: {} });
    expect(display.show).toBe(`/kiosk/${TOWN}`);
    const { ended } = await screen(cookie);
    expect(
      (await page(`${API}/displays/${display.id}`, { as: admin, method: 'PATCH', body: { scope: '330110' } })).status,
    ).toBe(400);
    expect(
      (await page(`${API}/displays/${display.id}`, { as: admin, method: 'PATCH', body: { scope: '330110001' } }))
        .status,
    ).toBe(200);
    await ended;
    expect((await page(`/api/v1/snapshot?scope=${TOWN}`, { as: cookie })).status).toBe(403);
    expect((await page('/api/v1/snapshot?scope=330110001', { as: cookie })).status).toBe(200);
  });

  it('are paired only to screens that there are; one of another version is shown the wall, and told', async () => {
    const { body: begun } = await post<Pairing>(`${API}/pairings`);
    const refused = await post<Problem>(
      `${API}/pairings/${begun.code}`,
      { name: 'ledger room', scope: '330110', screen: 'ledger' },
      admin,
    );
    expect([refused.status, refused.body.parameter]).toEqual([400, 'screen']);
    expect(refused.body.detail).toContain('wall, kiosk, briefing');

    const { cookie, display } = await pair('ledger room');
    const change = (body: object) =>
      page<Problem>(`${API}/displays/${display.id}`, { as: admin, method: 'PATCH', body });
    expect((await change({ screen: 'ledger' })).status).toBe(400);
    // As a version left it that had such a screen.
    const directory = new Directory(createAccessStore(redis), log);
    await directory.start();
    await directory.change(() => [
      directory.edit('display', display.id, { ...directory.get('display', display.id)!, screen: 'ledger' }),
    ]);
    await directory.stop();
    const read = async () => (await page<Display>(`${API}/displays/${display.id}`, { as: admin })).body;
    const path = '/wall?lang=en&scope=330110&absent=ledger';
    expect(await until('it is known', async () => (await read()).absentScreen && read())).toMatchObject({
      screen: 'wall',
      absentScreen: 'ledger',
      show: path,
    });
    const { commands } = await screen(cookie);
    await until('it is told', () => commands.length > 0);
    expect(commands[0]).toMatchObject({ kind: 'show', path });
    // Another name does not change what it shows; another screen does.
    expect((await change({ name: 'room 2' })).status).toBe(200);
    expect((await read()).absentScreen).toBe('ledger');
    expect((await change({ screen: 'wall' })).status).toBe(200);
    expect(await read()).toMatchObject({ show: '/wall?lang=en&scope=330110' });
    expect((await read()).absentScreen).toBeUndefined();
    expect((await change({ screen: 'briefing', settings: { turn: '10', follow: 'on' } })).status).toBe(200);
    expect(await read()).toMatchObject({
      screen: 'briefing',
      show: '/briefing/display?turn=10&follow=on&scope=330110',
    });
  });

  it('renew their token themselves, lose none when an answer is lost, and outlive restarts', async () => {
    const { cookie, display, secret } = await pair('renewing');
    const renew = (as: string) => post(`${API}/session/renew`, undefined, as);
    expect((await renew(cookie)).cookie).toBeUndefined();
    // As if it had been paired 100 days ago.
    const directory = new Directory(createAccessStore(redis), log);
    await directory.start();
    const age = async () =>
      directory.change(() => {
        const record = directory.get('display', display.id)!;
        return [
          directory.edit('display', display.id, {
            ...record,
            tokens: record.tokens.map((token) => ({ ...token, issued: token.issued - 100 * 86_400_000 })),
          }),
        ];
      });
    await age();
    await until(
      'the change is known',
      async () => (await page<Display>(`${API}/displays/${display.id}`, { as: admin })).status === 200,
    );
    const lost = await until('it is due', async () => (await renew(cookie)).cookie);
    // The answer was lost: the old token still holds, and is asked to renew again when it is due again.
    expect((await is(cookie))?.name).toBe('renewing');
    await age();
    const kept = await until('it is due again', async () => (await renew(cookie)).cookie);
    expect((await is(kept))?.name).toBe('renewing');
    await until(
      'those before have ended',
      async () => (await is(cookie)) === undefined && (await is(lost)) === undefined,
    );
    // The secret of a pairing that is over gives another token only to whoever has it, for ten minutes.
    expect((await page(`${API}/pairings/mine`, { headers: { 'x-pairing-secret': `${secret}x` } })).status).toBe(404);
    await directory.stop();

    await server.stop();
    server = await startServer(env);
    expect((await is(kept))?.name).toBe('renewing');
    expect((await screen(kept)).commands.length).toBeGreaterThanOrEqual(0);
  });
});

describe('the trail', () => {
  it('tells who looked at what and who changed what, and shows when it was tampered with', async () => {
    const { cookie } = await person('观察员', 'leader', '330110');
    await page('/api/v1/alerts?scope=330110&tier=red', { as: cookie });
    await page('/api/v1/alerts?scope=330110&tier=red', { as: cookie });
    await page('/api/v1/enterprises/nobody', { as: cookie });
    const { body } = await page<Trail>(`${API}/trail?who=${encodeURIComponent('观察')}`, { as: admin });
    expect(body.items.map(({ what }) => what)).toEqual(['alerts.list', 'invite.accept']);
    expect(body.items[0]).toMatchObject({
      who: { name: '观察员', role: 'leader', kind: 'person' },
      from: expect.stringContaining('127.0.0.1') as unknown,
      target: '330110',
      detail: { tier: ['red'] },
    });
    const fails = await page<Trail>(`${API}/trail?what=session.fail&limit=2`, { as: admin });
    expect(fails.body.items).toHaveLength(2);
    const next = await page<Trail>(`${API}/trail?what=session.fail&limit=2&cursor=${fails.body.cursor!}`, {
      as: admin,
    });
    expect(next.body.items[0]!.id).not.toBe(fails.body.items[1]!.id);
    expect((await page(`${API}/trail`, { as: cookie })).status).toBe(403);
    expect(JSON.stringify(body) + JSON.stringify(await redis.xrange(ACCESS_KEYS.trail, '-', '+'))).not.toContain(
      PASSWORD,
    );
    const check = () =>
      promisify(execFile)(process.execPath, [join(PROJECT_ROOT, 'dist/tools/access.js'), 'trail'], {
        env: { ...process.env, REDIS_URL: env['REDIS_URL']! },
      }).then(
        ({ stdout }) => stdout,
        ({ stdout }: { stdout: string }) => stdout,
      );
    expect(await check()).toMatch(/each following from the one before/);
    const [[id]] = (await redis.xrange(ACCESS_KEYS.trail, body.items[0]!.id, '+', 'COUNT', 1)) as [[string, string[]]];
    await redis.xdel(ACCESS_KEYS.trail, id);
    expect(await check()).toMatch(/was changed at or before/);
  });
});

// At the end, as whoever floods is held back for a while.
describe('a flood', () => {
  it('a thousand pairings a second: a few get a code, the others are told to come back, and nothing is piled up', async () => {
    await redis.unlink(...(await redis.keys(`${ACCESS_KEYS.attempts}*`)), 'none');
    const before = (await redis.keys(`${ACCESS_KEYS.pairing}*`)).length;
    const answers = await Promise.all(
      Array.from({ length: 1_000 }, () =>
        fetch(`${server.url}${API}/pairings`, { method: 'POST' }).then(({ status }) => status),
      ),
    );
    expect(answers.filter((status) => status === 201)).toHaveLength(10);
    expect(answers.filter((status) => status === 429)).toHaveLength(990);
    expect((await redis.keys(`${ACCESS_KEYS.pairing}*`)).length).toBe(before + 10);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
  });
});
