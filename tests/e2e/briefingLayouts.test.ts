import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageRem } from '../../web/briefing/stage.ts';
import { takeChromium } from '../support/chromium.ts';
import { watchPage } from '../support/harnessPage.ts';
import { openIn, openPast, present, toolsGone } from './pictures/dresses.ts';
import { briefingOf, startShown } from './pictures/shown.ts';
import { cutTexts, mapNames, outsideTexts, textFaults } from './support/deckFaults.ts';

/**
 * Every page of a briefing of the demonstration, at all sizes, in both themes and languages, by itself, beside the time bar, compared,
 * followed and presented: nothing is outside, cut, small or on another, and each town of a map has its name. It takes minutes, and so
 * `npm run test:layouts` runs it; tests/e2e/briefing.test.ts and briefingPast.test.ts look at some of it always.
 */
const LONG = process.env['LAYOUTS'] === 'long';
const SIZES = [
  [1920, 1080],
  [3840, 2160],
  [1366, 768],
  [1024, 768],
  [1180, 820],
  [820, 1180],
] as const;
const DRESSES = ['zh', 'en'].flatMap((lang) => ['day', 'night'].map((theme) => ({ lang, theme })));
/** No text is smaller than 20 px at 1920 × 1080, and letters stay as large against other screens. */
const leastOn = (width: number, height: number) => 2 * pageRem(width, height);

let browser: Browser;
let shown: { url: string; stop: () => Promise<void> };
let id: string;
beforeAll(async () => {
  if (!LONG) return;
  [browser, shown] = await Promise.all([takeChromium(), startShown(() => undefined)]);
  ({ id } = await briefingOf(shown.url));
}, 600_000);
afterAll(async () => {
  await browser?.close();
  await shown?.stop();
});

/** What an observer of sizes still does after a screen has changed, and the pictures after that. */
const settle = (page: Page) =>
  page.evaluate(async () => {
    for (let i = 0; i < 4; i++)
      await new Promise((done) => {
        requestAnimationFrame(done);
      });
  });
async function resize(page: Page, width: number, height: number): Promise<void> {
  await page.setViewportSize({ width, height });
  await page.waitForTimeout(250);
  await settle(page);
}
/** @param small how much smaller letters may be: what is followed has the shape of 16:9 on each screen */
async function faultsOfPages(page: Page, least: number): Promise<string[]> {
  const found: string[] = [];
  await page.keyboard.press('Home');
  const n = Number(await page.getAttribute('.briefing', 'data-pages'));
  for (let i = 0; i < n; i++) {
    if (i > 0) await page.keyboard.press('PageDown');
    await settle(page);
    const name = (await page.getAttribute('.tile.on', 'data-tile'))!;
    const all = [
      ...(await page.evaluate(textFaults, least)),
      ...(await page.evaluate(cutTexts, '.tile.on .sheet')),
      ...(await page.evaluate(mapNames)),
    ];
    found.push(...all.map((fault) => `${name}: ${fault}`));
  }
  return found;
}
/** Opens a scene once, and looks at all of its pages at all sizes. */
async function atAllSizes(
  path: string,
  dress: (typeof DRESSES)[number],
  { begin, fixed = false }: { begin?: (page: Page) => Promise<unknown>; fixed?: boolean } = {},
): Promise<void> {
  const page = await openIn(browser, shown.url, path, { width: 1920, height: 1080, ...dress });
  const faults = watchPage(page, shown.url);
  await begin?.(page);
  await toolsGone(page);
  for (const [width, height] of SIZES) {
    await resize(page, width, height);
    faults.push(
      ...(await page.evaluate(cutTexts, '[data-timebar]')).map((fault) => `${width}×${height} time bar: ${fault}`),
    );
    const least = fixed ? 20 * Math.min(width / 1920, height / 1080) : leastOn(width, height);
    faults.push(...(await faultsOfPages(page, least)).map((fault) => `${width}×${height} ${fault}`));
  }
  expect(faults).toEqual([]);
  await page.context().close();
}

