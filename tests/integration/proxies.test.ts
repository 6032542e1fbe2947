import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PairingWaiting, Pairing, Trail } from '../../contract/accessAdmin.ts';
import { entry } from '../support/letIn.ts';
import { mintToken } from '../../server/access/secret.ts';
import { startServer, until, type RunningServer } from '../support/server.ts';

/**
 * Issue 5, point 7: behind a proxy that is trusted, limits and trail see whoever sits behind it; what anybody else says
 * about their address is not believed. One machine has many loopback addresses: some are the proxy's, others strangers'.
 */

const PROXY = '127.0.0.2';
const STRANGER = '127.0.0.3';
const CLIENT = '10.20.30.40';
const API = '/api/v1/access';
const dir = mkdtempSync(join(tmpdir(), 'proxies-'));
const [admin, leader] = [mintToken(), mintToken()];
let server: RunningServer;
const sockets: Socket[] = [];

interface From {
  from: string;
  forwarded?: string;
  token?: string;
  body?: object;
}
/** A request whose connection comes from the loopback address `from`. */
function call<T>(
  method: string,
  path: string,
  { from, forwarded, token, body }: From,
): Promise<{ status: number; body: T }> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        hostname,
        port,
        path,
        method,
        localAddress: from,
        agent: false,
        headers: {
          ...(forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        answer.on('end', () => {
          resolve({ status: answer.statusCode!, body: (text ? JSON.parse(text) : undefined) as T });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body ? JSON.stringify(body) : undefined);
  });
}
/** The addresses on the trail for a deed, newest first. */
const trail = async (what: string) =>
  (await call<Trail>('GET', `${API}/trail?what=${what}&limit=200`, { from: '127.0.0.1', token: admin })).body.items.map(
    ({ from }) => from,
  );
const guess = (from: string, forwarded?: string, name = 'nobody') =>
  call('POST', `${API}/session`, {
    from,
    body: { name, password: 'wrong guess' },
    ...(forwarded === undefined ? {} : { forwarded }),
  });

beforeAll(async () => {
  const file = join(dir, 'access.json');
  writeFileSync(
    file,
    JSON.stringify({
      tokens: [
        entry('admin', admin, { role: 'admin', scope: '330110' }),
        entry('leader', leader, { role: 'leader', scope: '330110' }),
      ],
    }),
  );
  server = await startServer({ ACCESS_FILE: file, TRUSTED_PROXIES: `${PROXY},10.0.0.0/24` });
});
afterAll(async () => {
  for (const socket of sockets) socket.disconnect();
  await server.stop();
  rmSync(dir, { recursive: true });
});

describe('the address of whoever asks', () => {
  it("on the trail is the client's behind trusted proxies, and of anybody else that of the connection", async () => {
    // Another name each time, as what one name fails at from one address is one entry.
    await guess(PROXY, CLIENT, 'a');
    // What the client made up comes before what the proxy added; a second trusted proxy is passed over.
    await guess(PROXY, `1.1.1.1, ${CLIENT}`, 'b');
    await guess(PROXY, `1.1.1.1, ${CLIENT}:40001, 10.0.0.7:9000`, 'c');
    await guess(STRANGER, CLIENT, 'd');
    await guess(STRANGER, `${CLIENT}, ${PROXY}`, 'e');
    await guess(STRANGER, undefined, 'f');
    expect(await trail('session.fail')).toEqual([STRANGER, STRANGER, STRANGER, CLIENT, CLIENT, CLIENT]);
    const waits = async (from: string, forwarded: string) => {
      const {
        body: { code },
      } = await call<Pairing>('POST', `${API}/pairings`, { from, forwarded });
      return (await call<PairingWaiting>('GET', `${API}/pairings/${code}`, { from: '127.0.0.1', token: admin })).body
        .from;
    };
    expect([await waits(PROXY, CLIENT), await waits(STRANGER, CLIENT)]).toEqual([CLIENT, STRANGER]);
  });

  it('is the same for the live connection', async () => {
    for (const localAddress of [PROXY, STRANGER]) {
      const socket = io(`${server.url}/wall`, {
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
        auth: { token: leader },
        extraHeaders: { 'x-forwarded-for': `1.1.1.1, ${CLIENT}` },
        localAddress,
      } as object);
      sockets.push(socket);
      await new Promise<void>((resolve, reject) => {
        socket.on('connect', resolve);
        socket.on('connect_error', reject);
      });
      await until(
        'it may watch',
        async () => 'frame' in ((await socket.emitWithAck('watch', { scope: '330110', window: '24h' })) as object),
      );
    }
    expect(await trail('wall.watch')).toEqual([STRANGER, CLIENT]);
  });

  it("is what guesses and pairings are counted by: one client's do not use up another's, and lying gains nothing", async () => {
    const statuses = async (n: number, one: (i: number) => Promise<{ status: number }>) => {
      const all = [];
      for (let i = 0; i < n; i++) all.push((await one(i)).status);
      return all;
    };
    const guesses = (from: string, forwarded: (i: number) => string) => statuses(6, (i) => guess(from, forwarded(i)));
    expect(await guesses(PROXY, () => '10.20.30.50')).toEqual([401, 401, 401, 401, 401, 429]);
    expect((await guess(PROXY, '10.20.30.51')).status).toBe(401);
    // The port is no address, and a subscriber of IPv6 has a /64 of them.
    expect((await guesses(PROXY, (i) => `203.0.113.10:${40_001 + i}`)).at(-1)).toBe(429);
    expect((await guesses(PROXY, (i) => `[2001:db8:7:7::${i + 1}]:443`)).at(-1)).toBe(429);
    expect((await guess(PROXY, '2001:db8:7:8::1')).status).toBe(401);
    // Another made-up address each time: it is one connection's address that counts, or the one that the proxy saw.
    expect((await guesses('127.0.0.4', (i) => `10.20.31.${i}`)).at(-1)).toBe(429);
    const pairings = (from: string, forwarded: (i: number) => string) =>
      statuses(11, (i) => call('POST', `${API}/pairings`, { from, forwarded: forwarded(i) }));
    expect((await pairings(PROXY, () => '10.20.30.70')).filter((status) => status === 429)).toHaveLength(1);
    expect((await call('POST', `${API}/pairings`, { from: PROXY, forwarded: '10.20.30.71' })).status).toBe(201);
    expect((await pairings('127.0.0.5', (i) => `10.20.32.${i}`)).filter((status) => status === 429)).toHaveLength(1);
  });

  it("is what strangers' requests are counted by", async () => {
    const flood = async (from: string, forwarded: (i: number) => string) => {
      const answers = await Promise.all(
        Array.from({ length: 220 }, (_, i) => call('GET', `${API}/session`, { from, forwarded: forwarded(i) })),
      );
      return answers.filter(({ status }) => status === 429).length;
    };
    expect(await flood(PROXY, () => '10.20.30.80')).toBe(20);
    expect((await call('GET', `${API}/session`, { from: PROXY, forwarded: '10.20.30.81' })).status).toBe(200);
    expect(await flood('127.0.0.6', (i) => `10.20.33.${i}`)).toBe(20);
    // Two hundred clients behind the proxy: nobody is held back.
    expect(await flood(PROXY, (i) => `10.20.34.${i}`)).toBe(0);
  });
});
