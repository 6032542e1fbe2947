import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../contract/access.ts';
import type { PersonInvited, TokenAdded } from '../../contract/accessAdmin.ts';
import type { Frame } from '../../contract/frame.ts';
import { mintToken } from '../../server/access/secret.ts';
import { raised } from '../support/events.ts';
import { entry } from '../support/letIn.ts';
import { NDJSON, startServer, until, type RunningServer } from '../support/server.ts';

/** What is under way ends with what it was let in by; and what cookies are over TLS (issue 15, points 14, 17 and 23). */

const API = '/api/v1/access';
const dir = mkdtempSync(join(tmpdir(), 'under-way-'));
const admin = mintToken();
let server: RunningServer;
const sockets: Socket[] = [];
const asAdmin = { authorization: `Bearer ${admin}` };

const call = (path: string, headers: Record<string, string>, init: RequestInit = {}) =>
  fetch(`${server.url}${path}`, { redirect: 'manual', ...init, headers });
const json = (body: object, method = 'POST') => ({ method, body: JSON.stringify(body) });
const JSON_TYPE = { 'content-type': 'application/json' };
async function newToken(name: string, role: string, more: object = {}): Promise<TokenAdded> {
  const answer = await call(
    `${API}/tokens`,
    { ...asAdmin, ...JSON_TYPE },
    json({ name, role, scope: '330110', ...more }),
  );
  expect(answer.status).toBe(201);
  return (await answer.json()) as TokenAdded;
}
const revoke = (id: string) => call(`${API}/tokens/${id}`, asAdmin, { method: 'DELETE' });
const counted = async () =>
  ((await (await call('/api/v1/snapshot?window=all', asAdmin)).json()) as Frame).totals.raised;

beforeAll(async () => {
  const file = join(dir, 'access.json');
  writeFileSync(file, JSON.stringify({ tokens: [entry('root', admin, { role: 'admin', scope: '330110' })] }));
  server = await startServer({ ACCESS_FILE: file, PUBLIC_URL: 'https://wall.example.cn' });
});
afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await server.stop();
  rmSync(dir, { recursive: true });
});

const line = (id: string) => `${JSON.stringify(raised(Date.now() - 1_000, { alertId: id }, { source: 'urn:slow' }))}\n`;

describe('what is revoked', () => {
  it.each(['and sends on', 'and sends no more'])(
    'stops a body that is being read, %s; what was accepted stays',
    async (how) => {
      const before = await counted();
      const { token, secret } = await newToken(`slow ${how}`, 'ingest', { trusted: true });
      const { hostname, port } = new URL(server.url);
      const sent = httpRequest({
        hostname,
        port,
        path: '/api/v1/events',
        method: 'POST',
        agent: false,
        headers: { authorization: `Bearer ${secret}`, 'content-type': NDJSON, 'transfer-encoding': 'chunked' },
      });
      sent.on('error', () => {});
      const answered = new Promise<IncomingMessage>((resolve) => sent.once('response', resolve));
      // As many as make a chunk of the stream, so that they are counted while the body goes on.
      for (let i = 0; i < 600; i++) sent.write(line(`${how} ${i}`));
      await until('the first are counted', async () => (await counted()) > before);
      expect((await revoke(token.id!)).status).toBe(204);
      const revokedAt = performance.now();
      let n = 0;
      const dripping = setInterval(() => {
        if (how === 'and sends on') sent.write(line(`late ${how} ${n++}`));
      }, 20);
      const answer = await answered;
      clearInterval(dripping);
      // The limit is the issue's.
      expect(performance.now() - revokedAt).toBeLessThan(1_500);
      let text = '';
      for await (const part of answer) text += String(part);
      expect(answer.statusCode).toBe(401);
      const { accepted } = JSON.parse(text) as { accepted: number };
      expect(accepted).toBeGreaterThanOrEqual(600);
      await until('what was accepted is counted', async () => (await counted()) === before + accepted);
      sent.destroy();
    },
  );

  it('breaks an export off instead of ending it', async () => {
    // Rows of some kilobytes: more of them than the buffers of the system hold.
    const long = '某某建筑工程劳务分包有限责任公司'.repeat(30);
    const rows = 6_000;
    const before = await counted();
    const lines = Array.from({ length: rows }, (_, i) => {
      const data = {
        alertId: `export-${i}`,
        enterprise: { name: long },
        project: { id: `P${i}`, name: long },
        reasons: [],
      };
      return JSON.stringify(raised(Date.now() - 1_000, data, { source: 'urn:many' }));
    });
    const taken = await call(
      '/api/v1/events',
      { ...asAdmin, 'content-type': NDJSON },
      { method: 'POST', body: lines.join('\n') },
    );
    expect(await taken.json()).toMatchObject({ accepted: rows });
    await until('they are counted', async () => (await counted()) === before + rows);
    const { token, secret } = await newToken('exporter', 'leader');
    const { hostname, port } = new URL(server.url);
    const outcome = await new Promise<string>((resolve) => {
      const sent = httpRequest(
        { hostname, port, path: '/api/v1/alerts.csv', agent: false, headers: { authorization: `Bearer ${secret}` } },
        (answer) => {
          // Not read: what has been written fills the buffers, and the rest waits.
          answer.pause();
          void revoke(token.id!).then(() => {
            setTimeout(() => answer.resume(), 1_200);
          });
          answer.on('error', () => resolve('broken off'));
          answer.on('end', () => resolve(answer.complete ? 'whole' : 'broken off'));
          answer.on('close', () => resolve(answer.complete ? 'whole' : 'broken off'));
        },
      );
      sent.end();
    });
    expect(outcome).toBe('broken off');
    expect((await call('/api/v1/alerts.csv', { authorization: `Bearer ${secret}` })).status).toBe(401);
  });

  it('closes the live connection, by WebSocket and by long polls', async () => {
    for (const transport of ['websocket', 'polling']) {
      const { token, secret } = await newToken(`viewer ${transport}`, 'leader');
      const socket = io(`${server.url}/wall`, {
        transports: [transport],
        forceNew: true,
        reconnection: false,
        auth: { token: secret },
      });
      sockets.push(socket);
      await new Promise<void>((resolve, reject) => {
        socket.on('connect', resolve);
        socket.on('connect_error', reject);
      });
      const ended = new Promise<number>((resolve) => socket.on('disconnect', () => resolve(performance.now())));
      await revoke(token.id!);
      const revokedAt = performance.now();
      expect((await ended) - revokedAt).toBeLessThan(1_500);
    }
  });
});

