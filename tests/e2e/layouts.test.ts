import { rmSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../testing/browser.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../contract/frame.ts';
import { MANY_TOWNS, manyAlerts, writeManyTowns } from '../support/manyTowns.ts';
import { freshDataDir, get, NDJSON, post, startServer, until, type RunningServer } from '../support/server.ts';
import { faultsOfBoxes } from './boxes.ts';
import { layoutFaults } from './support/layoutFaults.ts';
import { accessFaults, contrastFaults, live, openWall, type Wall } from './support/wall.ts';

/**
 * Every layout, computed from its boxes, with the real server: the demonstration, no data at all, data that is old. Without
 * WebGL, which takes no part in where things are (tests/e2e/map.test.ts draws); one page changes its size.
 */
const SIZES = [
  [1366, 768],
  [1920, 1080],
  [2560, 1080],
  [3840, 1080],
  [5760, 1080],
  [7680, 2160],
  [1080, 1920],
] as const;

let browser: Browser;
let demo: RunningServer;
let bare: RunningServer;

beforeAll(async () => {
  [browser, demo, bare] = await Promise.all([
    launchChromium({ drawing: 'plain' }),
    startServer({ DEMO: 'on', LOG_LEVEL: 'info' }),
    startServer(),
  ]);
  await until('the demonstration is there', () => demo.output().includes('history loaded'), 180_000);
}, 240_000);
afterAll(async () => {
  demo.child.kill('SIGCONT');
  await browser.close();
  await Promise.all([demo.stop(), bare.stop()]);
});

/** Two pictures after a change, and what an observer of sizes still does after them. */
const settle = (page: Page) =>
  page.evaluate(async () => {
    for (let i = 0; i < 3; i++)
      await new Promise((done) => {
        requestAnimationFrame(done);
      });
    await new Promise((done) => {
      setTimeout(done, 350);
    });
  });

async function faultsAt(page: Page, [width, height]: readonly [number, number]): Promise<string[]> {
  await page.setViewportSize({ width, height });
  await settle(page);
  const found = [...(await page.evaluate(layoutFaults)), ...(await page.evaluate(faultsOfBoxes, '.slot, header.bar'))];
  const lang = await page.evaluate(() => document.documentElement.lang);
  return found.map((fault) => `${width}×${height} ${lang}: ${fault}`);
}
async function faultsAtAll(page: Page, sizes: readonly (readonly [number, number])[] = SIZES): Promise<string[]> {
  const faults: string[] = [];
  for (const size of sizes) faults.push(...(await faultsAt(page, size)));
  return faults;
}

describe('nothing overlaps, leaves the screen, is cut without a word or scrolls', () => {
  it.each([
    ['zh', '30d'],
    ['en', 'all'],
  ])('with the demonstration (%s, %s), and then with data that is old', async (lang, window) => {
    const { page, faults } = await openWall(browser, demo.url, { lang, window });
    expect(await faultsAtAll(page)).toEqual([]);
    expect(await contrastFaults(page)).toEqual([]);
    expect(faults).toEqual([]);
    // The program stands still while its line stays open, as it does behind a dead router.
    demo.child.kill('SIGSTOP');
    await page.waitForSelector('[data-state="stale"]');
    expect(await faultsAtAll(page, lang === 'zh' ? SIZES.slice(0, 3) : SIZES.slice(3))).toEqual([]);
    expect(await contrastFaults(page)).toEqual([]);
    demo.child.kill('SIGCONT');
    await live(page);
    await page.context().close();
  });

  it('without any data, in both languages', async () => {
    const { page, faults } = await openWall(browser, bare.url, { window: 'year' });
    await page.waitForSelector('[data-state="empty"]');
    expect(
      await faultsAtAll(
        page,
        SIZES.filter((_, i) => i % 2 === 0),
      ),
    ).toEqual([]);
    await page.keyboard.press('l');
    expect(
      await faultsAtAll(
        page,
        SIZES.filter((_, i) => i % 2 === 1),
      ),
    ).toEqual([]);
    expect(await contrastFaults(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('with sixty towns of long names and many times the alerts, in both languages', async () => {
    const dataDir = freshDataDir();
    writeManyTowns(dataDir);
    const many = await startServer({ DATA_DIR: dataDir, REGION: MANY_TOWNS });
    try {
      const alerts = manyAlerts(4_000);
      expect(await post(many.url, alerts.map((event) => JSON.stringify(event)).join('\n'), NDJSON)).toMatchObject({
        status: 202,
        body: { rejectedTotal: 0 },
      });
      await until(
        'all is counted',
        async () =>
          (await get<Frame>(many.url, `/api/v1/snapshot?scope=${MANY_TOWNS}&window=all`)).totals.raised ===
          alerts.length,
      );
      const { page, faults } = await openWall(browser, many.url, { window: '30d' });
      expect(await faultsAtAll(page)).toEqual([]);
      await page.keyboard.press('l');
      expect(await faultsAtAll(page)).toEqual([]);
      expect(faults).toEqual([]);
      await page.context().close();
    } finally {
      await many.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });

  it('and axe objects to nothing on it, settings and help open, in both languages', async () => {
    const { page } = await openWall(browser, demo.url, { window: '30d' });
    for (const lang of ['zh-CN', 'en']) {
      await page.waitForFunction((wanted) => document.documentElement.lang === wanted, lang);
      expect(await accessFaults(page)).toEqual([]);
      for (const key of ['s', '?']) {
        await page.keyboard.press(key);
        await page.waitForSelector('.sheet > *');
        expect(await accessFaults(page)).toEqual([]);
        await page.keyboard.press('Escape');
        await page.waitForSelector('.sheet', { state: 'detached' });
      }
      await page.keyboard.press('l');
    }
    await page.context().close();
  });

  it('at a pixel ratio of 2, where 1920 × 1080 is 3840 × 2160', async () => {
    const wall: Wall = await openWall(browser, demo.url, { window: '24h' }, { deviceScaleFactor: 2 });
    expect(
      await faultsAtAll(wall.page, [
        [1920, 1080],
        [960, 540],
      ]),
    ).toEqual([]);
    expect(wall.faults).toEqual([]);
    await wall.page.context().close();
  });
});
