import type { BrowserContext, Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import type { Display, Pairing, PersonInvited } from '../../contract/accessAdmin.ts';
import type { AlertDetail } from '../../contract/rest.ts';
import { dispatched, TOWN, UNIT } from '../support/accessTable.ts';
import { raised } from '../support/events.ts';
import { photo } from '../support/files.ts';
import { until } from '../support/server.ts';
import { axeFaults } from './support/axe.ts';
import { peopled } from './support/peopled.ts';
import { shoot } from './support/shots.ts';

/** A clerk at a paired kiosk, by finger, in real Chromium (docs/kiosk.md). */

const NAME = '某窗口员';
const people = peopled({ admin: { role: 'admin', scope: '330110' } });
const call = <T>(path: string, method = 'GET', body?: object) => people.told<T>('admin', path, body, { method });
const detail = () => call<AlertDetail>('/api/v1/alerts/K1');

beforeAll(async () => {
  const person = { name: NAME, role: 'handler', scope: '330110', unit: UNIT.code };
  const { invite } = await call<PersonInvited>('/api/v1/access/people', 'POST', person);
  await call('/api/v1/access/invite', 'POST', { code: invite.code, password: 'correct horse battery' });
  await people.send(
    raised(Date.now() - 60_000, { alertId: 'K1', town: TOWN, enterprise: { name: '某窗口饭店' } }),
    dispatched('K1', UNIT),
  );
  await until('it is counted', async () => (await people.detail('K1')).eventsTotal === 2);
});

/** The page of a kiosk that was paired by an admin. */
async function kiosk(
  width: number,
  height: number,
  settings: Record<string, string>,
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await people.browser().newContext({ viewport: { width, height }, hasTouch: true });
  const page = await context.newPage();
  const { code, secret } = await call<Pairing>('/api/v1/access/pairings', 'POST');
  const screen = { name: `某大厅 ${width}`, scope: TOWN, screen: 'kiosk', settings };
  await call<Display>(`/api/v1/access/pairings/${code}`, 'POST', screen);
  await page.request.get(`${people.url()}/api/v1/access/pairings/mine`, { headers: { 'x-pairing-secret': secret } });
  await page.goto(`${people.url()}/kiosk/${TOWN}?${new URLSearchParams(settings).toString()}`);
  await page.waitForSelector('[data-clerk-begin]');
  return { context, page };
}
async function type(page: Page, text: string): Promise<void> {
  for (const key of text) await page.tap(`[data-key="${key}"]`);
  await page.tap('[data-clerk-enter]');
}
let number = '';
let code = '';
it('an admin gives a code, which is told once', async () => {
  const viewport = { width: 1366, height: 768 };
  const { context, page, faults } = await people.open('admin', '/admin/people?lang=zh-CN', { viewport });
  await page.click(`[data-person="${NAME}"] [data-clerk-code]`);
  const told = await page.innerText('[data-secret]');
  await shoot(page, 'clerk-code');
  [, number, code] = /(\d{4}).*?(\d{6})/s.exec(told)! as unknown as [string, string, string];
  expect(await axeFaults(page)).toEqual([]);
  expect(faults).toEqual([]);
  await context.close();
}, 60_000);

it('a clerk signs in, accepts and reports; before and after, nothing of anybody is on the screen', async () => {
  const { context, page } = await kiosk(1366, 768, { lang: 'zh-CN' });
  expect(await page.innerText('body')).not.toContain(NAME);
  await page.tap('[data-clerk-begin]');
  await type(page, number);
  await type(page, '194630');
  await page.waitForSelector('.said:has-text("不正确")');
  await shoot(page, 'kiosk-clerk-keys');
  await type(page, number);
  await type(page, code);
  await page.waitForSelector('[data-clerk-who]');
  expect(await page.innerText('[data-clerk-who]')).toContain(NAME);
  await page.waitForSelector('[data-clerk-case="K1"]');
  expect(await page.innerText('[data-clerk-case="K1"]')).toContain('某窗口饭店');
  await shoot(page, 'kiosk-clerk');
  expect(await axeFaults(page)).toEqual([]);
  await page.tap('[data-clerk-accept]');
  await page.waitForSelector('[data-clerk-said]:has-text("已受理")');
  const accepted = await detail();
  expect([accepted.stage, accepted.people![accepted.person!]]).toEqual(['accepted', NAME]);
  await page.tap('[data-clerk-tab="report"]');
  await page.fill('#clue-employer', '某路边面馆');
  await page.fill('#clue-text', '员工来访，称三个月未发工资');
  // The town is the kiosk's own.
  expect(await page.inputValue('#clue-town')).toBe(TOWN);
  const picture = { name: '现场.jpg', mimeType: 'image/jpeg', buffer: await photo() };
  await page.setInputFiles('[data-field="photos"] input[multiple]', picture);
  await page.waitForSelector('[data-upload="done"]');
  await shoot(page, 'kiosk-clerk-report');
  expect(await axeFaults(page)).toEqual([]);
  await page.tap('[data-clue-send]');
  await page.waitForSelector('[data-clue-done]', { timeout: 30_000 });
  await page.tap('[data-clerk-tab="cases"]');
  await page.tap('[data-clerk-tab="report"]');
  // What the one has typed, the next does not find.
  await page.fill('#clue-employer', '某不该留下的名称');
  await page.tap('[data-clerk-out]');
  await page.waitForSelector('[data-clerk]', { state: 'detached' });
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toMatch(
    /某窗口|某路边|某不该|wc_/,
  );
  expect(await page.innerText('body')).not.toContain(NAME);
  await context.close();
}, 90_000);

it('is out two minutes after the last touch, and said so before', async () => {
  const { context, page } = await kiosk(1080, 1920, { lang: 'en', rest: '600' });
  await page.clock.install();
  await page.reload();
  // Whoever goes away from the keypad leaves neither a number nor a code that only has to be sent.
  await page.tap('[data-clerk-begin]');
  await type(page, number);
  await page.clock.runFor(25_000);
  for (const key of code) await page.tap(`[data-key="${key}"]`);
  await page.clock.runFor(25_000);
  expect(await page.innerText('[data-clerk-field="number"]')).toContain(number);
  await page.clock.runFor(6_000);
  await page.waitForSelector('[data-clerk]', { state: 'detached' });
  await page.tap('[data-clerk-begin]');
  expect(await page.innerText('[data-clerk-field="number"]')).not.toContain(number);
  await type(page, number);
  await type(page, code);
  await page.waitForSelector('[data-clerk-who]');
  await shoot(page, 'kiosk-clerk-1080-en');
  await page.clock.runFor(105_000);
  await page.waitForSelector('.ends');
  await page.clock.runFor(20_000);
  await page.waitForSelector('[data-clerk]', { state: 'detached' });
  await context.close();
}, 90_000);
