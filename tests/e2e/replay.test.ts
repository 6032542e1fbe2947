import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Frame } from '../../contract/frame.ts';
import type { ShownWindow } from '../../contract/replayLimits.ts';
import { DAY_MS, floorTo, HOUR_MS, MINUTE_MS, toRfc3339 } from '../../common/regionTime.ts';
import { encodeShown } from '../../server/replay/shown/shownFile.ts';
import { createShownStore } from '../../server/replay/shown/shownStore.ts';
import { launchChromium } from '../../testing/browser.ts';
import { raised } from '../support/events.ts';
import { get, NDJSON, post, SINGLE, startServer, until, type RunningServer } from '../support/server.ts';
import { makeWorkload } from '../support/workload.ts';
import { headline, headlineIs, openWall } from './support/wall.ts';

/**
 * The past on the wall, in real Chromium against a real server: dragged, stepped, played; as shown then; and back to now. Without
 * WebGL, which takes no part in it. With
 * `REPLAY_MINUTES` it is also played for so long, and memory looked at (`npm run test:replay`: an hour).
 */

vi.setConfig({ testTimeout: 240_000 });
const TOWN = '330110010';
let server: RunningServer;
let browser: Browser;
let posted = 0;
/** The hour of which another figure was shown than is known today. */
let hour: number;
const RED_AGO = 25 * MINUTE_MS;

async function raise(tier: 'red' | 'yellow', at = Date.now()): Promise<string> {
  const alertId = `REPLAY-${++posted}`;
  const fields = { alertId, tier, town: TOWN, enterprise: { name: '某试验幕墙装饰工程有限公司' } };
  expect(await post(server.url, raised(at, fields), SINGLE)).toMatchObject({ body: { accepted: 1 } });
  return alertId;
}
const snapshot = (fields: Record<string, string>) =>
  get<Frame>(
    server.url,
    `/api/v1/snapshot?${new URLSearchParams({ scope: '330110', window: '30d', ...fields }).toString()}`,
  );

/** The instant that the banner tells, epoch ms; waits until there is one. */
async function instantOf(page: Page): Promise<number> {
  await page.waitForSelector('[data-replay-banner][data-at]');
  return Number(await page.getAttribute('[data-replay-banner]', 'data-at'));
}
async function movesFrom(page: Page, at: number): Promise<number> {
  await page.waitForFunction((before) => {
    const now = document.querySelector<HTMLElement>('[data-replay-banner]')?.dataset.at;
    return now !== undefined && Number(now) !== before;
  }, at);
  return instantOf(page);
}
/**
 * Waits until nobody drags and the frame of the playhead is on show. Until then the banner may tell an instant on the way, whose figures
 * are gone before they can be compared.
 */
const settled = (page: Page) =>
  page.waitForFunction(
    () =>
      document.querySelector('[data-track]:not(.dragged)') !== null &&
      document.querySelector('[data-replay-banner][data-at]') !== null &&
      !/正在读取|Reading/.test(document.querySelector('[data-message]')!.textContent),
  );
