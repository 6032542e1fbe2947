import { readFile } from 'node:fs/promises';
import type { BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';
import { beforeAll, expect, it } from 'vitest';
import type { AlertList } from '../../contract/rest.ts';
import type { SubjectPortrait } from '../../contract/subjects.ts';
import { TOWN, UNIT } from '../support/accessTable.ts';
import { CAMERA, GPS, pdf } from '../support/files.ts';
import { clueRules } from '../support/signals.ts';
import { axeFaults } from './support/axe.ts';
import { peopled } from './support/peopled.ts';
import { shoot } from './support/shots.ts';
import { seen, uploaded } from './support/uploads.ts';

/** Photos of a clue, from the telephone of who takes them to the case of who works on it, in real Chromium (docs/casework.md §6). */

const GRANTS = {
  admin: { role: 'admin', scope: '330110' },
  handler: { role: 'handler', scope: '330110', unit: UNIT.code },
  officer: { role: 'officer', scope: '330110' },
} as const;
const { told, url, ...people } = peopled(GRANTS);
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

beforeAll(async () => {
  await told('admin', '/api/v1/rules?region=330110', clueRules('c.1'));
  await told('admin', '/api/v1/rules/c.1/activate?region=330110', { why: 'a test', settle: true });
}, 120_000);

const open = (who: keyof typeof GRANTS, path: string, more: BrowserContextOptions = PHONE) =>
  people.open(who, path, more);
/** A shop with its shutter down, as a telephone takes it: its EXIF says where, and by which camera. */
const shop = (colour = '#8a3b2e') =>
  sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="1200"><rect width="1600" height="1200" fill="#b9c4cc"/><rect y="980" width="1600" height="220" fill="#8d8a84"/><rect x="180" y="180" width="1240" height="800" fill="#e4ddd0"/><rect x="180" y="220" width="1240" height="170" fill="${colour}"/>${Array.from({ length: 14 }, (_, i) => `<rect x="300" y="${440 + i * 38}" width="1000" height="30" fill="#9aa3a8"/>`).join('')}</svg>`,
    ),
  )
    .jpeg()
    .withExif({ IFD0: { Model: CAMERA }, IFD3: GPS })
    .toBuffer();
const choose = async (page: Page, ...named: string[]) =>
  page.setInputFiles(
    '[data-field="photos"] input[multiple]',
    await Promise.all(
      named.map(async (name, i) => ({
        name,
        mimeType: 'image/jpeg',
        buffer: await shop(i ? '#2e5a8a' : undefined),
      })),
    ),
  );
async function fill(page: Page, name: string): Promise<void> {
  await page.fill('#clue-employer', name);
  await page.selectOption('#clue-industry', 'H');
  await page.selectOption('#clue-town', TOWN);
  await page.fill('#clue-text', '店面已关，门口十余名员工称两个月未发工资');
}

it('a photo goes from the telephone to the reasons of the alert, where an officer looks at it, without its place', async () => {
  expect((await shop()).includes(CAMERA)).toBe(true);
  const phone = await open('handler', '/desk/report?lang=zh-CN&theme=day');
  await fill(phone.page, '某街角面馆');
  await choose(phone.page, '店门.jpg', '告示.jpg');
  await uploaded(phone.page, 2);
  expect(await phone.page.isVisible('.camera')).toBe(true);
  // What is no picture is said beside it, and keeps the form from being sent until it is taken away.
  await phone.page.setInputFiles('[data-field="photos"] input[multiple]', {
    name: '合同.pdf',
    mimeType: 'application/pdf',
    buffer: pdf(10),
  });
  await phone.page.waitForSelector('[data-upload="failed"]');
  expect(await phone.page.innerText('[data-upload="failed"] [role="alert"]')).toContain(
    '只能上传 JPEG、PNG、WebP 照片',
  );
  await phone.page.click('[data-clue-send]');
  expect(await phone.page.innerText('[data-field="photos"] .files > .fault')).toBe('有文件未能上传，请重试或移除');
  await phone.page.click('[data-upload="failed"] [data-remove]');
  expect(await axeFaults(phone.page)).toEqual([]);
  // Through a reload, with their pictures.
  await phone.page.reload();
  await uploaded(phone.page, 2);
  await seen(phone.page, '[data-upload] img');
  await phone.page.locator('#clue-text').scrollIntoViewIfNeeded();
  await phone.page.evaluate(() => document.querySelector('#clue-text')!.closest('.field')!.scrollIntoView());
  await shoot(phone.page, 'report-phone');
  expect(await phone.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await phone.page.click('[data-clue-send]');
  await phone.page.waitForSelector('[data-clue-done]');
  // The refusal of the document is what the browser tells of itself.
  expect(phone.faults.filter((fault) => !fault.includes('422'))).toEqual([]);
  await phone.context.close();

  const { items } = await told<AlertList>(
    'officer',
    `/api/v1/alerts?scope=330110&q=${encodeURIComponent('某街角面馆')}`,
  );
  const desk = await open('officer', `/desk?case=330110/${items[0]!.alertId}&lang=zh-CN&theme=day`, {
    viewport: { width: 1366, height: 768 },
  });
  await desk.page.click('.bars summary');
  await seen(desk.page, '[data-photo] img');
  expect(await desk.page.locator('[data-photo]').count()).toBe(2);
  await desk.page.click('[data-photo]');
  await seen(desk.page, '[data-photo-large]');
  await desk.page.locator('[data-photo]').first().scrollIntoViewIfNeeded();
  await shoot(desk.page, 'clue-photo-desk');
  expect(await axeFaults(desk.page)).toEqual([]);
  const [download] = await Promise.all([desk.page.waitForEvent('download'), desk.page.click('[data-photo-download]')]);
  expect(download.suggestedFilename()).toBe('店门.jpg');
  const content = await readFile(await download.path());
  expect([CAMERA, 'Exif', 'GPS'].map((hidden) => content.includes(hidden))).toEqual([false, false, false]);
  expect((await sharp(content).metadata()).width).toBe(1_600);
  expect(desk.faults).toEqual([]);
  // In the portrait, too.
  await desk.page.goto(`${url()}/subjects/${encodeURIComponent('N:某街角面馆')}?region=330110&lang=en&theme=night`);
  await desk.page.click('[data-indicator] summary');
  await seen(desk.page, '[data-photo] img');
  await shoot(desk.page, 'clue-photo-portrait');
  await desk.context.close();
}, 90_000);

it('waits for the network, photo and clue, and is sent once', async () => {
  const { context, page } = await open('handler', '/desk/report?lang=zh-CN&theme=day');
  await fill(page, '某断网面馆');
  await context.setOffline(true);
  await choose(page, '现场.jpg');
  await page.waitForSelector('[data-upload="waiting"]');
  await page.click('[data-clue-send]');
  await page.waitForSelector('text=照片上传完成后自动提交');
  await context.setOffline(false);
  await page.waitForSelector('[data-clue-done]', { timeout: 30_000 });
  const { counting } = await told<SubjectPortrait>(
    'officer',
    `/api/v1/subjects/${encodeURIComponent('N:某断网面馆')}?region=330110`,
  );
  expect(counting.map(({ photos }) => photos?.map(({ name }) => name))).toEqual([['现场.jpg']]);
  // The next one begins empty.
  await page.click('[data-clue-again]');
  expect(await page.locator('[data-upload]').count()).toBe(0);
  await context.close();
}, 60_000);
