import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RulePack, Rules } from '../../contract/rulePack.ts';
import { launchChromium } from '../../testing/browser.ts';
import { watchPage } from '../support/harnessPage.ts';
import { get, startServer, type RunningServer } from '../support/server.ts';
import { axeFaults } from './support/axe.ts';

/** Rules as people read them and put them in force, in real Chromium. */

let server: RunningServer;
let browser: Browser;
let page: Page;
let faults: string[];

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium({ drawing: 'plain' }), startServer()]);
  page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
  page.setDefaultTimeout(60_000);
  faults = watchPage(page, server.url);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

const rules = () => get<Rules>(server.url, '/api/v1/rules?region=330110');
/** Nothing of the page leaves it at the side, on any screen that it is made for. */
const widths = [
  [1920, 1080],
  [1366, 768],
  [390, 844],
] as const;
async function fitsEverywhere(what: string): Promise<void> {
  for (const [width, height] of widths) {
    await page.setViewportSize({ width, height });
    const spare = await page.evaluate(() => {
      const desk = document.querySelector('.desk')!;
      return desk.clientWidth - desk.scrollWidth;
    });
    expect(spare, `${what} at ${width}`).toBeGreaterThanOrEqual(0);
  }
  await page.setViewportSize({ width: 1366, height: 768 });
}
async function switchLanguage(): Promise<void> {
  await page.getByRole('button', { name: /^(English|中文)$/ }).click();
}

it('shows the rules as sentences with their basis, and puts a version in force once its number of alerts is confirmed', async () => {
  const { items } = await rules();
  const version = items[0]!.version;
  const pack = await get<RulePack>(server.url, `/api/v1/rules/${version}?region=330110`);

  await page.goto(server.url);
  await page.getByRole('link', { name: '预警规则' }).click();
  await page.waitForSelector('[data-rule]');
  expect(await page.locator('[data-rule]').count()).toBe(pack.tiers.length);
  expect(await page.locator('[data-rules="none"]').innerText()).toContain('没有生效的规则');
  const y9 = await page.locator('[data-rule="Y9"]').innerText();
  expect(y9).toContain('得分不少于 40，且有分来源数不少于 2');
  expect(y9).toContain('依据：本系统起始值');
  expect(await axeFaults(page)).toEqual([]);
  await fitsEverywhere('tiers');
  await switchLanguage();
  await page.waitForFunction(() =>
    document
      .querySelector('[data-rule="Y9"]')
      ?.textContent.includes('score at least 40, and channels with points at least 2'),
  );
  await switchLanguage();

  await page.getByRole('link', { name: '指标与分值' }).click();
  await page.waitForSelector('[data-indicator]');
  expect(await page.locator('[data-indicator]').count()).toBe(Object.keys(pack.indicators).length);
  expect(await page.locator('[data-indicator="water.overdue-days"]').innerText()).toMatch(/满 15 天\s*5 分/);
  expect(await page.locator('[data-indicator="wage-account.large-payment"]').innerText()).toContain('超过 50,000 元');
  expect(await axeFaults(page)).toEqual([]);
  await fitsEverywhere('indicators');

  await page.getByRole('link', { name: '版本与记录' }).click();
  const row = page.locator(`[data-version="${version}"]`);
  await row.getByText('检验').click();
  await page.waitForSelector('[data-tested]');
  expect(await page.locator('[data-tested]').innerText()).toContain(`${pack.tests!.length} 个用例全部通过`);
  await page.keyboard.press('Escape');
  await row.locator('[data-activate]').click();
  await page.fill('#a-why', '某区开始使用规则');
  expect(await axeFaults(page)).toEqual([]);
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: '测算' }).click();
  await page.waitForFunction(() => document.querySelector('.raises')?.textContent.includes('发出 0 件预警'));
  expect((await rules()).active).toBeUndefined();
  await page.getByRole('button', { name: '确认启用' }).click();
  await page.waitForSelector(`[data-version="${version}"][data-state="active"]`);
  expect((await rules()).active).toBe(version);
  const history = await page.locator('[data-history]').innerText();
  expect(history).toContain('某区开始使用规则');
  expect(history).toContain('启用时发出预警 0 件');
  expect(await page.locator('[data-rules="none"]').count()).toBe(0);
  await fitsEverywhere('versions');
  expect(faults).toEqual([]);
});
