import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CalendarYear } from '../../contract/calendar.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { takeChromium } from '../support/chromium.ts';
import { watchPage } from '../support/harnessPage.ts';
import { startServer, type RunningServer } from '../support/server.ts';
import { axeFaults } from './support/axe.ts';

/** The page of working days in a December without the next year's calendar, in real Chromium. */

const dir = mkdtempSync(join(tmpdir(), 'wagewatch-calendar-page-'));
let server: RunningServer;
let browser: Browser;
beforeAll(async () => {
  writeFileSync(join(dir, 'clock'), String(Date.parse('2026-12-01T09:00:00+08:00') - Date.now()));
  [browser, server] = await Promise.all([
    takeChromium(),
    startServer({
      NODE_OPTIONS: `--import ${join(PROJECT_ROOT, 'tests/support/clock.mjs')}`,
      CLOCK_FILE: join(dir, 'clock'),
    }),
  ]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(dir, { recursive: true });
});

const fileOf = (text: string) => ({ name: 'cn-2027.json', mimeType: 'application/json', buffer: Buffer.from(text) });

it('says that a year is missing, refuses a wrong file in words, and takes a right one', async () => {
  const page = await (await browser.newContext({ viewport: { width: 1366, height: 768 } })).newPage();
  const faults = watchPage(page, server.url);
  await page.goto(`${server.url}/admin/calendar`);
  expect(await page.innerText('[data-missing="2027"]')).toContain('缺少 2027 年工作日历');
  expect(await page.innerText('[data-year="2027"]')).toContain('暂定');
  const row = await page.innerText('[data-year="2026"]');
  for (const text of ['248', '春节 02-15 至 02-23', '02-14 周六', '国办发明电〔2025〕7号', '随程序提供'])
    expect(row).toContain(text);

  // The pattern that the page gives is the calendar itself; edited badly, it is refused place by place.
  const href = (await page.getAttribute('a[download="cn-2026.json"]', 'href'))!;
  const pattern = await (await fetch(href)).text();
  expect(JSON.parse(pattern)).toEqual(
    JSON.parse(readFileSync(join(PROJECT_ROOT, 'assets/calendar/cn-2026.json'), 'utf8')),
  );
  const send = async (text: string) => {
    await page.setInputFiles('#c-file', fileOf(text));
    await page.fill('#c-why', '通知已发布');
    await page.click('form button[type="submit"]');
  };
  await send(pattern.slice(1));
  await page.waitForSelector('[data-fault="json"]');
  await send(pattern.replace('"2026-01-04"', '"2026-01-05"').replace('"2026-10-07"', '"2027-10-07"'));
  await page.waitForSelector('[data-fault="weekday"]');
  const told = await page.innerText('.faults');
  expect(told).toContain('2026-01-05 是周一至周五');
  expect(told).toContain('off[6].to');
  expect(told).toContain('2027-10-07 不在该年内');
  expect(await axeFaults(page)).toEqual([]);
  expect(await page.innerText('[data-year="2027"]')).toContain('暂定');

  const next: CalendarYear = {
    year: 2027,
    notices: [
      { title: '某通知（2027年）', number: '某发明电〔2026〕1号', date: '2026-11-09', url: 'https://example.org/' },
    ],
    off: [
      { name: '元旦', from: '2027-01-01', to: '2027-01-03' },
      { name: '劳动节', from: '2027-05-01', to: '2027-05-05' },
      { name: '国庆节', from: '2027-10-01', to: '2027-10-07' },
    ],
    work: [],
  };
  await send(JSON.stringify(next));
  expect(await page.innerText('[data-imported]')).toContain('2027 年工作日历已导入');
  await page.waitForSelector('[data-year="2027"][data-origin="imported"]');
  expect(await page.locator('[data-missing], [data-provisional], .faults').count()).toBe(0);
  expect(await page.innerText('[data-history]')).toContain('通知已发布');

  await page.click('header button[lang="en"]');
  await page.waitForSelector('text=Make-up work days');
  expect(await page.innerText('[data-year="2026"]')).toContain('Sat 14 Feb');
  expect(await axeFaults(page)).toEqual([]);
  // What the browser itself says of the file that was refused.
  expect(faults.filter((fault) => !/status of 422/.test(fault))).toEqual([]);
});
