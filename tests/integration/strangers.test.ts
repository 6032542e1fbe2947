import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type Socket as ClientSocket } from 'socket.io-client';
import { WebSocket } from 'ws';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WALL_NAMESPACE } from '../../contract/protocol.ts';
import { hashToken, mintToken } from '../../server/access/secret.ts';
import { raised } from '../support/events.ts';
import { NDJSON, startServer, until, type RunningServer } from '../support/server.ts';

/** Who is not let in: how often they may ask, what they may ask for, and that those who are let in do not notice. */

const dir = mkdtempSync(join(tmpdir(), 'wagewatch-strangers-'));
const file = join(dir, 'access.json');
const admin = mintToken();
const source = mintToken();
/** Asked directly, and behind a proxy that it trusts, where each test is somebody else at an address of their own. */
let direct: RunningServer;
let proxied: RunningServer;
/** Which of them a test asks, from which address. */
let server: RunningServer;
let from: Record<string, string> = {};
let addresses = 0;
const asSomebodyElse = () => {
  server = proxied;
  from = { 'x-forwarded-for': `198.18.0.${++addresses}` };
};
beforeAll(async () => {
  writeFileSync(
    file,
    JSON.stringify({
      tokens: [
        { name: 'admin', role: 'admin', scope: '330110', hash: hashToken(admin) },
        { name: 'source', role: 'ingest', scope: '330110', trusted: true, hash: hashToken(source) },
      ],
    }),
  );
  [direct, proxied] = await Promise.all([
    startServer({ ACCESS_FILE: file }),
    startServer({ ACCESS_FILE: file, TRUSTED_PROXIES: '127.0.0.1' }),
  ]);
}, 60_000);
beforeEach(() => {
  server = direct;
  from = {};
});
afterAll(async () => {
  await Promise.all([direct?.stop(), proxied?.stop()]);
  rmSync(dir, { recursive: true });
});

const ask = (path: string, init: RequestInit = {}) =>
  fetch(`${server.url}${path}`, { ...init, headers: { ...from, ...(init.headers as object) } }).then(async (answer) => {
    await answer.arrayBuffer();
    return answer;
  });
const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const statuses = async (many: number, one: () => Promise<Response>) => {
  const found: Record<number, number> = {};
  for (let left = many; left > 0; left -= 50)
    for (const { status } of await Promise.all(Array.from({ length: Math.min(50, left) }, one)))
      found[status] = (found[status] ?? 0) + 1;
  return found;
};

describe('asking before asking', () => {
  it('HEAD is where GET is, and OPTIONS says what there is', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics', '/wall', '/', '/api/v1/access/session']) {
      const [get, head] = [await ask(path), await ask(path, { method: 'HEAD' })];
      expect([path, head.status]).toEqual([path, get.status]);
      if (path === '/wall') expect(head.status).toBe(200);
      const options = await ask(path, { method: 'OPTIONS' });
      if (get.status === 404) continue;
      expect([path, options.status]).toEqual([path, 204]);
      expect(options.headers.get('allow')).toMatch(/GET, .*HEAD, .*OPTIONS/);
    }
    expect((await ask('/api/v1/events', { method: 'OPTIONS' })).headers.get('allow')).toBe('OPTIONS, POST');
    expect((await ask('/api/v1/nothing', { method: 'OPTIONS' })).status).toBe(404);
    expect((await ask('/api/v1/alerts/A1', { method: 'HEAD' })).status).toBe(401);
  });

  it('Upgrade to anything but our WebSocket is answered over HTTP/1.1, events included', async () => {
    const events = Array.from({ length: 400 }, (_, i) => raised(Date.now() - 1000, { alertId: `H2-${i}` }));
    const body = events.map((one) => JSON.stringify(one)).join('\n');
    for (const args of [['--http2'], ['-H', 'Connection: Upgrade', '-H', 'Upgrade: TLS/1.2'], []]) {
      const curl = spawnSync(
        'curl',
        ['-sS', '-m', '20', ...args, '-H', `Authorization: Bearer ${source}`, '-H', `Content-Type: ${NDJSON}`].concat([
          '--data-binary',
          '@-',
          '-w',
          '\n%{http_code} %{http_version}',
          `${server.url}/api/v1/events`,
        ]),
        { input: body, encoding: 'utf8' },
      );
      expect(curl.stdout).toMatch(/"accepted":400.*\n202 1\.1$/s);
    }
    const { port, hostname } = new URL(server.url);
    const raw = async (text: string) => {
      const socket = connect(Number(port), hostname);
      let heard = '';
      socket.on('data', (part: Buffer) => (heard += part.toString()));
      socket.write(text);
      await once(socket, 'close');
      return heard;
    };
    const upgrade = (what: string, more = '') =>
      `GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close, Upgrade, HTTP2-Settings\r\nUpgrade: ${what}\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n${more}\r\n`;
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n';
    for (const what of ['h2c', 'websocket', 'foo/2, h2c', 'WebSocket'])
      expect(await raw(upgrade(what, key))).toMatch(/^HTTP\/1\.1 200 OK.*"status":"ok"/s);
    // Two on one connection, without waiting for the first answer.
    const two = `GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n${upgrade('h2c')}`;
    expect((await raw(two)).match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  });
});

