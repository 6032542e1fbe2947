import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jsqr from 'jsqr';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FrozenReport } from '../../contract/reportSituation.ts';
import { renderFiles } from '../../server/reports/files/renderFiles.ts';
import { qrPng } from '../../server/reports/files/qr.ts';
import { takeChromium } from '../support/chromium.ts';
import { randomCircular } from '../unit/common/report/randomCircular.ts';
import { randomSituation } from '../unit/common/report/randomSituation.ts';
import { randomUnit } from '../unit/common/report/randomUnit.ts';

/** Sheets of reports as a printer has them: each carries a code, which a reader of codes reads from its picture. */

const DIGEST = '5a1c8b0e9f4d3c2b1a09f8e7d6c5b4a39281706f5e4d3c2b1a0918273645f0e1';
const ADDRESS = `https://yujing.example.cn/reports/${DIGEST}/lists`;
const making = { madeAt: '2026-11-01T08:31:00+08:00', digest: DIGEST, address: ADDRESS };
const soffice = ['/usr/bin/soffice', '/usr/local/bin/soffice'].find((path) => existsSync(path));
const pdftoppm = ['/usr/bin/pdftoppm', '/usr/local/bin/pdftoppm'].find((path) => existsSync(path));
const folder = mkdtempSync(join(tmpdir(), 'report-sheets-'));
/** Its types know of a `default` that the module itself is. */
const jsQR = jsqr as unknown as typeof jsqr.default;
let browser: Browser;
beforeAll(async () => {
  browser = await takeChromium();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

async function read(png: Buffer): Promise<string | undefined> {
  const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return jsQR(new Uint8ClampedArray(data), info.width, info.height)?.data;
}

/** What the code on each page of a PDF says, read from pictures as a scanner of an office has them. */
async function codesOf(pdf: string): Promise<(string | undefined)[]> {
  execFileSync(pdftoppm!, ['-r', '200', '-png', pdf, `${pdf}-page`]);
  const pages = readdirSync(folder).filter((name) => join(folder, name).startsWith(`${pdf}-page`));
  return Promise.all(pages.sort().map((name) => read(readFileSync(join(folder, name)))));
}

const big = (make: (seed: number) => FrozenReport, wanted: (frozen: FrozenReport) => boolean) =>
  Array.from({ length: 200 }, (_, seed) => seed)
    .map(make)
    .find(wanted)!;
const REPORTS: [string, FrozenReport][] = [
  [
    'situation',
    big(randomSituation, (one) => one.scope === '330110' && 'totals' in one.figures && one.figures.totals.raised > 60),
  ],
  ['unit', big(randomUnit, (one) => one.scope === '330110')],
  ['supervision', big(randomCircular, (one) => one.about === 'supervision' && one.letters.length === 30)],
];

it('draws a code that holds the address, the same bytes each time', async () => {
  expect(await read(qrPng(ADDRESS))).toBe(ADDRESS);
  expect(qrPng(ADDRESS).equals(qrPng(ADDRESS))).toBe(true);
  const path = `/reports/${DIGEST}/lists`;
  expect(await read(qrPng(path))).toBe(path);
});

it('puts it on each sheet of a document', async () => {
  if (!soffice || !pdftoppm) return;
  for (const [name, situation] of REPORTS)
    writeFileSync(join(folder, `${name}.docx`), (await renderFiles({ situation, lang: 'zh-CN', making })).docx);
  // LibreOffice takes longer to start than to print all of them.
  const files = REPORTS.map(([name]) => join(folder, `${name}.docx`));
  const home = `-env:UserInstallation=file://${folder}/office`;
  execFileSync(soffice, [home, '--headless', '--convert-to', 'pdf', '--outdir', folder, ...files], { stdio: 'ignore' });
  for (const [name] of REPORTS) {
    const codes = await codesOf(join(folder, `${name}.pdf`));
    expect(codes.length, name).toBeGreaterThan(1);
    expect(codes, name).toEqual(codes.map(() => ADDRESS));
  }
}, 120_000);

it.each(REPORTS)(
  'puts it on each sheet of a printed page (%s)',
  async (name, situation) => {
    if (!pdftoppm) return;
    const { html } = await renderFiles({ situation, lang: 'zh-CN', making });
    const page = await browser.newPage();
    await page.setContent(Buffer.from(html).toString());
    const pdf = join(folder, `${name}-page.pdf`);
    writeFileSync(pdf, await page.pdf({ preferCSSPageSize: true, printBackground: true }));
    await page.close();
    const codes = await codesOf(pdf);
    expect(codes.length).toBeGreaterThan(1);
    expect(codes).toEqual(codes.map(() => ADDRESS));
  },
  60_000,
);

it('says where no address is set that the code holds a path', async () => {
  const [, situation] = REPORTS[0]!;
  const path = `/reports/${DIGEST}/lists`;
  const { html } = await renderFiles({ situation, lang: 'zh-CN', making: { ...making, address: path } });
  const text = Buffer.from(html).toString();
  expect(text).toContain('码中为冻结清单在本系统内的路径');
  expect(text).toContain(`冻结清单：${path}`);
});
