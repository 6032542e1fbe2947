import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../../testing/browser.ts';
import { takeChromium } from '../support/chromium.ts';
import { freePort } from '../../testing/freePort.ts';
import { PAGE_HEADER } from '../../contract/accessLimits.ts';
import { mintToken } from '../../server/access/secret.ts';
import { entry } from '../support/letIn.ts';
import { raised } from '../support/events.ts';
import { startHaproxy, startNginx, startSwallowingProxy, type Proxy } from '../support/proxies.ts';
import { freshDataDir, SINGLE, startServer, type RunningServer } from '../support/server.ts';
import { headlineIs, live } from './support/wall.ts';

/** Issue 16, points 26 to 28: walls behind proxies as offices have them, real nginx and HAProxy as documented. */

const dataDir = freshDataDir();
const [leader, source] = [mintToken(), mintToken()];
let server: RunningServer;
let browser: Browser;
let serverPort: number;
/** Of the address that people know, which leads to the proxy. */
let publicPort: number;
const proxies: Proxy[] = [];
const kept = async <T extends Proxy>(proxy: Promise<T>): Promise<T> => {
  proxies.push(await proxy);
  return proxy;
};

beforeAll(async () => {
  publicPort = await freePort();
  const file = join(dataDir, 'access.json');
  const tokens = [
    entry('leader', leader, { role: 'leader', scope: '330110' }),
    entry('source', source, { role: 'ingest', scope: '330110', trusted: true }),
  ];
  writeFileSync(file, JSON.stringify({ tokens }));
  [browser, server] = await Promise.all([
    takeChromium(),
    startServer({ DATA_DIR: dataDir, ACCESS_FILE: file, PUBLIC_URL: `http://wall.example:${publicPort}` }),
  ]);
  serverPort = Number(new URL(server.url).port);
  const sent = await fetch(`${server.url}/api/v1/events`, {
    method: 'POST',
    body: JSON.stringify(raised(Date.now(), { alertId: 'PROXY-1' })),
    headers: { authorization: `Bearer ${source}`, 'content-type': SINGLE },
  });
  expect(sent.status).toBe(202);
});
afterAll(async () => {
  await browser.close();
  for (const proxy of proxies) await proxy.stop();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Signs in by a token, which begins a session with a cookie. */
async function signIn(page: Page, origin: string): Promise<void> {
  const answer = await page.request.post(`${origin}/api/v1/access/session`, {
    data: { token: leader },
    headers: { [PAGE_HEADER]: '1' },
  });
  expect(answer.status()).toBeLessThan(300);
}

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
    await signIn(page, `http://127.0.0.1:${proxy.port}`);
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
    await signIn(page, server.url);
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
    await signIn(page, `http://localhost:${proxy.port}`);
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

describe('nginx that drops the port of the address', () => {
  const dropsPort = (text: string) => text.replace('$http_host', '$host');

  it('has its refusal shown on the screen and told in the log', async () => {
    const proxy = await kept(startNginx(serverPort, await freePort(), dropsPort));
    const { page } = await openPage();
    // As from another machine: on localhost a browser itself says that the page is ours.
    await page.route('**/*', (route) => {
      const headers = { ...route.request().headers() };
      delete headers['sec-fetch-site'];
      return route.continue({ headers });
    });
    await signIn(page, `http://localhost:${proxy.port}`);
    await page.goto(`http://localhost:${proxy.port}/wall`);
    await page.waitForSelector('[role="alert"]:has-text("page of another site")');
    expect(server.output()).toContain('another site');
    await page.context().close();
  });

  it('is let in under the address of PUBLIC_URL', async () => {
    const proxy = await kept(startNginx(serverPort, publicPort, dropsPort));
    const known = await launchChromium({
      drawing: 'plain',
      args: ['--host-resolver-rules=MAP wall.example 127.0.0.1'],
    });
    try {
      const page = await known.newPage();
      await page.goto(`http://wall.example:${proxy.port}/login`);
      const status = await page.evaluate(
        async ([token, header]) => {
          const answer = await fetch('/api/v1/access/session', {
            method: 'POST',
            body: JSON.stringify({ token }),
            headers: { 'content-type': 'application/json', [header]: '1' },
          });
          return answer.status;
        },
        [leader, PAGE_HEADER] as const,
      );
      expect(status).toBeLessThan(300);
      await page.goto(`http://wall.example:${proxy.port}/wall?window=all`);
      await live(page);
      await headlineIs(page, 'raised', 1);
    } finally {
      await known.close();
    }
  });
});