/** The figures on show are those that the server tells of that instant. */
async function checkFigures(page: Page): Promise<void> {
  await settled(page);
  const { totals } = await snapshot({ at: toRfc3339(await instantOf(page)) });
  await headlineIs(page, 'raised', totals.raised);
  await headlineIs(page, 'open', totals.open);
}
async function openBar(page: Page): Promise<void> {
  await page.keyboard.press('t');
  await page.waitForSelector('[data-timebar] [data-track]');
  await page.waitForFunction(() => !/正在读取|Reading/.test(document.querySelector('[data-message]')!.textContent));
}
/** Drags the playhead to a share of the bar, with stops on the way. */
async function drag(page: Page, to: number): Promise<void> {
  const box = (await page.locator('[data-track]').boundingBox())!;
  const y = box.y + box.height / 2;
  await page.mouse.move(box.x + box.width * 0.98, y);
  await page.mouse.down();
  for (let i = 1; i <= 6; i++) await page.mouse.move(box.x + box.width * (0.98 + ((to - 0.98) * i) / 6), y);
  await page.mouse.up();
  await settled(page);
}
const backToNow = async (page: Page) => {
  await page.keyboard.press('Escape');
  await page.waitForSelector('[data-replay-banner]', { state: 'detached' });
  await page.waitForSelector('[data-timebar]', { state: 'detached' });
  await page.waitForSelector('[data-health="live"]');
};
/** Boxes of the time bar that leave the screen, or lie over a panel. */
const barFaults = () => {
  const bar = document.querySelector('[data-timebar]')!.getBoundingClientRect();
  const faults: string[] = [];
  if (bar.left < 0 || bar.right > innerWidth + 0.5 || bar.bottom > innerHeight + 0.5)
    faults.push('the bar leaves the screen');
  for (const part of document.querySelectorAll<HTMLElement>('[data-timebar] button, [data-track]')) {
    const { left, right, top, bottom, height } = part.getBoundingClientRect();
    if (left < bar.left - 0.5 || right > bar.right + 0.5 || top < bar.top - 0.5 || bottom > bar.bottom + 0.5)
      faults.push(`${part.textContent.trim()} leaves the bar`);
    if (height < 15) faults.push(`${part.textContent.trim()} is ${height} high`);
  }
  if (document.querySelector('.layout-phone')) return faults;
  for (const slot of document.querySelectorAll<HTMLElement>('.slot')) {
    const { bottom, height } = slot.getBoundingClientRect();
    if (bottom > bar.top + 0.5) faults.push(`${slot.dataset.slot} lies under the bar`);
    if (height < 40) faults.push(`${slot.dataset.slot} has no size`);
  }
  if (document.documentElement.scrollHeight > innerHeight) faults.push('the page scrolls');
  return faults;
};

beforeAll(async () => {
  [browser, server] = await Promise.all([
    launchChromium({ drawing: 'plain', args: ['--autoplay-policy=no-user-gesture-required'] }),
    startServer(),
  ]);
  const now = Date.now();
  hour = floorTo(now, HOUR_MS) - 3 * HOUR_MS;
  const work = makeWorkload({ events: 2_000, duplicates: 0, disorder: 0 });
  const lines = work.arriving.map((event) => JSON.stringify(event).replace('"tier":"red"', '"tier":"yellow"'));
  // And one every ten minutes of the last day, so that each moment has its own figure.
  for (let i = 1; i <= 144; i++)
    lines.push(JSON.stringify(raised(now - i * 10 * MINUTE_MS, { alertId: `TEN-${i}`, tier: 'yellow', town: TOWN })));
  expect(await post(server.url, lines.join('\n'), NDJSON)).toMatchObject({ status: 202, body: { rejectedTotal: 0 } });
  await raise('red', now - RED_AGO);
  await until(
    'all is counted',
    async () => (await snapshot({ window: 'all' })).totals.raised === work.expected.raised + 145,
  );
  // What screens had at two hours: at the first, three alerts fewer than are known today; between them nothing was kept.
  const store = createShownStore(join(server.dataDir, 'files'), pino({ level: 'silent' }));
  for (const [at, fewer] of [
    [hour - 2 * HOUR_MS, 0],
    [hour, 3],
  ] as const) {
    const frame = await snapshot({ at: toRfc3339(at - 1) });
    frame.totals.raised -= fewer;
    frame.at = toRfc3339(at + 400);
    expect(
      await store.write(
        '330110',
        at,
        await encodeShown(new Map<ShownWindow, string>([['30d', JSON.stringify(frame)]])),
      ),
    ).toBe(true);
  }
}, 120_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
});