describe('the cookie of a session', () => {
  const signIn = (headers: Record<string, string>) =>
    call(`${API}/session`, { ...JSON_TYPE, ...headers }, json({ token: admin }));

  it('has a name that no neighbour can set, over TLS here or at a proxy; and the old one where there is none', async () => {
    const proxied = { 'x-forwarded-proto': 'https' };
    const [set] = (await signIn(proxied)).headers.getSetCookie();
    expect(set).toMatch(/^__Host-wagewatch=ws_[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict; Secure$/);
    expect((await signIn({})).headers.getSetCookie()[0]).toMatch(
      /^wagewatch=ws_[^;]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/,
    );
    const cookie = set!.split(';')[0]!;
    const who = async (headers: Record<string, string>) =>
      ((await (await call(`${API}/session`, headers)).json()) as Session).principal?.name;
    expect(await who({ cookie, ...proxied })).toBe('root');
    // What a neighbour in the domain has planted is not taken for a session over TLS, nor put before one.
    const planted = (await signIn({})).headers.getSetCookie()[0]!.split(';')[0]!;
    expect(await who({ cookie: planted, ...proxied })).toBeUndefined();
    expect(await who({ cookie: planted })).toBe('root');
    const out = await call(
      `${API}/session`,
      { cookie: `${planted}; ${cookie}`, ...proxied, 'x-wagewatch': '1' },
      { method: 'DELETE' },
    );
    expect(out.headers.getSetCookie().map((one) => one.split(';')[0])).toEqual(['wagewatch=', '__Host-wagewatch=']);
    expect([await who({ cookie, ...proxied }), await who({ cookie: planted })]).toEqual([undefined, 'root']);
  });

  it('goes by PUBLIC_URL where the proxy does not say how it was reached', async () => {
    const { hostname, port } = new URL(server.url);
    const set = await new Promise<string[]>((resolve, reject) => {
      const sent = httpRequest(
        {
          hostname,
          port,
          path: `${API}/session`,
          method: 'POST',
          agent: false,
          headers: { ...JSON_TYPE, host: 'wall.example.cn' },
        },
        (answer) => {
          answer.resume();
          resolve(answer.headers['set-cookie'] ?? []);
        },
      );
      sent.on('error', reject);
      sent.end(JSON.stringify({ token: admin }));
    });
    expect(set[0]).toMatch(/^__Host-wagewatch=.*; Secure$/);
  });
});

describe('an open program', () => {
  let open: RunningServer;
  beforeAll(async () => {
    open = await startServer({});
  });
  afterAll(() => open.stop());

  /** Any Host may be asked for, which fetch does not let us do. */
  const ask = (
    path: string,
    headers: Record<string, string>,
    { method = 'GET', body }: { method?: string; body?: object } = {},
  ) =>
    new Promise<{ status: number; text: string }>((resolve, reject) => {
      const { hostname, port } = new URL(open.url);
      const sent = httpRequest(
        { hostname, port, path, method, agent: false, headers: { ...headers, ...(body ? JSON_TYPE : {}) } },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (part: string) => (text += part));
          answer.on('end', () => resolve({ status: answer.statusCode!, text }));
        },
      );
      sent.on('error', reject);
      sent.end(body ? JSON.stringify(body) : undefined);
    });
  const connect = (extraHeaders: Record<string, string>, transport: string) =>
    new Promise<string>((resolve) => {
      const socket = io(`${open.url}/wall`, {
        transports: [transport],
        forceNew: true,
        reconnection: false,
        extraHeaders,
      });
      sockets.push(socket);
      socket.on('connect', () => resolve('in'));
      socket.on('connect_error', () => resolve('refused'));
    });
  const token = { name: 'leader', role: 'leader', scope: '330110' };

  it('answers to no other name, no other site and no proxy: routes, pages and the live connection', async () => {
    const rebound = { host: 'evil.example', origin: 'http://evil.example' };
    const paths = [
      '/api/v1/snapshot',
      '/api/v1/alerts.csv',
      `${API}/tokens`,
      '/metrics',
      '/wall',
      '/',
      '/docs',
      '/nothing',
    ];
    for (const path of paths) {
      expect((await ask(path, rebound)).status, path).toBe(421);
      expect((await ask(path, { host: 'localhost', origin: 'http://evil.example' })).status, path).toBe(403);
    }
    expect((await ask(`${API}/tokens`, rebound, { method: 'POST', body: token })).status).toBe(421);
    const host = new URL(open.url).host;
    for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'x-forwarded-host']) {
      expect((await ask('/api/v1/snapshot', { host, [name]: '127.0.0.1' })).status, name).toBe(401);
      expect((await ask(`${API}/tokens`, { host, [name]: '127.0.0.1' }, { method: 'POST', body: token })).status).toBe(
        401,
      );
    }
    for (const transport of ['websocket', 'polling']) {
      expect(await connect(rebound, transport)).toBe('refused');
      expect(await connect({ origin: 'http://evil.example' }, transport)).toBe('refused');
      expect(await connect({ 'x-forwarded-for': '10.0.0.1' }, transport)).toBe('refused');
      expect(await connect({}, transport)).toBe('in');
    }
    expect((await ask('/api/v1/snapshot', { host })).status).toBe(200);
  });

  it('forgets what everybody made once it is closed, in what is under way as well', async () => {
    const { host } = new URL(open.url);
    const made = JSON.parse((await ask(`${API}/tokens`, { host }, { method: 'POST', body: token })).text) as TokenAdded;
    const bearer = { host, authorization: `Bearer ${made.secret}` };
    expect((await ask('/api/v1/alerts.csv', bearer)).status).toBe(200);
    const viewer = io(`${open.url}/wall`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: { token: made.secret },
    });
    const everybody = io(`${open.url}/wall`, { transports: ['websocket'], forceNew: true, reconnection: false });
    sockets.push(viewer, everybody);
    const ended = [viewer, everybody].map(
      (socket) => new Promise<void>((resolve) => socket.on('disconnect', () => resolve())),
    );
    await Promise.all(
      [viewer, everybody].map((socket) => new Promise<void>((resolve) => socket.on('connect', resolve))),
    );
    const person = { name: '王主任', role: 'admin', scope: '330110' };
    const { invite } = JSON.parse(
      (await ask(`${API}/people`, { host }, { method: 'POST', body: person })).text,
    ) as PersonInvited;
    const closed = await ask(
      `${API}/invite`,
      { host },
      { method: 'POST', body: { code: invite.code, password: 'correct horse battery' } },
    );
    expect(closed.status).toBe(200);
    await Promise.all(ended);
    expect((await ask('/api/v1/alerts.csv', bearer)).status).toBe(401);
    expect((await ask('/api/v1/snapshot', { host })).status).toBe(401);
    // Closed, it is found under any name, as its proxy or its machine may have one.
    expect((await ask('/wall', { host: 'wall.example.cn' })).status).toBe(200);
  });
});
