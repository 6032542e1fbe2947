import { rmSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { takeChromium } from '../support/chromium.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { raised } from '../support/events.ts';
import { freshDataDir, NDJSON, post, SINGLE, startServer, type RunningServer } from '../support/server.ts';
import { makeWorkload } from '../support/workload.ts';
import { headline, headlineIs, live, openWall } from './support/wall.ts';

/** A wall whose server dies: it says so, keeps its figures, and comes back by itself. */

const dataDir = freshDataDir();
let server: RunningServer;
let browser: Browser;

const work = makeWorkload({ events: 1_000, duplicates: 0, disorder: 0 });

beforeAll(async () => {
  [browser, server] = await Promise.all([takeChromium(), startServer({ DATA_DIR: dataDir })]);
  await post(server.url, work.arriving.map((event) => JSON.stringify(event)).join('\n'), NDJSON);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

it('says that the server is gone, keeps the last figures, and shows new ones when it is there again', async () => {
  const { url } = server;
  const { page, faults } = await openWall(browser, url, { window: 'all' });
  const before = work.expected.raised;
  await headlineIs(page, 'raised', before);
  await page.evaluate(() => {
    Object.assign(window, { stayed: true });
  });

  // As a power cut would, twice: the second time while the page has hardly caught its breath.
  for (let time = 1; time <= 2; time++) {
    await server.kill('SIGKILL');
    await page.waitForSelector('[data-health="reconnecting"]');
    expect(await page.innerText('[data-health]')).toContain('重连中');
    expect(await headline(page, 'raised')).toBe(before + time - 1);
    if (time === 1) {
      // After a while the figures are old, and the screen says of when.
      await page.waitForSelector('[data-state="stale"]');
      expect(await page.innerText('.stale[role="alert"]')).toMatch(/\d{4}-\d\d-\d\d 周. \d\d:\d\d:\d\d/);
    }
    server = await startServer({ DATA_DIR: dataDir, PORT: new URL(url).port });
    expect(server.url).toBe(url);
    await live(page);
    await page.waitForSelector('[data-state="normal"]');
    expect(await page.locator('.stale[role="alert"]').count()).toBe(0);
    // The picture is a live one, not only said to be.
    expect(await post(url, raised(Date.now(), { alertId: `R-${time}` }), SINGLE)).toMatchObject({ status: 202 });
    await headlineIs(page, 'raised', before + time);
  }

  expect(await page.evaluate(() => 'stayed' in window)).toBe(true);
  // A browser itself complains of a line that does not open; nothing else did.
  expect(
    faults.filter(
      (fault) => !/WebSocket connection|ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/.test(fault),
    ),
  ).toEqual([]);
});