describe('the time bar', () => {
  it('is dragged, stepped and played on a large screen and a small one, and the figures are those of the instant', async () => {
    const { page, faults } = await openWall(browser, server.url, { window: '30d' });
    const all = [
      [1920, 1080],
      [390, 844],
      [1366, 768],
    ] as const;
    for (const [width, height] of process.env['LAYOUTS'] === 'long' ? all : all.slice(0, 2)) {
      await page.setViewportSize({ width, height });
      await openBar(page);
      await drag(page, 0.4);
      const first = await instantOf(page);
      // As far as the finger went: about 0.4 of a day.
      await until(
        'it is where it was dragged to',
        async () => Math.abs((await instantOf(page)) - (Date.now() - 0.6 * DAY_MS)) < HOUR_MS,
      );
      expect(first).toBeLessThan(Date.now());
      await checkFigures(page);
      expect(await page.innerText('[data-replay-banner]')).toContain('回放');
      const before = await instantOf(page);
      await page.keyboard.press('ArrowLeft');
      expect(await movesFrom(page, before)).toBe(before - 5 * MINUTE_MS);
      await page.click('[data-do="on"]');
      expect(await movesFrom(page, before - 5 * MINUTE_MS)).toBe(before);
      await checkFigures(page);
      await page.click('[data-speed="600"]');
      await page.keyboard.press('Space');
      await page.waitForFunction(
        (at) => Number(document.querySelector<HTMLElement>('[data-replay-banner]')!.dataset.at) >= at,
        before + 15 * MINUTE_MS,
      );
      await page.keyboard.press('Space');
      await page.waitForSelector('[data-do="play"][aria-pressed="false"]');
      await checkFigures(page);
      // What a frame of the past has not is said to be absent, and no panel breaks.
      expect(await page.textContent('[data-headline="overdue"] .said')).toContain('—');
      expect(await page.evaluate(barFaults)).toEqual([]);
      await backToNow(page);
    }
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('shows a red alert of the past, which rings nothing; what comes meanwhile is there at the return', async () => {
    const watch = `new MutationObserver(() => {
      if (document.querySelector('[data-alarm]')) window.alarmed = true;
    }).observe(document, { childList: true, subtree: true });
    speechSynthesis.speak = () => { window.alarmed = true; };`;
    const { page, faults } = await openWall(browser, server.url, { window: '30d', sound: 'on' }, {}, [watch]);
    const alarmed = () => page.evaluate(() => (window as unknown as { alarmed?: boolean }).alarmed === true);
    await openBar(page);
    await page.waitForSelector('[data-mark="red"]');
    // To the mark, and over it.
    await page.keyboard.press('[');
    const at = await instantOf(page);
    // The marks of a day are of an hour each: at the end of that hour, or just before now.
    expect(at).toBeGreaterThan(Date.now() - RED_AGO - 5 * MINUTE_MS);
    await checkFigures(page);
    await page.keyboard.press('Shift+ArrowLeft');
    await movesFrom(page, at);
    await page.click('[data-speed="600"]');
    await page.keyboard.press('Space');
    await page.waitForFunction(
      (until) => Number(document.querySelector<HTMLElement>('[data-replay-banner]')?.dataset.at) > until,
      Date.now() - RED_AGO + 8 * MINUTE_MS,
    );
    await page.keyboard.press('Space');
    await page.waitForSelector('[data-do="play"][aria-pressed="false"]');
    expect(await alarmed()).toBe(false);

    const then = await headline(page, 'raised');
    const now = (await snapshot({})).totals.raised;
    const id = await raise('yellow');
    await until('it is counted', async () => (await snapshot({})).totals.raised === now + 1);
    expect(await headline(page, 'raised')).toBe(then);
    // A list would be one of now: a press says so.
    await page.click('[data-headline="raised"] .main');
    expect(await page.innerText('[data-message]')).toContain('清单');
    await backToNow(page);
    await headlineIs(page, 'raised', now + 1);
    await page.waitForSelector(`[data-alert="${id}"]`);
    expect(await alarmed()).toBe(false);

    // A red one of now is an alarm also while the past is on show, and the bar counts it.
    await openBar(page);
    await page.keyboard.press('ArrowLeft');
    await instantOf(page);
    await raise('red');
    await page.waitForSelector('[data-alarm]');
    await page.waitForSelector('[data-news]');
    await backToNow(page);
    await headlineIs(page, 'raised', now + 2);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('shows what was shown then, says what is missing, and both values of a figure that was corrected', async () => {
    const { page, faults } = await openWall(browser, server.url, { window: '30d' });
    await openBar(page);
    const seek = async (to: number) => {
      const box = (await page.locator('[data-track]').boundingBox())!;
      await page.mouse.click(box.x + box.width * (1 - (Date.now() - to) / DAY_MS), box.y + box.height / 2);
      for (;;) {
        const at = await instantOf(page);
        if (at === to) break;
        await page.keyboard.press(at < to ? 'ArrowRight' : 'ArrowLeft');
        await movesFrom(page, at);
      }
    };
    await seek(hour);
    const facts = await snapshot({ at: toRfc3339(hour) });
    await headlineIs(page, 'raised', facts.totals.raised);
    const known = (await snapshot({ at: toRfc3339(hour - 1) })).totals.raised;
    const other = page.locator('[data-headline="raised"] .foot.corrected');
    await other.waitFor();
    expect((await other.innerText()).replaceAll(',', '')).toContain(`当时显示 ${known - 3} `);

    await page.click('[data-kind="shown"]');
    await headlineIs(page, 'raised', known - 3);
    expect(await page.innerText('[data-replay-banner]')).toContain('当时显示');
    await page.waitForFunction(
      (value) =>
        document
          .querySelector('[data-headline="raised"] .foot.corrected')
          ?.textContent.replaceAll(',', '')
          .includes(`今日口径 ${value} `),
      known,
    );
    // The hour before was not kept.
    await page.keyboard.press('ArrowLeft');
    await page.waitForFunction(() => document.querySelector('[data-message]')?.textContent.includes('没有留存'));
    expect(await instantOf(page)).toBe(hour - HOUR_MS);
    expect(await page.locator('[data-headline="raised"]').count()).toBe(0);
    await page.keyboard.press('ArrowLeft');
    await headlineIs(page, 'raised', (await snapshot({ at: toRfc3339(hour - 2 * HOUR_MS - 1) })).totals.raised);
    expect(await other.count()).toBe(0);
    // A window that is not kept shows today's facts, and says why.
    await page.keyboard.press('0');
    await page.waitForFunction(
      () => document.querySelector('[data-kind="facts"]')?.getAttribute('aria-pressed') === 'true',
    );
    await page.waitForSelector('.wall[data-window="all"]');
    expect(await page.innerText('[data-message]')).toContain('四个时段');
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('says that the server is away, keeps what it shows, and goes on when it is back', async () => {
    const { page } = await openWall(browser, server.url, { window: '30d' });
    await openBar(page);
    await drag(page, 0.6);
    await checkFigures(page);
    const at = await instantOf(page);
    const figure = await headline(page, 'raised');
    await page.context().setOffline(true);
    const box = (await page.locator('[data-track]').boundingBox())!;
    await page.mouse.click(box.x + box.width * 0.2, box.y + box.height / 2);
    await page.waitForFunction(() => document.querySelector('[data-message]')?.textContent.includes('没有响应'));
    expect(await instantOf(page)).toBe(at);
    expect(await headline(page, 'raised')).toBe(figure);
    await page.context().setOffline(false);
    expect(await movesFrom(page, at)).toBeLessThan(at);
    await checkFigures(page);
    await backToNow(page);
    await page.context().close();
  });

  it('shows a town, and the region again, at the same instant', async () => {
    const { page, faults } = await openWall(browser, server.url, { window: '30d' });
    await openBar(page);
    await drag(page, 0.5);
    await checkFigures(page);
    const at = await instantOf(page);
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(() => (document.querySelector<HTMLElement>('.wall')!.dataset.scope ?? '').length === 9);
    const town = (await page.getAttribute('.wall', 'data-scope'))!;
    expect(await instantOf(page)).toBe(at);
    await headlineIs(page, 'raised', (await snapshot({ scope: town, at: toRfc3339(at) })).totals.raised);
    await page.keyboard.press('ArrowUp');
    await page.waitForSelector('.wall[data-scope="330110"]');
    await checkFigures(page);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  const minutes = Number(process.env.REPLAY_MINUTES ?? 0);
  it.runIf(minutes > 0)(
    'plays for long without growing',
    async () => {
      const { page, faults } = await openWall(browser, server.url, { window: '30d' });
      const session = await page.context().newCDPSession(page);
      const used = async () => {
        await session.send('HeapProfiler.collectGarbage');
        return ((await session.send('Runtime.getHeapUsage')) as { usedSize: number }).usedSize;
      };
      await openBar(page);
      await page.click('[data-zoom="month"]');
      await page.click('[data-speed="3600"]');
      const round = async () => {
        await drag(page, 0.02);
        const from = await instantOf(page);
        await page.keyboard.press('Space');
        // A minute a round.
        await page.waitForFunction(
          (at) =>
            Number(document.querySelector<HTMLElement>('[data-replay-banner]')?.dataset.at) >= at + 58 * 3_600_000,
          from,
        );
        await page.keyboard.press('Space');
        await page.waitForSelector('[data-do="play"][aria-pressed="false"]');
      };
      await round();
      const first = await used();
      for (let i = 0; i < minutes; i++) await round();
      await checkFigures(page);
      expect(await used()).toBeLessThan(first + 16e6);
      expect(faults).toEqual([]);
      await page.context().close();
    },
    (minutes + 4) * 90_000,
  );
});
