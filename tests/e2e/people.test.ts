import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Session } from '../../contract/access.ts';
import { takeChromium } from '../support/chromium.ts';
import { dispatched, ENTRIES, OTHER_UNIT, secretAlert, TOWN, tokens, UNIT } from '../support/accessTable.ts';
import { watchPage } from '../support/harnessPage.ts';
import { writeAccess } from '../support/letIn.ts';
import { BATCH, startServer, type RunningServer } from '../support/server.ts';
import { axeFaults } from './support/axe.ts';
import { openAs } from './support/peopled.ts';
import { shoot } from './support/shots.ts';
import { live, STILL } from './support/wall.ts';

/** An admin gives people and platforms their rights for casework, in real Chromium. */

const PASSWORD = 'correct horse battery staple';
const dir = mkdtempSync(join(tmpdir(), 'people-'));
let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  [browser, server] = await Promise.all([takeChromium(), startServer({ ACCESS_FILE: writeAccess(dir, ENTRIES) })]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(dir, { recursive: true });
});

const adminPage = (path: string, width = 1366) =>
  openAs(browser, server.url, tokens.admin, path, { viewport: { width, height: 768 } });
const optionsOf = (page: Page, select: string) =>
  page.$$eval(`${select} option`, (options) => options.map((option) => (option as HTMLOptionElement).value));

it('invites a handler with a unit that is there for the scope; a change of unit signs out', async () => {
  const { page, faults } = await adminPage('/admin/people?lang=zh-CN');
  await page.click('.button.strong');
  await page.waitForSelector('#p-role');
  // An officer may belong to a unit.
  expect(await page.getAttribute('#p-unit', 'required')).toBeNull();
  await page.fill('#p-name', '某经办');
  await page.selectOption('#p-role', 'handler');
  expect(await page.getAttribute('#p-unit', 'required')).not.toBeNull();
  await page.selectOption('#p-scope', TOWN);
  const offered = await optionsOf(page, '#p-unit');
  expect(offered).toContain(UNIT.code);
  expect(offered).not.toContain(OTHER_UNIT.code);
  // Without one, nothing is sent.
  await page.click('form .button.strong');
  expect(await page.$eval('#p-unit', (select) => (select as HTMLSelectElement).validity.valueMissing)).toBe(true);
  await page.selectOption('#p-unit', UNIT.code);
  // A unit that is not there for another scope is not kept by mistake.
  await page.selectOption('#p-scope', OTHER_UNIT.towns![0]!);
  expect(await page.inputValue('#p-unit')).toBe('');
  await page.selectOption('#p-scope', TOWN);
  await page.selectOption('#p-unit', UNIT.code);
  expect(await axeFaults(page)).toEqual([]);
  await shoot(page, 'invite');
  await page.click('form .button.strong');
  const code = /#([\w-]+)/.exec(await page.innerText('[data-secret]'))![1]!;
  const accepted = await fetch(`${server.url}/api/v1/access/invite`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-wagewatch': '1' },
    body: JSON.stringify({ code, password: PASSWORD }),
  });
  expect(((await accepted.json()) as Session).principal).toMatchObject({
    role: 'handler',
    scope: TOWN,
    unit: UNIT.code,
  });
  const cookie = accepted.headers.get('set-cookie')!.split(';')[0]!;
  const who = async () => {
    const answer = await fetch(`${server.url}/api/v1/access/session`, { headers: { cookie } });
    return ((await answer.json()) as Session).principal;
  };
  expect(await who()).toMatchObject({ name: '某经办', unit: UNIT.code });

  await page.click('[role="dialog"] .button.strong, dialog .button.strong');
  await page.reload();
  const row = page.locator('[data-person="某经办"]');
  expect(await row.innerText()).toContain('经办人');
  await page.waitForSelector(`[data-person="某经办"] [data-unit]:has-text("${UNIT.name['zh-CN']}")`);
  expect(await row.locator('[data-unit]').innerText()).toContain(UNIT.name['zh-CN']);
  await shoot(page, 'list');
  // To another unit, of the whole region.
  await row.locator('.button').first().click();
  expect(await page.inputValue('#p-unit')).toBe(UNIT.code);
  await page.selectOption('#p-scope', '330110');
  await page.selectOption('#p-unit', OTHER_UNIT.code);
  await page.click('form .button.strong');
  await page.waitForSelector(`[data-person="某经办"] [data-unit]:has-text("${OTHER_UNIT.name['zh-CN']}")`);
  expect(await who()).toBeUndefined();
  expect(faults).toEqual([]);
});