describe('strangers', () => {
  it('asking for what is not there are slowed, and pages are not counted', async () => {
    asSomebodyElse();
    await statuses(300, () => ask('/wall'));
    expect(await statuses(250, () => ask('/.env'))).toEqual({ 404: 200, 429: 50 });
    expect((await ask('/.env', as(admin))).status).toBe(404);
  });

  it('shaking hands are slowed, and screens that are let in are not', async () => {
    asSomebodyElse();
    const handshake = () => ask('/socket.io/?EIO=4&transport=polling');
    expect(await statuses(250, handshake)).toEqual({ 200: 200, 403: 50 });
    const socket: ClientSocket = io(`${server.url}${WALL_NAMESPACE}`, {
      transports: ['websocket'],
      reconnection: false,
      extraHeaders: { ...from, authorization: `Bearer ${admin}` },
    });
    await new Promise((resolve, reject) => {
      socket.on('connect', () => resolve(undefined));
      socket.on('connect_error', reject);
    });
    socket.disconnect();
  });

  it('guessing over one connection are slowed, too', async () => {
    asSomebodyElse();
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`, {
      headers: from,
    });
    const closed = once(socket, 'close');
    let refused = 0;
    socket.on('message', (data: Buffer) => {
      if (String(data).startsWith('44')) refused++;
      if (String(data) === '2') socket.send('3');
      else for (let i = 0; i < 20; i++) socket.send(`40${WALL_NAMESPACE},{"token":"${mintToken()}"}`);
    });
    await closed;
    expect(refused).toBeLessThanOrEqual(220);
  });

  it('many screens with a token of their own in their first message are let in', async () => {
    asSomebodyElse();
    const screens = await Promise.all(
      Array.from({ length: 45 }, () => {
        const socket: ClientSocket = io(`${server.url}${WALL_NAMESPACE}`, {
          transports: ['websocket'],
          forceNew: true,
          reconnection: false,
          extraHeaders: from,
          auth: { token: admin },
        });
        return new Promise<ClientSocket>((resolve, reject) => {
          socket.on('connect', () => resolve(socket));
          socket.on('connect_error', reject);
        });
      }),
    );
    for (const socket of screens) socket.disconnect();
    // What was counted of them was given back.
    expect(await statuses(200, () => ask('/api/v1/nothing'))).toEqual({ 404: 200 });
  });

  it('that hold connections without end lose the oldest, and those that send no head lose all', async () => {
    const { port, hostname } = new URL(server.url);
    const opened = new Set<Socket>();
    const open = () => {
      const socket = connect(Number(port), hostname);
      opened.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => opened.delete(socket));
      return socket.resume();
    };
    const asking = async (headers = '') => {
      const socket = open();
      const answered = once(socket, 'data');
      socket.write(`GET /healthz HTTP/1.1\r\nHost: a\r\n${headers}\r\n`);
      expect(String((await answered)[0])).toMatch(/^HTTP\/1\.1 200 .*keep-alive/s);
      return socket;
    };
    const left = (some: readonly Socket[]) => some.filter((socket) => opened.has(socket)).length;
    // The oldest of all, but let in.
    const known = await asking(`Authorization: Bearer ${admin}\r\n`);
    const strange: Socket[] = [];
    while (strange.length < 300) strange.push(...(await Promise.all(Array.from({ length: 50 }, () => asking()))));
    const headless = Array.from({ length: 3 }, open);
    headless[1]!.write('GET /healthz HT');
    headless[2]!.write('GET /healthz HTTP/1.1\r\nHost: a\r\nX: ');
    await until('those that send no head are given up', () => left(headless) === 0, 40_000);
    // 256 strangers may stay, as long as there were three more of them.
    await until('the oldest are ended', () => left(strange) === 253);
    expect([left(strange.slice(0, 40)), left([known])]).toEqual([0, 1]);
    for (const socket of opened) socket.destroy();
  });

  // Last: whoever asks directly has used up what strangers may ask.
  it('guessing tokens are slowed, in all ways of sending one together, and nobody else', async () => {
    const wrong = await statuses(300, () => ask('/api/v1/snapshot', as(mintToken())));
    expect(wrong).toEqual({ 401: 200, 429: 100 });
    const slowed = await ask('/api/v1/snapshot', { headers: { cookie: `wagewatch=${mintToken()}` } });
    expect(slowed.status).toBe(429);
    expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0);
    // Somebody else at this address, who has not signed in yet, can.
    expect((await ask('/api/v1/access/session')).status).toBe(200);
    // Other routes have counts of their own, and all together have one.
    const paths = ['/api/v1/alerts', '/api/v1/regions', '/api/v1/series', '/api/v1/nothing', '/api/v1/alerts.csv'];
    let refused = 0;
    for (const path of paths) refused += (await statuses(200, () => ask(path, as(mintToken()))))[429] ?? 0;
    expect(refused).toBeGreaterThan(150);
    // Balancers, pages and whoever is let in go on.
    for (const path of ['/healthz', '/readyz']) expect((await ask(path)).status).not.toBe(429);
    expect((await ask('/login')).status).not.toBe(429);
    expect(await statuses(300, () => ask('/api/v1/access/session', as(admin)))).toEqual({ 200: 300 });
  });
});