describe.runIf(LONG)('on every screen nothing is outside, cut, small, or on another', () => {
  it.each(DRESSES)('of its pages ($lang, $theme)', (dress) => atAllSizes(`/briefing/${id}`, dress), 300_000);

  it.each(DRESSES)(
    'of its pages of now ($lang, $theme)',
    (dress) => atAllSizes('/briefing/live?scope=330110&window=today&deck=daily', dress),
    300_000,
  );

  it.each(DRESSES)(
    'beside the time bar ($lang, $theme)',
    (dress) => atAllSizes(`/briefing/${id}`, dress, { begin: openPast }),
    300_000,
  );

  it.each(DRESSES)(
    'compared with the week before ($lang, $theme)',
    (dress) =>
      atAllSizes(`/briefing/${id}?vs=week`, dress, {
        begin: (page) => page.waitForSelector('[data-side="b"]', { state: 'attached' }),
      }),
    300_000,
  );

  it.each(DRESSES)(
    'of the overview, of what is kept, and of a list ($lang, $theme)',
    async (dress) => {
      const found: string[] = [];
      const page = await openIn(browser, shown.url, `/briefing/${id}?page=2`, { width: 1920, height: 1080, ...dress });
      const faults = watchPage(page, shown.url);
      const list = await openIn(browser, shown.url, '/briefing', { width: 1920, height: 1080, ...dress });
      faults.push(...watchPage(list, shown.url));
      for (const [width, height] of SIZES) {
        const note = (scene: string, all: string[]) => {
          found.push(...all.map((fault) => `${width}×${height} ${scene}: ${fault}`));
        };
        await resize(page, width, height);
        await page.keyboard.press('o');
        await settle(page);
        note('overview', await page.evaluate(cutTexts, '.pick, .left-out'));
        await page.keyboard.press('o');
        await page.click('.tile.on [data-figure="open"]');
        await page.waitForSelector('[data-total]');
        await settle(page);
        note('list', await page.evaluate(outsideTexts, 'aside'));
        await page.keyboard.press('Escape');
        await page.waitForSelector('[data-total]', { state: 'detached' });
        await page.keyboard.press('c');
        await page.waitForSelector('dialog');
        await settle(page);
        note('comparison', [
          ...(await page.evaluate(cutTexts, 'dialog')),
          ...(await page.evaluate(outsideTexts, 'dialog')),
        ]);
        await page.keyboard.press('Escape');
        await page.waitForSelector('dialog', { state: 'detached' });
        await resize(list, width, height);
        note('kept', await list.evaluate(cutTexts, '#app'));
        note('kept', await list.evaluate(outsideTexts, '#app'));
      }
      expect([...faults, ...found]).toEqual([]);
      await page.context().close();
      await list.context().close();
    },
    300_000,
  );

  it('followed, and from the presenter’s view', async () => {
    const presented = await present(browser, shown.url, id);
    for (const dress of DRESSES) {
      const begin = (page: Page) => page.waitForSelector('[data-pointer]');
      const found: string[] = [];
      const page = await openIn(browser, shown.url, `/briefing/${id}?follow=on`, {
        width: 1920,
        height: 1080,
        ...dress,
      });
      const faults = watchPage(page, shown.url);
      await begin(page);
      const view = await openIn(browser, shown.url, `/briefing/${id}/presenter`, {
        width: 1920,
        height: 1080,
        ...dress,
      });
      faults.push(...watchPage(view, shown.url));
      await view.waitForSelector('[data-mine="true"][data-link="live"]');
      for (const [width, height] of SIZES) {
        const note = (scene: string, all: string[]) => {
          found.push(...all.map((fault) => `${width}×${height} ${dress.lang} ${dress.theme} ${scene}: ${fault}`));
        };
        await resize(page, width, height);
        note('followed', await page.evaluate(textFaults, 20 * Math.min(width / 1920, height / 1080)));
        note('followed', await page.evaluate(mapNames));
        await resize(view, width, height);
        const own = 'header, nav, h2, .notes, footer';
        note('presenter', await view.evaluate(cutTexts, own));
        note('presenter', await view.evaluate(outsideTexts, own));
      }
      expect([...faults, ...found]).toEqual([]);
      await page.context().close();
      await view.context().close();
    }
    await presented.context().close();
  }, 300_000);
});
