import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AlertDetail } from '../../contract/rest.ts';
import { hashToken, mintToken } from '../../server/access/secret.ts';
import { launchChromium } from '../../testing/browser.ts';
import { event, raised } from '../support/events.ts';
import { CAMERA, docx, pdf, photo } from '../support/files.ts';
import { watchPage } from '../support/harnessPage.ts';
import { loadPack } from '../support/packs.ts';
import { startServer, until, type RunningServer } from '../support/server.ts';
import { axeFaults } from './support/axe.ts';

/** Files of a case, added at the desk in real Chromium (docs/casework.md §2 and §6). */

const PACK = loadPack('330110');
const TOWN = '330110010';
const UNIT = PACK.units!.find(({ towns }) => towns?.includes(TOWN))!;
const GRANTS = {
  admin: { role: 'admin', scope: '330110' },
  handler: { role: 'handler', scope: '330110', unit: UNIT.code },
  officer: { role: 'officer', scope: '330110' },
} as const;
type Who = keyof typeof GRANTS;
const tokens = Object.fromEntries(Object.keys(GRANTS).map((who) => [who, mintToken()])) as Record<Who, string>;
const dir = mkdtempSync(join(tmpdir(), 'desk-files-'));
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const PHONE = { width: 390, height: 844 };
let server: RunningServer;
let browser: Browser;

beforeAll(async () => {
  const file = join(dir, 'access.json');
  writeFileSync(
    file,
    JSON.stringify({
      tokens: Object.entries(GRANTS).map(([name, grant]) => ({ name, ...grant, hash: hashToken(tokens[name as Who]) })),
    }),
  );
  [browser, server] = await Promise.all([launchChromium({ drawing: 'plain' }), startServer({ ACCESS_FILE: file })]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(dir, { recursive: true });
});

const authorization = { authorization: `Bearer ${tokens.admin}` };
async function detail(alertId: string): Promise<AlertDetail> {
  const answer = await fetch(`${server.url}/api/v1/alerts/${alertId}?scope=330110`, { headers: authorization });
  return (await answer.json()) as AlertDetail;
}
/** An alert that the handler's unit has accepted. */
async function accepted(alertId: string): Promise<void> {
  const time = Date.now() - 60_000;
  const events = [
    raised(time, { alertId, town: TOWN, enterprise: { name: `某${alertId}建筑有限公司` } }),
    event('wage.alert.dispatched', time + 1_000, { alertId, platform: UNIT.platform, unit: UNIT.name['zh-CN'] }),
    event('wage.alert.accepted', time + 2_000, { alertId, unit: UNIT.name['zh-CN'] }),
  ];
  await fetch(`${server.url}/api/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents-batch+json', ...authorization },
    body: JSON.stringify(events),
  });
  await until('it is counted', async () => (await detail(alertId)).eventsTotal === 3);
}
async function desk(
  who: Who,
  alertId: string,
  { width, height, theme = 'day', lang = 'zh-CN' }: { width: number; height: number; theme?: string; lang?: string },
): Promise<{ context: BrowserContext; page: Page; faults: string[] }> {
  const context = await browser.newContext({
    viewport: { width, height },
    hasTouch: width < 800,
    isMobile: width < 800,
  });
  const page = await context.newPage();
  const faults = watchPage(page, server.url);
  await page.request.post(`${server.url}/api/v1/access/session`, {
    data: { token: tokens[who] },
    headers: { 'x-wagewatch': '1' },
  });
  await page.goto(`${server.url}/desk?case=330110/${alertId}&lang=${lang}&theme=${theme}`);
  return { context, page, faults };
}
const choose = (page: Page, ...files: { name: string; mimeType: string; buffer: Buffer }[]) =>
  page.setInputFiles('form.acting input[multiple]', files);
const uploaded = (page: Page, n: number) =>
  page.waitForFunction((wanted) => document.querySelectorAll('[data-upload="done"]').length === wanted, n);
const seen = (page: Page, selector: string) =>
  page.waitForFunction((one) => {
    const img = document.querySelector<HTMLImageElement>(one);
    return img !== null && img.complete && img.naturalWidth > 0;
  }, selector);
const shots = process.env.SHOTS;
const shoot = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`) });
};

