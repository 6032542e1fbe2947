import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { takeChromium } from '../support/chromium.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PAGE_HEADER } from '../../contract/accessLimits.ts';
import { watchPage } from '../support/harnessPage.ts';
import { freshDataDir, startServer, until, type RunningServer } from '../support/server.ts';
import { axeFaults } from './support/axe.ts';
import { outOfReach } from './support/dialogs.ts';
import { live } from './support/wall.ts';

/** From the first admin to a display that is let in no longer, in real Chromium: an admin and a screen. */

const TOWN = '330110010';
const PASSWORD = 'correct horse battery staple';
const dataDir = freshDataDir();
let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  [browser, server] = await Promise.all([takeChromium(), startServer({ DATA_DIR: dataDir })]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function newPage(): Promise<{ page: Page; faults: string[] }> {
  const page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
  return { page, faults: watchPage(page, server.url) };
}
/** In a dialog, whatever its length: the way out, and the buttons that end it. */
const REACHED = '.close, .buttons button';
const EMBLEM =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
/** Stops the server as an update does, and starts it at the same address. */
async function restart(): Promise<void> {
  await server.kill('SIGTERM');
  server = await startServer({ DATA_DIR: dataDir, PORT: new URL(server.url).port });
}

/** What the page shows of the site's own lines; `pressed`: the watermark lets presses through. */
function siteLines(): { emblem: boolean; name: string; pressed: boolean; marks: number } {
  const picture = document.querySelector<HTMLImageElement>('header.bar img.emblem');
  const { height = 0, top = -1 } = picture?.getBoundingClientRect() ?? {};
  return {
    emblem: picture !== null && picture.complete && picture.naturalWidth > 0 && height > 10 && top >= 0,
    name: document.querySelector('header.bar .site-name')?.textContent.trim() ?? '',
    pressed: !document.elementsFromPoint(innerWidth / 2, innerHeight / 2).some((one) => one.closest('.watermark')),
    marks: document.querySelectorAll('.watermark [data-name]').length,
  };
}

it('pairs a display, which obeys, reports, survives a restart, and is let in no longer once it is revoked', async () => {
  // The first admin, by the link that the start leaves in a file.
  const file = join(dataDir, 'first-admin-link');
  const link = await until('the link is kept', () => existsSync(file) && readFileSync(file, 'utf8').trim());
  const { page: admin, faults } = await newPage();
  await admin.goto(link);
  await admin.waitForSelector('#password');
  expect(await axeFaults(admin)).toEqual([]);
  await admin.fill('#name', '某管理员');
  await admin.fill('#password', PASSWORD);
  await admin.fill('#again', `${PASSWORD}r`);
  expect(await admin.getAttribute('#again', 'aria-invalid')).toBe('true');
  await admin.fill('#again', PASSWORD);
  await admin.keyboard.press('Enter');
  await admin.waitForURL('**/admin');
  await admin.waitForSelector('.none');

  // A screen without anybody at it.
  const { page: screen, faults: screenFaults } = await newPage();
  await screen.goto(`${server.url}/pair`);
  await screen.waitForSelector('[data-pairing="waiting"]');
  expect(await axeFaults(screen)).toEqual([]);
  const code = (await screen.innerText('[data-code]')).replace(/\s/g, '');
  expect(code).toMatch(/^[A-Z]{6}$/);
  // As a telephone does that has read the QR code.
  await admin.goto(`${server.url}/admin#pair=${code.toLowerCase()}`);
  await admin.waitForSelector('dialog #code');
  expect(await admin.inputValue('#code')).toBe(code);
  expect(await admin.evaluate(outOfReach, REACHED)).toEqual([]);
  expect(await axeFaults(admin)).toEqual([]);
  await admin.fill('#d-name', '良渚大厅');
  await admin.selectOption('#d-screen', 'kiosk');
  await admin.selectOption('#d-scope', TOWN);
  await admin.click('dialog button[type="submit"]');
  await screen.waitForURL(`**/kiosk/${TOWN}`);
  await live(screen);

  const card = admin.locator('[data-display="良渚大厅"]');
  await admin.waitForSelector('[data-display="良渚大厅"][data-online="true"]');
  await admin.waitForFunction(() => document.querySelector('[data-display]')?.textContent.includes('1366 × 768'));
  expect(await axeFaults(admin)).toEqual([]);
  await card.getByText('识别').click();
  await screen.waitForSelector('.identify');
  expect(await screen.innerText('.identify')).toBe('良渚大厅');

  // Shows something else, under another name.
  await card.getByText('修改').click();
  await admin.fill('#d-name', '区大厅');
  await admin.selectOption('#d-screen', 'wall');
  await admin.selectOption('#d-scope', '330110');
  await admin.click('dialog button[type="submit"]');
  await screen.waitForURL('**/wall**');
  await live(screen);
  await admin.waitForSelector('[data-display="区大厅"][data-online="true"]');
  // The site's emblem stands beside the clock, and the name of the display lies over its picture.
  const stored = await admin.evaluate(
    async ([header, emblem]) => {
      const answer = await fetch('/api/v1/regions/330110/site', {
        method: 'PUT',
        headers: { 'content-type': 'application/json', [header!]: '1' },
        body: JSON.stringify({ name: '某某区治欠办', emblem, watermark: true }),
      });
      return answer.status;
    },
    [PAGE_HEADER, EMBLEM],
  );
  expect(stored).toBe(200);
  await screen.evaluate(() => {
    Object.assign(window, { before: true });
  });
  await admin.locator('[data-display="区大厅"]').getByText('刷新').click();
  await screen.waitForFunction(() => !('before' in window));
  await live(screen);

  await screen.waitForSelector('.watermark [data-name="区大厅"]', { state: 'attached' });
  await screen.waitForFunction(() => document.querySelector<HTMLImageElement>('header.bar img.emblem')?.complete);
  expect(await screen.evaluate(siteLines)).toEqual({ emblem: true, name: '某某区治欠办', pressed: true, marks: 12 });

  await restart();
  await live(screen);
  expect(new URL(screen.url()).pathname).toBe('/wall');
  await admin.waitForSelector('[data-display="区大厅"][data-online="true"]');

  const revoke = admin.locator('[data-display="区大厅"] .button').last();
  await revoke.click();
  await revoke.click();
  await screen.waitForURL('**/pair?ended**');
  await screen.waitForSelector('[data-pairing="waiting"]');
  expect(await screen.innerText('h1')).toBe('本屏的授权已失效');
  await admin.waitForSelector('.none');

  // The trail knows of it, and is searched.
  await admin.click('nav a[href^="/admin/trail"]');
  await admin.fill('#f-target', '区大厅');
  await admin.waitForFunction(() =>
    [...document.querySelectorAll('tbody tr')].some((row) => row.textContent.includes('撤销显示屏')),
  );
  expect(await axeFaults(admin)).toEqual([]);
  // What a browser itself says of a line that drops, and of being asked who it is, is as it should be.
  const expected = /WebSocket connection|ERR_CONNECTION|ERR_EMPTY_RESPONSE|status of 40[134]|status of 502/;
  expect([...faults, ...screenFaults].filter((fault) => !expected.test(fault))).toEqual([]);
  await admin.context().close();
  await screen.context().close();
}, 120_000);

it('signs people in and out, says what is wrong in its place, and shows a town its own wall', async () => {
  const { page, faults } = await newPage();
  await page.goto(`${server.url}/wall`);
  await page.waitForURL('**/login?**');
  await page.waitForSelector('#name');
  expect(await axeFaults(page)).toEqual([]);
  await page.fill('#name', '某管理员');
  await page.fill('#password', 'wrong and long enough');
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.querySelector('.problem')?.textContent.includes('不正确'));
  await page.fill('#password', PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL('**/wall');
  await live(page);

  // A town's token, made by this admin, in another browser.
  const secret = await page.evaluate(
    async ([scope, header]) => {
      const answer = await fetch('/api/v1/access/tokens', {
        method: 'POST',
        headers: { 'content-type': 'application/json', [header!]: '1' },
        body: JSON.stringify({ name: '良渚经办', role: 'officer', scope }),
      });
      return ((await answer.json()) as { secret: string }).secret;
    },
    [TOWN, PAGE_HEADER],
  );
  const { page: clerk, faults: clerkFaults } = await newPage();
  await clerk.goto(`${server.url}/login?next=/wall`);
  await clerk.getByText('使用访问令牌').click();
  await clerk.fill('#token', secret);
  await clerk.keyboard.press('Enter');
  await clerk.waitForURL('**/wall');
  await live(clerk);
  await clerk.waitForSelector(`.wall[data-scope="${TOWN}"]`);
  await clerk.goto(`${server.url}/kiosk/330110001`);
  await clerk.waitForFunction(() => document.body.textContent.includes('无权查看'));

  // An ingest token: limited by what is filled in, or trusted by hand, and marked as that.
  await page.goto(`${server.url}/admin/tokens`);
  const make = async (name: string) => {
    await page.getByRole('button', { name: '新建令牌' }).click();
    await page.fill('#t-name', name);
  };
  await make('银行代发');
  await page.fill('#t-source', 'urn:bank:wages');
  await page.fill('#t-alerts', 'BANK-，PAY-');
  await page.check('[data-field="channels"] input[value="wage-account"]');
  expect(await axeFaults(page)).toEqual([]);
  expect(await page.evaluate(outOfReach, REACHED)).toEqual([]);
  await page.getByRole('button', { name: '生成令牌' }).click();
  const bank = page.locator('[data-token="银行代发"]');
  await bank.waitFor();
  for (const part of ['urn:bank:wages', 'BANK- PAY-', '触发预警、信息更正'])
    expect(await bank.innerText()).toContain(part);
  expect(await bank.locator('.trusted').count()).toBe(0);
  await page.keyboard.press('Escape');
  await make('汇聚平台');
  await page.check('[data-field="trusted"]');
  expect(await page.locator('#t-alerts').count()).toBe(0);
  await page.getByRole('button', { name: '生成令牌' }).click();
  await page.locator('[data-token="汇聚平台"] .trusted').waitFor();
  const stored = await page.evaluate(async () => (await fetch('/api/v1/access/tokens')).json() as Promise<unknown>);
  expect(stored).toMatchObject({
    items: expect.arrayContaining([
      expect.objectContaining({
        source: 'urn:bank:wages',
        alerts: ['BANK-', 'PAY-'],
        may: ['wage.alert.raised', 'wage.alert.amended'],
        channels: ['wage-account'],
      }),
      expect.objectContaining({ name: '汇聚平台', trusted: true }),
    ]) as unknown,
  });

  await page.goto(`${server.url}/login`);
  await page.getByText('退出登录').click();
  await page.waitForSelector('#password');
  const expected = /status of 40[13]/;
  expect([...faults, ...clerkFaults].filter((fault) => !expected.test(fault))).toEqual([]);
  await page.context().close();
  await clerk.context().close();
}, 120_000);
