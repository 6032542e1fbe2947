import { rmSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { takeChromium } from '../support/chromium.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../contract/frame.ts';
import { parsePanels, seamsOf } from '../../web/shell/layout/seams.ts';
import { raised } from '../support/events.ts';
import { MANY_TOWNS, manyAlerts, writeManyTowns } from '../support/manyTowns.ts';
import { freshDataDir, get, NDJSON, post, SINGLE, startServer, until, type RunningServer } from '../support/server.ts';
import { faultsOfBoxes } from './boxes.ts';
import { outOfReach } from './support/dialogs.ts';
import { layoutFaults } from './support/layoutFaults.ts';
import { accessFaults, contrastFaults, live, openWall } from './support/wall.ts';
import { faultsOnSeams } from './support/wallFaults.ts';

/**
 * Every layout, computed from the boxes of all its texts, marks and labels, with the real server: nothing overlaps, is cut
 * without an ellipsis, leaves its place, or lies on a seam. Here, the district at every size, and each language, theme and
 * scene at some; `npm run test:layouts` has all of them at all. Without WebGL, which takes no part in where things are
 * (tests/e2e/map.test.ts draws).
 */
const LONG = process.env['LAYOUTS'] === 'long';

const SIZES = [
  [1366, 768],
  [1920, 1080],
  [3840, 2160],
  [2560, 1080],
  [3840, 1080],
  [5760, 1080],
  [1080, 1920],
  [390, 844],
] as const;
const PANELS = [
  ['3x1', 5760, 1080],
  ['2x2', 3840, 2160],
  ['2x1', 3840, 1080],
] as const;
type Size = readonly [width: number, height: number];
/** Every size where all are wanted; else every n-th from the k-th on, so that the scenes share them. */
const sizes = (k: number, n: number): readonly Size[] => (LONG ? SIZES : SIZES.filter((_, i) => i % n === k % n));
const LANGS = ['zh', 'en'] as const;
const THEMES = ['night', 'day', 'contrast'] as const;
type Dress = Readonly<{ lang: (typeof LANGS)[number]; theme: (typeof THEMES)[number] }>;
/** All pairs of language and theme where all are wanted; else those given, each of which another scene has in its place. */
const dresses = (...few: Dress[]): Dress[] =>
  LONG ? LANGS.flatMap((lang) => THEMES.map((theme) => ({ lang, theme }))) : few;
/** Walls on which the time bar is opened. */
const TIMED: { query: Record<string, string>; all: readonly Size[] }[] = LONG
  ? [
      ...dresses().map((query) => ({ query, all: SIZES })),
      ...LANGS.map((lang) => ({ query: { lang, distance: 'far' }, all: SIZES })),
      ...LANGS.flatMap((lang) =>
        PANELS.map(([panels, ...size]) => ({ query: { lang, panels, window: '30d' }, all: [size] as const })),
      ),
    ]
  : [{ query: { lang: 'en', theme: 'day' }, all: [SIZES[0], SIZES[4]] }];

let browser: Browser;
let demo: RunningServer;
let bare: RunningServer;
beforeAll(async () => {
  [browser, demo, bare] = await Promise.all([
    takeChromium(),
    startServer({ DEMO: 'on', DEMO_SCALE: '0.001', LOG_LEVEL: 'info' }),
    startServer(),
  ]);
  await until('the demonstration is there', () => demo.output().includes('history loaded'), 180_000);
}, 240_000);
afterAll(async () => {
  demo?.child.kill('SIGCONT');
  await browser?.close();
  await Promise.all([demo?.stop(), bare?.stop()]);
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

const ROOTS = '.slot, header.bar, .sentence-slot, footer.site, [data-timebar], [data-replay-banner]';
async function faultsNow(page: Page): Promise<string[]> {
  const found = [...(await page.evaluate(layoutFaults)), ...(await page.evaluate(faultsOfBoxes, ROOTS))];
  const panels = parsePanels(new URL(page.url()).searchParams.get('panels') ?? '');
  const { width, height } = page.viewportSize()!;
  if (panels) found.push(...(await page.evaluate(faultsOnSeams, seamsOf(panels, width, height))));
  const lang = await page.evaluate(() => document.documentElement.lang);
  return found.map((fault) => `${width}×${height} ${lang}: ${fault}`);
}
async function faultsAtAll(page: Page, all: readonly Size[]): Promise<string[]> {
  const faults: string[] = [];
  for (const [width, height] of all) {
    await page.setViewportSize({ width, height });
    await settle(page);
    faults.push(...(await faultsNow(page)));
  }
  return faults;
}
/** What is wrong on each of the pages that take turns in one place, whichever the clock is at. */
async function faultsOnPages(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const dot of await page.locator('.pages .dot').all()) {
    await dot.click();
    await settle(page);
    faults.push(...(await faultsNow(page)));
  }
  return faults;
}
/** Opens the time bar, and goes back to the frame before now. */
async function openPast(page: Page): Promise<void> {
  await page.keyboard.press('t');
  await page.waitForSelector('[data-track]');
  await page.waitForFunction(() => !/正在读取|Reading/.test(document.querySelector('[data-message]')!.textContent));
  await page.keyboard.press('ArrowLeft');
  await page.waitForSelector('[data-replay-banner][data-at]');
}
/** Texts in smaller letters. Runs in the page. */
const smallerThan = (px: number) =>
  [...document.querySelectorAll<HTMLElement>('.wall *')]
    .filter((element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent!.trim()))
    .filter((element) => !element.closest('.visually-hidden') && element.checkVisibility())
    .filter((element) => parseFloat(getComputedStyle(element).fontSize) < px)
    .map((element) => `${element.className} ${element.textContent}`);
/**
 * Opens a wall, judges it at some sizes, and closes it.
 * @param options.contrast whether contrast is judged, too: here of each theme once, and of scenes with colours of their own
 */
async function judge(
  url: string,
  query: Record<string, string>,
  all: readonly Size[],
  { more, contrast = LONG }: { more?: (page: Page) => Promise<void>; contrast?: boolean } = {},
): Promise<void> {
  const { page, faults } = await openWall(browser, url, query);
  if (query.theme !== undefined)
    expect(await page.evaluate(() => document.documentElement.dataset['theme'] ?? 'night')).toBe(query.theme);
  await more?.(page);
  expect(await faultsAtAll(page, all)).toEqual([]);
  if ('panels' in query) expect(await faultsOnPages(page)).toEqual([]);
  if (contrast) expect(await contrastFaults(page)).toEqual([]);
  expect(faults).toEqual([]);
  await page.context().close();
}

describe('nothing overlaps, leaves its place, is cut without a word or scrolls', () => {
  it.each(dresses({ lang: 'zh', theme: 'night' }, { lang: 'en', theme: 'day' }))(
    'with the demonstration: the district ($lang, $theme)',
    async ({ lang, theme }) => {
      const all = sizes(lang === 'zh' ? 0 : 1, 2);
      await judge(demo.url, { lang, theme, window: lang === 'zh' ? '30d' : 'all' }, all, { contrast: true });
    },
  );

  it.each(dresses({ lang: 'zh', theme: 'contrast' }))('one town of it ($lang, $theme)', async ({ lang, theme }) => {
    await judge(demo.url, { lang, theme, scope: '330110010', window: '7d' }, sizes(1, 3), { contrast: true });
  });

  it('in English, the title of a town and who must act at the worst are said whole', async () => {
    const { page, faults } = await openWall(browser, demo.url, { lang: 'en', scope: '330110010', window: '30d' });
    for (const [width, height] of [SIZES[1], SIZES[0]]) {
      await page.setViewportSize({ width, height });
      await settle(page);
      const name = page.locator('h1 .name');
      expect(await name.innerText()).toMatch(/^Yuhang › Liangzhu Subdistrict\s+Wage Arrears Monitor$/);
      expect(await name.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
    }
    await page.goto(`${demo.url}/wall?lang=en&rotate=off&quality=low`);
    const acting = page.locator('[data-worst] .line', { hasText: 'Acting' });
    expect(await acting.innerText()).not.toContain('Yuhang District');
    expect(await acting.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  // Here, one with seams beside each other, and one with seams in both directions.
  it.each(PANELS.filter(([panels]) => LONG || panels !== '2x1'))(
    'put together from %s screens',
    async (panels, width, height) => {
      for (const lang of LONG ? LANGS : ([panels === '2x2' ? 'en' : 'zh'] as const))
        await judge(demo.url, { lang, panels, window: '30d' }, [[width, height]]);
    },
  );

  it.each(TIMED)('with the past on show and the time bar open: $query', async ({ query, all }) => {
    const { page, faults } = await openWall(browser, demo.url, { window: '30d', ...query });
    await openPast(page);
    expect(await faultsAtAll(page, all)).toEqual([]);
    expect(await contrastFaults(page)).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('read from afar, nothing smaller than 22 px at 1080 lines, and from near, against what the shape says', async () => {
    await judge(demo.url, { distance: 'far', window: '30d' }, LONG ? SIZES : [SIZES[1]], {
      more: async (page) => {
        expect(await page.evaluate(smallerThan, 22)).toEqual([]);
      },
    });
    const wide = [
      [3840, 1080],
      [5760, 1080],
    ] as const;
    await judge(demo.url, { distance: 'near', window: '30d', lang: 'en' }, LONG ? wide : [wide[0]]);
  });

  it('with a duty line, an announcement and a long name of the site', async () => {
    const site = {
      leader: '某甲',
      officer: '某乙',
      phone: '0571-0000 0000',
      announcement: `<img src=x onerror=alert(1)>${'今日十六时召开调度会，'.repeat(8)}`.slice(0, 120),
      name: '某某区根治欠薪工作领导小组办公室',
    };
    const set = (body: object) =>
      fetch(`${demo.url}/api/v1/regions/330110/site`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await set(site)).status).toBe(200);
    try {
      const { page, faults } = await openWall(browser, demo.url, { window: '30d' });
      await page.waitForSelector('footer.site');
      // Text is text, whatever it says.
      expect(await page.innerText('footer.site')).toContain('<img src=x onerror=alert(1)>');
      expect(await page.locator('footer.site img').count()).toBe(0);
      expect(await faultsAtAll(page, LONG ? SIZES : [SIZES[1], SIZES[6]])).toEqual([]);
      expect(faults).toEqual([]);
      await page.context().close();
    } finally {
      await set({});
    }
  });

  it('with data that is old', async () => {
    const { page, faults } = await openWall(browser, demo.url, { window: '30d' });
    // The program stands still while its line stays open, as it does behind a dead router.
    demo.child.kill('SIGSTOP');
    try {
      await page.waitForSelector('[data-state="stale"]');
      expect(await faultsAtAll(page, sizes(3, 4))).toEqual([]);
      expect(await contrastFaults(page)).toEqual([]);
    } finally {
      demo.child.kill('SIGCONT');
    }
    await live(page);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it.each(dresses({ lang: 'en', theme: 'night' }))('without any data ($lang, $theme)', async ({ lang, theme }) => {
    await judge(bare.url, { lang, theme, window: 'year' }, sizes(0, 3));
  });

  // After those that want no data: it is the first that this server is told.
  it('during an alarm, and at rest after it', async () => {
    const { page, faults } = await openWall(browser, bare.url, { window: '30d' });
    await post(
      bare.url,
      raised(Date.now(), { alertId: 'L-1', tier: 'red', location: { lng: 119.97, lat: 30.37 } }),
      SINGLE,
    );
    await page.waitForSelector('[data-alarm]');
    await settle(page);
    const inside = await page.evaluate(() => {
      const { left, top, right, bottom } = document.querySelector('[data-alarm]')!.getBoundingClientRect();
      return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
    });
    expect(inside).toBe(true);
    await page.keyboard.press('Escape');
    await page.waitForSelector('[data-alarm]', { state: 'detached' });
    expect(await faultsAtAll(page, sizes(2, 4))).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('of a city', async () => {
    const city = await startServer({ REGION: '330100' });
    try {
      const alerts = Array.from({ length: 60 }, (_, i) => {
        const made = raised(Date.now() - 60_000 * (i + 1), {
          alertId: `C-${i}`,
          town: i % 3 === 0 ? '330102001' : '330110010',
          tier: i % 5 === 0 ? 'orange' : 'yellow',
        });
        return { ...made, data: { ...made.data, region: made.data.town.slice(0, 6) } };
      });
      await post(city.url, alerts);
      await until(
        'all are counted',
        async () => (await get<Frame>(city.url, '/api/v1/snapshot?window=30d')).totals.raised === alerts.length,
      );
      for (const lang of LONG ? LANGS : (['en'] as const)) await judge(city.url, { lang, window: '30d' }, sizes(1, 4));
    } finally {
      await city.stop();
    }
  });

  it('with sixty towns of long names and many times the alerts, in both languages', async () => {
    const dataDir = freshDataDir();
    writeManyTowns(dataDir);
    const many = await startServer({ DATA_DIR: dataDir, REGION: MANY_TOWNS });
    try {
      const alerts = manyAlerts(LONG ? 4_000 : 1_500);
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
      expect(await faultsAtAll(page, sizes(0, 8))).toEqual([]);
      await page.keyboard.press('l');
      expect(await faultsAtAll(page, sizes(6, 8))).toEqual([]);
      // So many are counted by town; a press on a count shows that town, where they are told apart.
      await page.setViewportSize({ width: 1920, height: 1080 });
      await page.waitForSelector('[data-cluster]');
      await settle(page);
      const { town, x, y } = await page.evaluate(() => {
        const row = document.querySelector<HTMLElement>('[data-cluster]')!;
        const { left, right, top, bottom } = row.getBoundingClientRect();
        return { town: row.dataset.cluster!, x: (left + right) / 2, y: (top + bottom) / 2 };
      });
      await page.mouse.click(x, y);
      await page.waitForSelector(`.wall[data-scope="${town}"]`);
      expect(new URL(page.url()).searchParams.get('scope')).toBe(town);
      expect(faults).toEqual([]);
      await page.context().close();
    } finally {
      await many.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  });

  it('at a pixel ratio of 2, where 1920 × 1080 is 3840 × 2160', async () => {
    const { page, faults } = await openWall(browser, demo.url, { window: '24h' }, { deviceScaleFactor: 2 });
    expect(await faultsAtAll(page, [[960, 540]])).toEqual([]);
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

describe('whoever does not see well', () => {
  it('is helped as axe wants it, settings and help open, in both languages', async () => {
    const { page } = await openWall(browser, demo.url, { window: '30d' });
    for (const lang of ['zh-CN', 'en']) {
      await page.waitForFunction((wanted) => document.documentElement.lang === wanted, lang);
      if (LONG || lang === 'zh-CN') expect(await accessFaults(page)).toEqual([]);
      // Each sheet in one language, or in both where all is wanted.
      for (const key of LONG ? ['s', '?'] : [lang === 'en' ? '?' : 's']) {
        await page.keyboard.press(key);
        await page.waitForSelector('.sheet > *');
        expect(await accessFaults(page)).toEqual([]);
        // On a low screen, too, the way out is in sight.
        await page.setViewportSize({ width: 1366, height: 768 });
        await settle(page);
        expect(await page.evaluate(outOfReach, '.close')).toEqual([]);
        await page.setViewportSize({ width: 1920, height: 1080 });
        await page.keyboard.press('Escape');
        await page.waitForSelector('.sheet', { state: 'detached' });
      }
      await page.keyboard.press('l');
    }
    await page.context().close();
  });

  it('reads the wall in high contrast, where the system asks for it', async () => {
    const { page } = await openWall(browser, demo.url, { window: '30d' }, { contrast: 'more' });
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('contrast');
    // Chosen by hand, it is judged above.
    if (LONG) expect(await contrastFaults(page)).toEqual([]);
    await page.context().close();
  });
});