it('a photo that is added on a telephone is seen small, survives a reload, and is downloaded without its place', async () => {
  await accepted('F1');
  const { context, page, faults } = await desk('handler', 'F1', PHONE);
  await page.click('[data-deed="attach"]');
  await page.click('form.acting button[type=submit]');
  expect(await page.innerText('[data-field="attachments"] .fault')).toBe('请至少添加一个文件');
  const buffer = await photo(1_600, 1_200);
  expect(buffer.includes(CAMERA)).toBe(true);
  await choose(
    page,
    { name: '工地大门.jpg', mimeType: 'image/jpeg', buffer },
    { name: '承诺书.docx', mimeType: DOCX, buffer: docx() },
  );
  await uploaded(page, 2);
  await seen(page, '[data-upload] img');
  await page.fill('#field-text', '现场照片和承诺书');
  await shoot(page, 'attach-phone');
  expect(await page.isVisible('.camera')).toBe(true);
  expect(await axeFaults(page)).toEqual([]);

  await page.reload();
  await uploaded(page, 2);
  await seen(page, '[data-upload] img');
  expect(await page.inputValue('#field-text')).toBe('现场照片和承诺书');
  await page.click('form.acting button[type=submit]');
  await page.waitForSelector('.thanks');
  await seen(page, '.story [data-file] img');
  await seen(page, '.why [data-file] img');
  await page.locator('.why [data-file]').first().scrollIntoViewIfNeeded();
  await shoot(page, 'attached-phone');
  expect(await axeFaults(page)).toEqual([]);
  const { attachments, events } = await detail('F1');
  expect(attachments!.map(({ name, here }) => [name, here])).toEqual([
    ['工地大门.jpg', true],
    ['承诺书.docx', true],
  ]);
  expect(events.at(-1)!.data).toMatchObject({ text: '现场照片和承诺书' });

  const [download] = await Promise.all([page.waitForEvent('download'), page.click('.why [data-file] a')]);
  expect(download.suggestedFilename()).toBe('工地大门.jpg');
  const content = await readFile(await download.path());
  expect([content.includes(CAMERA), content.includes('Exif')]).toEqual([false, false]);
  const { width, height, exif } = await sharp(content).metadata();
  expect({ width, height, exif }).toEqual({ width: 1_200, height: 1_600, exif: undefined });
  expect(faults).toEqual([]);
  await context.close();
}, 60_000);

it('a file that lies tells why and keeps the form from being sent, until it is removed', async () => {
  await accepted('F2');
  const { context, page } = await desk('officer', 'F2', { width: 1366, height: 768 });
  await page.click('[data-deed="note"]');
  await page.fill('#field-text', '见附件');
  await choose(
    page,
    { name: '工资表.pdf', mimeType: 'application/pdf', buffer: Buffer.from('<html>') },
    { name: '合同.pdf', mimeType: 'application/pdf', buffer: pdf(40) },
  );
  await page.waitForSelector('[data-upload="failed"]');
  await uploaded(page, 1);
  expect(await page.innerText('[data-upload="failed"] [role="alert"]')).toContain('只能上传');
  await page.click('form.acting button[type=submit]');
  expect(await page.innerText('[data-field="attachments"] .files > .fault')).toBe('有文件未能上传，请重试或移除');
  await shoot(page, 'attach-failed');
  await page.mouse.move(5, 5);
  expect(await axeFaults(page)).toEqual([]);
  // By keyboard alone.
  await page.focus('[data-upload="failed"] [data-remove]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-upload="failed"]', { state: 'detached' });
  await page.focus('#field-text');
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('.thanks');
  expect((await detail('F2')).attachments!.map(({ name }) => name)).toEqual(['合同.pdf']);
  await page.locator('.story [data-file]').scrollIntoViewIfNeeded();
  await shoot(page, 'attached-pc');
  await context.close();
}, 60_000);

it('waits for the network, file and form, and is sent once', async () => {
  await accepted('F3');
  const { context, page } = await desk('handler', 'F3', PHONE);
  await page.click('[data-next]');
  await page.check('input[value="plan-agreed"]', { force: true });
  await context.setOffline(true);
  await choose(page, { name: '还款计划.pdf', mimeType: 'application/pdf', buffer: pdf(60) });
  await page.waitForSelector('[data-upload="waiting"]');
  await page.click('form.acting button[type=submit]');
  await page.waitForSelector('text=附件上传完成后自动提交');
  await shoot(page, 'attach-offline');
  await context.setOffline(false);
  await page.waitForSelector('.thanks', { timeout: 30_000 });
  const { stage, events } = await detail('F3');
  const handled = events.filter(({ type }) => type === 'wage.alert.handled');
  expect([stage, handled.length]).toEqual(['handled', 1]);
  expect(handled[0]!.data).toMatchObject({ outcome: 'plan-agreed', attachments: [{ name: '还款计划.pdf' }] });
  await context.close();
}, 60_000);

it('a picture is pasted, a file is dropped, and both can be taken away again', async () => {
  await accepted('F4');
  const { context, page } = await desk('officer', 'F4', { width: 1366, height: 768, theme: 'night', lang: 'en' });
  await page.click('[data-deed="note"]');
  const bytes = [...(await photo(300, 200))];
  await page.evaluate((given) => {
    const carrying = (name: string) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(given)], name, { type: 'image/jpeg' }));
      return data;
    };
    const form = document.querySelector('form.acting')!;
    form.dispatchEvent(
      new ClipboardEvent('paste', { clipboardData: carrying('image.jpg'), bubbles: true, cancelable: true }),
    );
  }, bytes);
  await uploaded(page, 1);
  await page.evaluate((given) => {
    const data = new DataTransfer();
    data.items.add(new File([given], 'notice.pdf', { type: 'application/pdf' }));
    const form = document.querySelector('form.acting')!;
    form.dispatchEvent(new DragEvent('dragover', { dataTransfer: data, bubbles: true, cancelable: true }));
    form.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  }, pdf(70).toString('latin1'));
  await uploaded(page, 2);
  await shoot(page, 'attach-night-en');
  await page.click('[data-upload] [data-remove]');
  await uploaded(page, 1);
  await page.reload();
  await uploaded(page, 1);
  expect(await page.innerText('[data-upload] .name')).toContain('notice.pdf');
  await context.close();
}, 60_000);
