import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { TOWN, UNIT } from '../support/accessTable.ts';
import { event, raised } from '../support/events.ts';
import { CAMERA, docx, pdf, photo } from '../support/files.ts';
import { until } from '../support/server.ts';
import { axeFaults } from './support/axe.ts';
import { peopled } from './support/peopled.ts';
import { shoot } from './support/shots.ts';
import { seen, uploaded } from './support/uploads.ts';

/** Files of a case, added at the desk in real Chromium (docs/casework.md §2 and §6). */

const GRANTS = {
  admin: { role: 'admin', scope: '330110' },
  handler: { role: 'handler', scope: '330110', unit: UNIT.code },
  officer: { role: 'officer', scope: '330110' },
} as const;
const { detail, open, send } = peopled(GRANTS);
const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const PHONE = { width: 390, height: 844 };

/** An alert that the handler's unit has accepted. */
async function accepted(alertId: string): Promise<void> {
  const time = Date.now() - 60_000;
  await send(
    raised(time, { alertId, town: TOWN, enterprise: { name: `某${alertId}建筑有限公司` } }),
    event('wage.alert.dispatched', time + 1_000, { alertId, platform: UNIT.platform, unit: UNIT.name['zh-CN'] }),
    event('wage.alert.accepted', time + 2_000, { alertId, unit: UNIT.name['zh-CN'] }),
  );
  await until('it is counted', async () => (await detail(alertId)).eventsTotal === 3);
}
const desk = (
  who: keyof typeof GRANTS,
  alertId: string,
  { width, height, theme = 'day', lang = 'zh-CN' }: { width: number; height: number; theme?: string; lang?: string },
) =>
  open(who, `/desk?case=330110/${alertId}&lang=${lang}&theme=${theme}`, {
    viewport: { width, height },
    hasTouch: width < 800,
    isMobile: width < 800,
  });
const choose = (page: Page, ...files: { name: string; mimeType: string; buffer: Buffer }[]) =>
  page.setInputFiles('form.acting input[multiple]', files);

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
