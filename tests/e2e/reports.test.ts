import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startOfMonth } from '../../common/regionTime.ts';
import type { Frame } from '../../contract/frame.ts';
import { takeChromium } from '../support/chromium.ts';
import { raised } from '../support/events.ts';
import { watchPage } from '../support/harnessPage.ts';
import { get, post, startServer, until, type RunningServer } from '../support/server.ts';
import { axeFaults } from './support/axe.ts';
import { shoot } from './support/shots.ts';

/** The page of reports in real Chromium: one is made, read and taken; a schedule is added, changed and removed. */

const DAY = 86_400_000;
const TOWNS = ['330110012', '330110010', '330110001'];
let server: RunningServer;
let browser: Browser;
beforeAll(async () => {
  [browser, server] = await Promise.all([takeChromium(), startServer()]);
  const now = Date.now();
  const start = startOfMonth(startOfMonth(now) - DAY);
  const events = Array.from({ length: 90 }, (_, i) =>
    raised(start - (i % 3 === 2 ? 31 : 0) * DAY + (i % 27) * DAY + i * 600_000, {
      alertId: `E${i}`,
      town: TOWNS[(i * i) % 3]!,
      tier: i % 7 === 0 ? 'red' : i % 2 ? 'orange' : 'yellow',
      workers: 3 + (i % 40),
      amountFen: 3_456_700 * (1 + (i % 19)),
    }),
  );
  await post(server.url, events);
  await until('all are counted', async () => {
    const frame = await get<Frame>(server.url, '/api/v1/snapshot?scope=330110&window=all');
    return frame.totals.raised === events.length;
  });
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

const wide = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);

it('makes a report, shows it as paper, and gives its files', async () => {
  const page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
  const faults = watchPage(page, server.url);
  await page.goto(`${server.url}/`);
  await page.click('a[href^="/reports"]');
  await page.waitForSelector('.none');
  await page.waitForSelector('#report-scope option[value="330110012"]', { state: 'attached' });
  await page.selectOption('#report-kind', 'monthly');
  await page.click('form button[type="submit"]');
  const frame = page.frameLocator('dialog iframe');
  await frame.locator('h1').waitFor();
  expect(await frame.locator('h1').innerText()).toContain('余杭区欠薪预警月报');
  expect(await frame.locator('#overview p').innerText()).toMatch(/本月杭州市余杭区新增欠薪预警60起/);
  await shoot(page, 'reports-paper');
  await page.click('dialog header button');
  expect(await page.locator('tbody tr').count()).toBe(1);
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('tbody a[href$=".docx"]')]);
  expect(download.suggestedFilename()).toMatch(/^wagewatch-monthly-330110-.*\.docx$/);

  // What is wrong is told in the page's words.
  await page.selectOption('#report-kind', 'special');
  await page.fill('#report-from', '2026-02-02');
  await page.fill('#report-to', '2026-01-02');
  await page.click('form button[type="submit"]');
  await page.waitForSelector('form .problem:not(:empty)');
  expect(await page.innerText('form .problem')).toContain('时段不对');

  for (const [name, query, width, height] of [
    ['reports', '', 1366, 768],
    ['reports-en', '?lang=en&theme=day', 1920, 1080],
    ['reports-tablet', '?theme=day', 820, 1180],
    ['reports-phone', '', 390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.goto(`${server.url}/reports${query}`);
    await page.waitForSelector('tbody tr');
    expect(await wide(page), name).toBe(false);
    expect(await axeFaults(page), name).toEqual([]);
    await shoot(page, name);
  }
  expect(faults.filter((fault) => !fault.includes('400'))).toEqual([]);
});

it('makes a report about a unit and a circular, and shows the lists that their codes lead to', async () => {
  const page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
  const faults = watchPage(page, server.url);
  await page.goto(`${server.url}/reports`);
  await page.waitForSelector('#report-about option[value="unit"]:not([disabled])', { state: 'attached' });
  for (const about of ['unit', 'supervision'] as const) {
    await page.selectOption('#report-kind', 'monthly');
    await page.selectOption('#report-about', about);
    if (about === 'unit') await page.selectOption('#report-unit', 'brigade');
    await page.click('form button[type="submit"]');
    const frame = page.frameLocator('dialog iframe');
    await frame.locator('h1').waitFor();
    expect(await frame.locator('h1').innerText()).toContain(about === 'unit' ? '办理月报' : '督办情况的通报');
    expect(await frame.locator('.code svg').count()).toBe(1);
    await shoot(page, `reports-${about}`);
    await page.click('dialog header button');
  }
  await page.selectOption('#report-about', 'situation');
  await page.click('form button[type="submit"]');
  await page.click('dialog header a[href*="/lists"]');
  await page.waitForSelector('[data-list="raised"]');
  expect(new URL(page.url()).pathname).toMatch(/^\/reports\/[0-9a-f]{64}\/lists$/);
  expect(await page.locator('[data-list="raised"] b').innerText()).toBe('60');
  await page.click('[data-list="closed"]');
  await page.waitForSelector('.none');
  await page.goto(page.url().replace('list=closed', 'list=open'));
  await page.waitForSelector('tbody tr');
  const digest = new URL(page.url()).pathname;
  for (const [name, query, width, height] of [
    ['reports-lists', '?', 1366, 768],
    ['reports-lists-en', '?lang=en&theme=day', 1920, 1080],
    ['reports-lists-phone', '?theme=day', 390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.goto(`${server.url}${digest}${query}`);
    await page.waitForSelector('tbody tr');
    expect(await wide(page), name).toBe(false);
    expect(await axeFaults(page), name).toEqual([]);
    await shoot(page, name);
  }
  expect(faults).toEqual([]);
});

it('adds, changes and removes a schedule', async () => {
  const page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
  const faults = watchPage(page, server.url);
  await page.goto(`${server.url}/reports/schedules`);
  await page.waitForSelector('.none');
  await page.click('main .buttons button');
  await page.waitForSelector('#schedule-scope option[value="330110"]', { state: 'attached' });
  await shoot(page, 'reports-schedule');
  await page.click('dialog button[type="submit"]');
  await page.waitForSelector('tbody tr');
  expect(await page.innerText('tbody')).toContain('每个工作日 08:30');
  await page.click('tbody .actions button:first-child');
  await page.selectOption('#schedule-rhythm', 'monthly');
  await page.fill('#schedule-nth', '2');
  await page.click('dialog button[type="submit"]');
  await page.waitForFunction(() => document.querySelector('tbody')?.textContent?.includes('每月第 2 个工作日'));
  expect(await axeFaults(page)).toEqual([]);
  await shoot(page, 'reports-schedules');
  await page.click('tbody .actions button:last-child');
  await page.waitForSelector('.none');
  expect(faults).toEqual([]);
});
