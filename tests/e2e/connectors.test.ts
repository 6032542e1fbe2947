import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AlertDetail } from '../../contract/rest.ts';
import { freePort } from '../../testing/freePort.ts';
import { takeChromium } from '../support/chromium.ts';
import { startPlatform, type ReferencePlatform } from '../../demo/platform/referencePlatform.ts';
import { event, raised } from '../support/events.ts';
import { watchPage } from '../support/harnessPage.ts';
import { get, post, startServer, until, type RunningServer } from '../support/server.ts';
import { axeFaults } from './support/axe.ts';

/** The page of connectors and that of the reference platform, in real Chromium. */

let server: RunningServer;
let browser: Browser;
let platform: ReferencePlatform;
let deadUrl: string;
beforeAll(async () => {
  const [port, dead] = [await freePort(), await freePort()];
  [browser, server] = await Promise.all([
    takeChromium(),
    startServer({ LEASE_MS: '500', CONNECTOR_HOSTS: `127.0.0.1:${port},127.0.0.1:${dead}` }),
  ]);
  platform = await startPlatform({ port, secrets: [], server: server.url, token: 'none', source: 'urn:platform' });
  deadUrl = `http://127.0.0.1:${dead}/`;
});
afterAll(async () => {
  await platform.close();
  await browser.close();
  await server.stop();
});

const shots = process.env['SHOTS'];

it('connects a platform, tests it, shows what waits for a dead one, and works on a phone', async () => {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  const faults = watchPage(page, server.url);
  await page.goto(`${server.url}/admin/connectors`);
  const card = (name: string) => page.locator(`[data-platform="${name}"]`);
  await card('tri-colour').locator('.button').first().click();
  await page.fill('#connector-url', 'http://169.254.169.254/');
  await page.click('form button[type="submit"]');
  await until('it is refused in words', async () =>
    (await page.innerText('dialog .problem')).includes('CONNECTOR_HOSTS'),
  );
  await page.fill('#connector-url', `${platform.url}/deliveries`);
  await page.click('form button[type="submit"]');
  const secret = await page.innerText('[data-secret]');
  platform.setSecrets([secret]);
  await page.click('dialog .button.strong');
  await card('tri-colour').locator('[data-test]').click();
  await until('the test is told', async () => (await card('tri-colour').innerText()).includes('测试成功'));

  await card('four-platforms').locator('.button').first().click();
  await page.fill('#connector-url', deadUrl);
  await page.click('form button[type="submit"]');
  await page.click('dialog .button.strong');
  const now = Date.now();
  await post(server.url, [
    raised(now - 1000, { alertId: 'A-1', tier: 'red' }),
    event('wage.alert.dispatched', now - 900, {
      alertId: 'A-1',
      platform: 'tri-colour',
      unit: '余杭区劳动保障监察大队',
    }),
    raised(now - 1000, { alertId: 'A-2' }),
    event('wage.alert.dispatched', now - 900, { alertId: 'A-2' }),
  ]);
  await until('one waits', async () => (await card('four-platforms').locator('[data-waiting]').innerText()) === '1');
  await until('why is told', async () => (await card('four-platforms').innerText()).includes('连接被拒绝'));
  expect(await axeFaults(page)).toEqual([]);
  if (shots) await page.screenshot({ path: `${shots}/connectors.png` });
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  if (shots) await page.screenshot({ path: `${shots}/connectors-phone.png`, fullPage: true });
  await page.setViewportSize({ width: 1366, height: 768 });
  await page.goto(`${server.url}/admin/connectors?lang=en`);
  await until('in English', async () => (await card('tri-colour').innerText()).includes('Sending'));
  if (shots) await page.screenshot({ path: `${shots}/connectors-en.png` });
  // A gateway for messages: what is wrong is marked before it is sent.
  const form = page.locator('dialog');
  await page.goto(`${server.url}/admin/connectors`);
  await card('message').locator('.button').first().click();
  await page.fill('#message-url', `${platform.url}/messages`);
  await page.fill('#message-text', '预警{alret}');
  await until('where it is wrong', async () => (await form.innerText()).includes('第 3 个字符处的 {alret}'));
  await page.fill('#message-text', '{kind}：{tier}预警{alert}');
  await page.locator('dialog details summary').click();
  await page.fill('#message-headers', 'Authorization: Bearer {key}');
  await page.click('form button[type="submit"]');
  await until('the key is asked for', async () => (await form.innerText()).includes('请填写'));
  expect(await axeFaults(page)).toEqual([]);
  if (shots) {
    await page.screenshot({ path: `${shots}/message-dialog.png` });
    await page.locator('#message-key').scrollIntoViewIfNeeded();
    await page.screenshot({ path: `${shots}/message-dialog-2.png` });
    await page.setViewportSize({ width: 390, height: 844 });
    await page.screenshot({ path: `${shots}/message-dialog-phone.png` });
    await page.setViewportSize({ width: 1366, height: 768 });
  }
  await page.fill('#message-key', 'gateway-key-0001');
  await page.click('form button[type="submit"]');
  const signing = await page.innerText('[data-secret]');
  platform.setSecrets([secret, signing]);
  await page.click('dialog .button.strong');
  expect(await card('message').locator('[data-reach]').innerText()).toContain('22:00至07:00免打扰');
  await card('message').locator('.number').fill('0571-0000 0000');
  await card('message').locator('[data-test]').click();
  await until('the test is told', async () => (await card('message').innerText()).includes('测试成功'));
  expect(platform.messages).toEqual([{ to: '0571-0000 0000', text: '办理提示：黄色预警TEST-0000' }]);
  expect(await axeFaults(page)).toEqual([]);
  if (shots) {
    await card('message').scrollIntoViewIfNeeded();
    await page.screenshot({ path: `${shots}/message-card.png` });
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await card('message').scrollIntoViewIfNeeded();
    await page.screenshot({ path: `${shots}/message-card-phone.png` });
    await page.goto(`${server.url}/admin/connectors?lang=en`);
    await card('message').locator('.button').first().click();
    await page.screenshot({ path: `${shots}/message-dialog-phone-en.png` });
    await page.setViewportSize({ width: 1366, height: 768 });
    await page.screenshot({ path: `${shots}/message-dialog-en.png` });
  }
  // A browser calls the refusal an error.
  expect(faults.filter((fault) => !fault.includes('422'))).toEqual([]);

  // What came of each event stands on its case.
  for (const [id, lang, words] of [
    ['A-2', 'zh', '待送达'],
    ['A-1', 'zh', '已送达'],
    ['A-2', 'en', 'Waiting'],
  ] as const) {
    await page.goto(`${server.url}/wall/alerts/${id}?quality=low&rotate=off&lang=${lang}`);
    const lines = page.locator('.deliveries');
    await until('how it was sent', async () => (await lines.innerText()).includes(words));
    if (shots) await page.screenshot({ path: `${shots}/delivery-${id}-${lang}.png` });
  }

  const other = await context.newPage();
  await other.goto(platform.url);
  await until('it was dispatched there', async () => (await other.innerText('main')).includes('A-1'));
  expect(await other.innerText('main')).toContain('待受理');
  if (shots) await other.screenshot({ path: `${shots}/platform.png` });
  await other.click('button');
  await until('it is in hand', async () => (await other.innerText('main')).includes('处置中'));
  const alert = () => get<AlertDetail>(server.url, '/api/v1/alerts/A-1?scope=330110');
  await until('it is accepted here, too', async () => (await alert()).stage === 'accepted');
  await context.close();
}, 60_000);