it('says on the wall of a handler that the list has the alerts of their unit alone', async () => {
  const events = [secretAlert('A1'), secretAlert('A2', OTHER_UNIT.towns![0]), dispatched('A1', UNIT)];
  const sent = await fetch(`${server.url}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokens.admin}`, 'content-type': BATCH },
    body: JSON.stringify(events),
  });
  expect(sent.status).toBe(202);
  const page = await (await browser.newContext({ viewport: { width: 1920, height: 1080 } })).newPage();
  const faults = watchPage(page, server.url);
  await page.request.post(`${server.url}/api/v1/access/session`, {
    data: { token: tokens.handler },
    headers: { 'x-wagewatch': '1' },
  });
  page.setDefaultTimeout(120_000);
  await page.goto(`${server.url}/wall?${new URLSearchParams({ ...STILL, lang: 'zh-CN', window: '24h' }).toString()}`);
  await live(page);
  await shoot(page, 'wall');
  expect(await page.innerText('body')).not.toMatch(/A2/);
  await page.click('[data-headline="raised"]');
  await page.waitForSelector('[data-own-only]');
  await page.waitForSelector('[data-total="1"]');
  await shoot(page, 'drill');
  // Of the other alert of this employer, how many there are.
  await page.locator('.layer [role="row"][data-alert]').first().click();
  await page.locator('.layer .loop li').first().waitFor();
  await page.getByText('1 公里内本单位没有其他在办预警').waitFor();
  await shoot(page, 'alert');
  await page.locator('.layer .enterprise .more').first().click();
  await page.locator('.layer .others').waitFor();
  expect(await page.innerText('.layer .others')).toMatch(/红色\s*待交派 1 件/);
  expect(await page.locator('.layer .standing').count()).toBe(0);
  await shoot(page, 'enterprise');
  expect(faults).toEqual([]);
});

it('makes a token for a platform, which names no alerts unless it raises some', async () => {
  const { page, faults } = await adminPage('/admin/tokens?lang=zh-CN');
  await page.click('.button.strong');
  await page.fill('#t-name', '三色预警平台接口');
  await page.fill('#t-source', 'urn:platform:tri-colour');
  await page.selectOption('#t-platform', 'tri-colour');
  expect(await page.getAttribute('#t-alerts', 'required')).not.toBeNull();
  expect(await page.isVisible('[data-field="dispatch"]')).toBe(true);
  for (const type of ['raised', 'amended']) await page.uncheck(`[data-field="may"] [value="wage.alert.${type}"]`);
  await page.check('[data-field="may"] [value="wage.alert.accepted"]');
  expect(await page.isVisible('#t-alerts')).toBe(false);
  expect(await page.isVisible('[data-field="dispatch"]')).toBe(false);
  expect(await axeFaults(page)).toEqual([]);
  await shoot(page, 'platform');
  await page.click('form .buttons .button.strong');
  expect(await page.innerText('[data-secret]')).toMatch(/^ww_/);
  await page.click('[role="dialog"] .button.strong, dialog .button.strong');
  expect(await page.innerText('[data-token="三色预警平台接口"]')).toContain('代表');
  await shoot(page, 'tokens');
  // Of the platform other, each unit is one of its own.
  await page.click('.buttons .button.strong');
  await page.fill('#t-name', '某法院接口');
  await page.fill('#t-source', 'urn:court');
  expect(await page.locator('#t-platform option').allTextContents()).not.toContain('其他平台');
  await page.selectOption('#t-platform', 'other:court');
  for (const type of ['raised', 'amended']) await page.uncheck(`[data-field="may"] [value="wage.alert.${type}"]`);
  await page.check('[data-field="may"] [value="wage.alert.accepted"]');
  await shoot(page, 'unitPlatform');
  await page.click('form .buttons .button.strong');
  await page.click('[role="dialog"] .button.strong, dialog .button.strong');
  const court = await page.innerText('[data-token="某法院接口"]');
  expect(court).toContain('代表');
  expect(court).not.toContain('other:court');
  // A handler's token has a unit.
  await page.click('.buttons .button.strong');
  await page.selectOption('#t-role', 'handler');
  expect(await page.getAttribute('#t-unit', 'required')).not.toBeNull();
  expect(await page.isVisible('#t-platform')).toBe(false);
  expect(faults).toEqual([]);
});

it.each(['people', 'tokens'])(
  'shows %s as cards on a telephone: nothing beyond its edge, all buttons within reach',
  async (tab) => {
    const auth = { authorization: `Bearer ${tokens.admin}`, 'content-type': 'application/json' };
    const add = (what: string, body: object) =>
      fetch(`${server.url}/api/v1/access/${what}`, { method: 'POST', headers: auth, body: JSON.stringify(body) });
    const name = 'Somebodywithoutanyblank.inaverylongname.of.the.office@example';
    const source = 'urn:example:a-platform:with-a-long-name-of-its-own:and-more:2026';
    const grant = { role: 'ingest', scope: '330110', source, may: ['wage.alert.accepted'], platform: 'tri-colour' };
    await add('people', { name, role: 'handler', scope: TOWN, unit: UNIT.code });
    await add('tokens', { name, ...grant });
    const { page, faults } = await adminPage(`/admin/${tab}?lang=en`, 360);
    await page.waitForSelector(`tbody [scope="row"]:has-text("${name}")`);
    const beyond = await page.$$eval('.table.stack tbody *', (all) =>
      all.filter((one) => one.getBoundingClientRect().right > innerWidth).map((one) => one.outerHTML.slice(0, 80)),
    );
    expect(beyond).toEqual([]);
    expect(await page.evaluate(() => document.scrollingElement!.scrollWidth)).toBeLessThanOrEqual(360);
    expect(await axeFaults(page)).toEqual([]);
    await shoot(page, `${tab}-phone`);
    expect(faults).toEqual([]);
  },
);
