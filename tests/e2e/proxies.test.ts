import { rmSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../testing/browser.ts';
import { freePort } from '../../testing/freePort.ts';
import { raised } from '../support/events.ts';
import { startHaproxy, startNginx, startSwallowingProxy, type Proxy } from '../support/proxies.ts';
import { freshDataDir, post, SINGLE, startServer, type RunningServer } from '../support/server.ts';
import { headlineIs, live } from './support/wall.ts';

/** Issue 16, points 26 to 28: walls behind proxies as offices have them, real nginx and HAProxy as documented. */

const dataDir = freshDataDir();
let server: RunningServer;
let browser: Browser;
let serverPort: number;
const proxies: Proxy[] = [];
const kept = async <T extends Proxy>(proxy: Promise<T>): Promise<T> => {
  proxies.push(await proxy);
  return proxy;
};

beforeAll(async () => {
  [browser, server] = await Promise.all([
    launchChromium({ drawing: 'plain' }),
    startServer({ DATA_DIR: dataDir, PUBLIC_URL: 'http://wall.example:8099' }),
  ]);
  serverPort = Number(new URL(server.url).port);
  await post(server.url, raised(Date.now(), { alertId: 'PROXY-1' }), SINGLE);
});
afterAll(async () => {
  await browser.close();
  for (const proxy of proxies) await proxy.stop();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** A page, and how its live line goes. */
async function openPage(): Promise<{ page: Page; transports: string[] }> {
  const page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
  page.setDefaultTimeout(60_000);
  const transports: string[] = [];
  page.on('request', (request) => {
    const found = /\/socket\.io\/.*transport=(\w+)/.exec(request.url());
    if (found) transports.push(found[1]!);
  });
  page.on('websocket', () => transports.push('websocket'));
  return { page, transports };
}

describe('a proxy that swallows WebSockets', () => {
  it('costs one try, then the wall is live by polling, and so is the next page from its first try on', async () => {
    const proxy = await kept(startSwallowingProxy(serverPort));
    const { page, transports } = await openPage();
    await page.goto(`http://127.0.0.1:${proxy.port}/wall?window=all`);
    await live(page);
    await headlineIs(page, 'raised', 1);
    expect(transports[0]).toBe('websocket');
    expect(transports).toContain('polling');

    transports.length = 0;
    await page.reload();
    await live(page);
    expect(transports[0]).toBe('polling');
    await page.context().close();
  });

  it('is forgotten once WebSockets work', async () => {
    const { page, transports } = await openPage();
    await page.addInitScript(() => {
      if (sessionStorage.getItem('once') === null) localStorage.setItem('wagewatch.polling-first', '');
      sessionStorage.setItem('once', '');
    });
    await page.goto(`${server.url}/wall?window=all`);
    await live(page);
    await page.waitForFunction(() => localStorage.getItem('wagewatch.polling-first') === null);
    transports.length = 0;
    await page.reload();
    await live(page);
    expect(transports[0]).toBe('websocket');
    await page.context().close();
  });
});

describe.each([
  ['nginx', startNginx],
  ['HAProxy', startHaproxy],
] as const)('%s as documented, on a port of its own', (_name, start) => {
  it('carries the live line, and shows a page that comes back by itself while the server is away', async () => {
    const proxy = await kept(start(serverPort, await freePort()));
    const { page, transports } = await openPage();
    await page.goto(`http://localhost:${proxy.port}/wall?window=all`);
    await live(page);
    await headlineIs(page, 'raised', 1);
    expect(transports).toContain('websocket');
    await page.context().close();

    const away = await kept(start(await freePort(), await freePort()));
    const answer = await fetch(`http://127.0.0.1:${away.port}/wall`);
    expect([502, 503]).toContain(answer.status);
    expect(await answer.text()).toMatch(/http-equiv="refresh" content="10".*自动重试/s);
  });
});
