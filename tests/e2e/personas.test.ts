import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AlertList } from '../../contract/rest.ts';
import { launchChromium } from '../../testing/browser.ts';
import { watchPage } from '../support/harnessPage.ts';
import { get, startServer, until, type RunningServer } from '../support/server.ts';
import { axeFaults } from './support/axe.ts';
import { shoot } from './support/shots.ts';

/** On an open demonstration a press makes one somebody, in real Chromium. */

let server: RunningServer;
let browser: Browser;
beforeAll(async () => {
  [browser, server] = await Promise.all([
    launchChromium({ drawing: 'plain' }),
    startServer({ DEMO: 'on', DEMO_SPEED: '0.01', DEMO_SCALE: '0.001', LOG_LEVEL: 'info' }),
  ]);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await server.stop();
});

it('says what happens next about a case, and what whoever one is may do', async () => {
  const of = (query: string) => get<AlertList>(server.url, `/api/v1/alerts?scope=330110&open=true&${query}`);
  // While the history comes in, what is open in it is not open for long.
  await until('the history is counted', async () => (await of('limit=1')).total === 77, 120_000);
  const [alert] = (await of('stage=accepted&tier=red')).items;
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const faults = watchPage(page, server.url);
  await page.goto(`${server.url}/wall/alerts/330110/${alert!.alertId}?rotate=off&quality=low&brightness=100`);
  const next = await page.innerText('[data-next]');
  for (const word of ['下一步：办结反馈', '余杭区劳动保障监察大队', '须于']) expect(next).toContain(word);
  expect(await page.locator('[data-may]').count()).toBe(0);
  const chip = page.locator('.chip');
  expect(await chip.innerText()).toContain('未选择');
  await chip.click();
  await page.waitForSelector('[data-persona="leader"]');
  expect(await page.locator('[data-persona]').count()).toBe(4);
  expect(await axeFaults(page)).toEqual([]);
  await shoot(page, 'personas-390');
  await page.click('[data-persona="leader"]');
  await page.waitForSelector('[data-may]');
  expect(await page.innerText('[data-may]')).toContain('督办');
  expect(await chip.innerText()).toContain('领导');
  await shoot(page, 'case-390');
  // Esc closes the sheet, and not the page behind it.
  await chip.click();
  await page.waitForSelector('[data-persona="none"]');
  await page.keyboard.press('Escape');
  await page.waitForSelector('[data-persona="none"]', { state: 'detached' });
  expect(await page.locator('[data-may]').count()).toBe(1);
  await page.goto(`${server.url}/personas?lang=en`);
  await page.waitForSelector('[data-persona="leader"][aria-pressed="true"]');
  expect(await page.innerText('[data-persona="handler-1"]')).toContain('Labour Inspection Brigade');
  await page.click('[data-persona="none"]');
  await page.waitForURL((url) => url.pathname !== '/personas');
  expect(faults).toEqual([]);
  await context.close();
}, 180_000);
