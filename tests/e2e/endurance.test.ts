import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { takeChromium } from '../support/chromium.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Display } from '../../contract/accessAdmin.ts';
import type { Frame } from '../../contract/frame.ts';
import { DAY_MS } from '../../common/regionTime.ts';
import { Directory } from '../../server/access/directory.ts';
import { hashToken, mintToken } from '../../server/access/secret.ts';
import { createAccessStore } from '../../server/access/store/accessStore.ts';
import { createRedis } from '../../server/platform/redis/connect.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { raised } from '../support/events.ts';
import { endOf } from '../../testing/endOf.ts';
import { freePort } from '../../testing/freePort.ts';
import { freshDir, startRaw, type RawRedis } from '../../testing/rawRedis.ts';
import { listeningLog } from '../support/listeningLog.ts';
import { BATCH, startServer, until, type RunningServer } from '../support/server.ts';
import { live } from './support/wall.ts';

/**
 * Issue 5: a paired display survives a restart of the server, of Redis, and clocks that are wrong by a day: the server's,
 * ahead and behind, and its own. Real Chromium; a kiosk, as that needs no WebGL.
 */

const TOWN = '330110010';
const COOKIE = 'wagewatch';
const dir = mkdtempSync(join(tmpdir(), 'endurance-'));
const redisDir = freshDir();
const clockFile = join(dir, 'clock');
const admin = mintToken();
const { log } = listeningLog();
let raw: RawRedis;
let server: RunningServer;
let browser: Browser;
let context: BrowserContext;
let screen: Page;
let env: Record<string, string>;
let sent = 0;

const setClock = (ms: number) => {
  writeFileSync(clockFile, String(ms));
};
const startDurable = (port: number) =>
  startRaw({ port, dir: redisDir, args: ['--appendonly', 'yes', '--appendfsync', 'always'] });
const ask = (path: string, init: RequestInit = {}) =>
  fetch(`${server.url}${path}`, {
    ...init,
    headers: {
      authorization: `Bearer ${admin}`,
      'content-type': 'application/json',
      ...(init.headers as Record<string, string>),
    },
  });
const serverNow = async () => Date.parse(((await (await ask('/api/v1/snapshot')).json()) as Frame).at);
const cookie = async () => (await context.cookies()).find(({ name }) => name === COOKIE)!;
const display = async () => ((await (await ask('/api/v1/access/displays')).json()) as { items: Display[] }).items[0]!;

/** One more alert comes in, and the screen counts it. */
async function another(): Promise<void> {
  const event = raised(Date.now() - 2 * DAY_MS, { alertId: `E${++sent}`, town: TOWN, tier: 'yellow' });
  await until(
    'the server takes it',
    async () =>
      (
        await ask('/api/v1/events', {
          method: 'POST',
          body: JSON.stringify([event]),
          headers: { 'content-type': BATCH },
        })
      ).status === 202,
  );
  await shows(sent);
}
async function shows(count: number): Promise<void> {
  await screen.waitForFunction(
    (wanted) => document.querySelector('[data-term="all"] b')?.textContent === String(wanted),
    count,
  );
  await live(screen);
}
/** As the display's PC does after a power cut. */
async function reload(): Promise<void> {
  await screen.reload();
  await shows(sent);
}
async function restart(): Promise<void> {
  await server.kill('SIGTERM');
  server = await startServer(env);
  await reload();
}
/** The server's clock is off by so much from now on, and it has told the time. */
async function clockIs(off: number): Promise<void> {
  setClock(off);
  await until('the server has that time', async () => Math.abs((await serverNow()) - Date.now() - off) < 60_000);
}

beforeAll(async () => {
  setClock(0);
  const accessFile = join(dir, 'access.json');
  writeFileSync(
    accessFile,
    JSON.stringify({ tokens: [{ name: 'admin', role: 'admin', scope: '330110', hash: hashToken(admin) }] }),
  );
  raw = await startDurable(await freePort());
  env = {
    REDIS_URL: `redis://127.0.0.1:${raw.port}`,
    PORT: String(await freePort()),
    ACCESS_FILE: accessFile,
    CLOCK_FILE: clockFile,
    NODE_OPTIONS: `--import=${pathToFileURL(join(PROJECT_ROOT, 'tests/support/clock.mjs')).href}`,
    DATA_DIR: dir,
  };
  [browser, server] = await Promise.all([takeChromium(), startServer(env)]);
  context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  // The screen's own clock is a day slow.
  await context.addInitScript(`{
    const now = Date.now;
    Date = class extends Date {
      constructor(...given) { if (given.length) super(...given); else super(now() - ${DAY_MS}); }
      static now() { return now() - ${DAY_MS}; }
    };
  }`);
  screen = await context.newPage();
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await raw.stop();
  rmSync(dir, { recursive: true, force: true });
});

it('lasts', async () => {
  await screen.goto(`${server.url}/pair`);
  await screen.waitForSelector('[data-pairing="waiting"]');
  const code = (await screen.innerText('[data-code]')).replace(/\s/g, '');
  expect(
    (
      await ask(`/api/v1/access/pairings/${code}`, {
        method: 'POST',
        body: JSON.stringify({ name: '服务窗口', scope: TOWN, screen: 'kiosk' }),
      })
    ).status,
  ).toBe(201);
  await screen.waitForURL(`**/kiosk/${TOWN}`);
  await live(screen);
  await another();
  const paired = await cookie();

  // Redis goes. What is known stays on show, and whoever was let in still is, though the page be loaded anew.
  raw.child.kill('SIGKILL');
  await endOf(raw.child);
  await reload();
  raw = await startDurable(raw.port);
  await another();
  await until('it is seen again', async () => (await display()).online);
  expect((await cookie()).value).toBe(paired.value);

  // A day ahead. Just then its token, as if 100 days old, is due to be renewed.
  await clockIs(DAY_MS);
  await reload();
  const redis = createRedis({ kind: 'single', host: '127.0.0.1', port: raw.port, db: 0 }, { role: 'commands', log });
  const directory = new Directory(createAccessStore(redis), log);
  await directory.start();
  const [id] = directory.list('display')[0]!;
  await directory.change(() => {
    const record = directory.get('display', id)!;
    return [
      directory.edit('display', id, {
        ...record,
        tokens: record.tokens.map((token) => ({ ...token, issued: token.issued - 100 * DAY_MS })),
      }),
    ];
  });
  const renewed = await until('it has renewed its token', async () => {
    await reload();
    const now = await cookie();
    return now.value !== paired.value && now;
  });
  await reload();
  await until('the token before has ended', async () => {
    await directory.sync();
    return directory.get('display', id)!.tokens.length === 1;
  });
  await directory.stop();
  redis.disconnect();
  await another();

  // Right again, behind, and right again; with a restart of the server at each.
  for (const off of [0, -DAY_MS, 0]) {
    await clockIs(off);
    await shows(sent);
    await restart();
    if (off === 0) await another();
  }
  expect((await cookie()).value).toBe(renewed.value);
  expect(await display()).toMatchObject({ name: '服务窗口', online: true });
  // From the screen's PC, whose clock says what it says, months are left to renew it in.
  expect(Date.parse((await display()).expires!)).toBeGreaterThan(Date.now() + 179 * DAY_MS);
  expect(new URL(screen.url()).pathname).toBe(`/kiosk/${TOWN}`);
}, 120_000);
