import { rmSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { takeChromium } from '../support/chromium.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { raised } from '../support/events.ts';
import { freshDataDir, post, SINGLE, startServer, type RunningServer } from '../support/server.ts';
import { live } from './support/wall.ts';

/** Issue 16, points 28 and 29: a page of which something did not come is loaded anew by itself, once the server is there. */

const dataDir = freshDataDir();
let server: RunningServer;
let browser: Browser;
beforeAll(async () => {
  [browser, server] = await Promise.all([takeChromium(), startServer({ DATA_DIR: dataDir })]);
  await post(server.url, raised(Date.now(), { alertId: 'BOOT-1' }), SINGLE);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** A page for which requests of some paths fail as often as told. */
async function pageFailing(
  path: RegExp,
  times: number,
  how: 'refused' | 502 | 404,
): Promise<{ page: Page; failed: () => number }> {
  const page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
  // Drawn in software on a busy machine, a page takes its time.
  page.setDefaultTimeout(55_000);
  let failed = 0;
  await page.route(path, async (route) => {
    if (failed >= times) return route.continue();
    failed++;
    if (how === 'refused') return route.abort('connectionrefused');
    return route.fulfill({ status: how, contentType: 'text/html', body: 'Bad gateway' });
  });
  return { page, failed: () => failed };
}

it.each<[what: string, path: RegExp, how: 'refused' | 502 | 404]>([
  ['its entry is refused', /\/assets\/index-[^/]*\.js$/, 'refused'],
  ['its entry is a page of a proxy', /\/assets\/index-[^/]*\.js$/, 502],
  ['its style is gone', /\/assets\/index-[^/]*\.css$/, 404],
  ['the style of its screen is gone', /\/assets\/WallScreen-[^/]*\.css$/, 404],
  ['its screen is refused', /\/assets\/WallScreen-[^/]*\.js$/, 'refused'],
  ['a panel is refused', /\/assets\/TrendPanel-[^/]*\.js$/, 'refused'],
])('comes back when %s twice', async (_what, path, how) => {
  const { page, failed } = await pageFailing(path, 2, how);
  await page.goto(`${server.url}/wall?window=all`);
  await live(page);
  await page.waitForSelector('[data-slot="trend"] .chart-box');
  expect(failed()).toBe(2);
  expect(await page.evaluate(() => document.styleSheets.length)).toBeGreaterThan(1);
  await page.context().close();
});

it('comes back when the layer over the wall did not come', async () => {
  const { page, failed } = await pageFailing(/\/assets\/DrillLayer-[^/]*\.js$/, 1, 'refused');
  await page.goto(`${server.url}/wall?window=all`);
  await live(page);
  await page.click('[data-slot="stages"] .press');
  // Loaded anew, the page opens what was asked for.
  await page.waitForSelector('.layer');
  expect(failed()).toBe(1);
  await page.context().close();
});

it('says that it is loaded again, and waits while the server does not answer', async () => {
  const { page } = await pageFailing(/\/assets\/index-[^/]*\.js$/, 1, 'refused');
  let healthy = false;
  let asked = 0;
  await page.route('**/healthz', (route) => {
    asked++;
    return healthy ? route.continue() : route.fulfill({ status: 502, body: 'Bad gateway' });
  });
  await page.goto(`${server.url}/wall`);
  await page.waitForSelector('#app.booting');
  expect(await page.innerText('#app')).toMatch(/正在重新载入.*Loading the page again/);
  await expect.poll(() => asked, { timeout: 20_000 }).toBeGreaterThan(1);
  expect(
    await page.evaluate(() => (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).type),
  ).toBe('navigate');
  healthy = true;
  await live(page);
  await page.context().close();
});

it('asks for each of its files once, and the browser has nothing to say against how', async () => {
  const page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
  page.setDefaultTimeout(55_000);
  const asked: string[] = [];
  const said: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  page.on('console', (message) => said.push(message.text()));
  await page.goto(`${server.url}/wall?window=all`);
  await live(page);
  await page.waitForSelector('[data-slot="trend"] .chart-box');
  const files = asked.filter((path) => path.startsWith('/assets/') && /\.(css|js)$/.test(path)).sort();
  expect(files.some((path) => /\/WallScreen-[^/]*\.css$/.test(path))).toBe(true);
  expect(files).toEqual([...new Set(files)]);
  expect(said.filter((text) => /preload/i.test(text))).toEqual([]);
  await page.context().close();
});

it('has its first figures after few files, with nothing in them that other pages need', async () => {
  const page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
  page.setDefaultTimeout(55_000);
  await page.goto(`${server.url}/wall?window=all`);
  await live(page);
  const files = await page.evaluate(() => {
    const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
    // The later panels are asked for once the figures are drawn.
    const later = Math.min(...entries.filter(({ name }) => /Panel-[^/]*\.js$/.test(name)).map((one) => one.startTime));
    // At the end of a name are eight letters made of the content, a dash perhaps among them.
    return entries
      .filter(({ name, startTime }) => name.endsWith('.js') && startTime < later)
      .map(({ name, decodedBodySize }) => ({ name: name.replace(/.*\/|-.{8}\.js$/g, ''), size: decodedBodySize }));
  });
  expect([...new Set(files.map(({ name }) => name))].sort()).toEqual(
    expect.arrayContaining(['WallScreen', 'common', 'index', 'vue']),
  );
  expect(files.length).toBeLessThanOrEqual(8);
  expect(files.map(({ name }) => name)).not.toContain('pages');
  expect(files.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(460_000);
  await page.context().close();
});
