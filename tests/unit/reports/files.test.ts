import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ExcelJS from 'exceljs';
import { strFromU8, unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { reportOf } from '../../../common/report/reportOf.ts';
import type { ReportSituation } from '../../../contract/reportSituation.ts';
import { chineseFont } from '../../../server/reports/files/font.ts';
import { renderFiles } from '../../../server/reports/files/renderFiles.ts';
import { randomCircular } from '../common/report/randomCircular.ts';
import { randomSituation } from '../common/report/randomSituation.ts';
import { randomUnit } from '../common/report/randomUnit.ts';

/** The files of reports, read back by other libraries than those that make them. */

const making = {
  madeAt: '2026-11-01T08:31:00+08:00',
  digest: 'd'.repeat(64),
  address: `/reports/${'d'.repeat(64)}/lists`,
};
/** A month with something on most days. */
function month(seed: number): ReportSituation {
  const situation: ReportSituation = {
    ...randomSituation(seed),
    from: '2026-10-01T00:00:00+08:00',
    to: '2026-11-01T00:00:00+08:00',
    step: 'day',
  };
  for (let day = 1; day <= 31; day++)
    situation.series[`2026-10-${String(day).padStart(2, '0')}T00:00:00+08:00`] = {
      tiers: { red: day % 3, orange: day % 4, yellow: (day * 7) % 5 },
      effective: 0,
      falseAlarm: 0,
      recoveredFen: day % 6 === 0 ? day * 1_000_000 : 0,
    };
  return situation;
}
const seed = Array.from({ length: 99 }, (_, i) => i).find(
  (one) => randomSituation(one).scope === '330110' && randomSituation(one).figures.totals.raised > 60,
)!;
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

it.each([
  ['zh-CN', 'a situation', () => month(seed)],
  ['en', 'a situation', () => month(seed)],
  ['zh-CN', 'a unit', () => randomUnit(3)],
  ['zh-CN', 'supervision', () => randomCircular(3)],
] as const)('are the same bytes of the same data, whatever was made between (%s, %s)', async (lang, _what, frozen) => {
  const situation = frozen();
  const first = await renderFiles({ situation, lang, making });
  await renderFiles({ situation: month(seed + 1), lang, making });
  const again = await renderFiles({ situation: structuredClone(situation), lang, making });
  for (const format of ['html', 'docx', 'xlsx'] as const)
    expect(digest(again[format]), format).toBe(digest(first[format]));
});

it('hold every table: cells, and comparisons as formulas that come to what is shown', async () => {
  const situation = month(seed);
  const report = reportOf(situation, 'zh-CN');
  const files = await renderFiles({ situation, lang: 'zh-CN', making });
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(files.xlsx as never);
  const tables = report.sections.flatMap((section) => section.tables);
  expect(book.worksheets.map(({ name }) => name)).toEqual(['综述', ...tables.map(({ caption }) => caption)]);
  let formulas = 0;
  for (const table of tables) {
    const sheet = book.getWorksheet(table.caption)!;
    table.rows.forEach((cells, r) =>
      cells.forEach((cell, c) => {
        const got = sheet.getRow(r + 2).getCell(c + 1);
        if (cell.formula) {
          formulas++;
          const [now, then] = [cell.formula.now, cell.formula.then].map((i) =>
            Number(sheet.getRow(r + 2).getCell(i + 1).value),
          );
          const reckoned = cell.formula.kind === 'percent' ? (now! - then!) / then! : now! - then!;
          expect(got.result).toBeCloseTo(reckoned, 9);
          expect(got.formula).toMatch(/^\(?[A-J]\d+-[A-J]\d+\)?(\/[A-J]\d+)?$/);
        } else if (cell.value !== undefined) expect(got.value).toBeCloseTo(cell.value, 9);
        else expect(got.value).toBe(cell.text);
      }),
    );
  }
  expect(formulas).toBeGreaterThan(5);

  const html = strFromU8(files.html);
  const docx = unzipSync(files.docx);
  const document = strFromU8(docx['word/document.xml']!)
    .replace(/<\/w:p>/g, '\n')
    .replace(/<[^>]*>/g, '');
  for (const parts of report.sections.flatMap(({ sentences }) => sentences)) {
    const sentence = parts.map(({ text }) => text).join('');
    expect(html.replace(/<\/?b>/g, '')).toContain(sentence);
    expect(document).toContain(sentence);
  }
  for (const cell of tables.flatMap(({ rows }) => rows.flat())) expect(document).toContain(cell.text);
  // A chart stands below the first table of its section, and nowhere else.
  for (const {
    tables: [first, ...others],
    chart,
  } of report.sections) {
    const pictures = book.getWorksheet(first!.caption)!.getImages();
    expect(pictures).toHaveLength(chart && chineseFont() ? 1 : 0);
    expect(pictures.every(({ range }) => range.tl.nativeRow > first!.rows.length)).toBe(true);
    for (const { caption } of others) expect(book.getWorksheet(caption)!.getImages()).toEqual([]);
  }
  // Nothing from elsewhere, and no script.
  expect(html).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)|\burl\(/);
  // Charts, and the code of each sheet.
  expect(Object.keys(docx).filter((name) => name.endsWith('.png'))).toHaveLength(chineseFont() ? 3 : 1);
});

it('have the form of official documents: page, type area, fonts, lines, page numbers', async () => {
  const files = await renderFiles({ situation: month(seed), lang: 'zh-CN', making });
  const docx = unzipSync(files.docx);
  const document = strFromU8(docx['word/document.xml']!);
  const number = (pattern: RegExp) => Number(pattern.exec(document)![1]);
  const mm = (twips: number) => (twips * 25.4) / 1440;
  const [width, height] = [number(/w:pgSz[^>]*w:w="(\d+)"/), number(/w:pgSz[^>]*w:h="(\d+)"/)];
  const margin = (side: string) => number(new RegExp(`w:pgMar[^>]*w:${side}="(\\d+)"`));
  expect(mm(width)).toBeCloseTo(210, 0);
  expect(mm(height)).toBeCloseTo(297, 0);
  expect(mm(width - margin('left') - margin('right'))).toBeCloseTo(156, 1);
  expect(mm(height - margin('top') - margin('bottom'))).toBeCloseTo(225, 1);
  expect(document).toContain('w:eastAsia="方正小标宋简体"');
  expect(document).toMatch(/<w:sz w:val="44"\/>/);
  expect(document).toMatch(/w:eastAsia="仿宋_GB2312"[^>]*\/><w:sz w:val="32"\/>|<w:sz w:val="32"\/>/);
  expect(document).toMatch(/w:line="560"[^>]*w:lineRule="exact"|w:lineRule="exact"[^>]*w:line="560"/);
  // Figures are not of the language whose words may be broken anywhere.
  expect(strFromU8(docx['word/styles.xml']!)).toContain('<w:lang w:val="en-US" w:eastAsia="zh-CN"/>');
  const footers = Object.entries(docx).filter(([name]) => /word\/footer\d+\.xml/.test(name));
  expect(footers).toHaveLength(2);
  for (const [, footer] of footers) expect(strFromU8(footer)).toMatch(/— [^]*PAGE[^]* —/);
});

it('break no number and no date in a table', async () => {
  const circulars = Array.from({ length: 60 }, (_, i) => randomCircular(i)).filter(({ letters }) => letters.length > 5);
  for (const situation of [month(seed), randomUnit(3), ...circulars.slice(0, 2)]) {
    const { docx } = await renderFiles({ situation, lang: 'zh-CN', making });
    const document = strFromU8(unzipSync(docx)['word/document.xml']!);
    const tables = document.match(/<w:tbl>.*?<\/w:tbl>/gs)!;
    expect(tables.length).toBeGreaterThan(2);
    for (const table of tables) {
      const widths = [...table.matchAll(/<w:gridCol w:w="(\d+)"/g)].map(([, width]) => Number(width));
      const size = Number(/<w:sz w:val="(\d+)"/.exec(table)![1]);
      for (const row of table.match(/<w:tr>.*?<\/w:tr>/gs)!.slice(1))
        row.match(/<w:tc>.*?<\/w:tc>/gs)!.forEach((cell, i) => {
          const text = cell.replace(/<[^>]*>/g, '');
          // A digit is half as wide as it is high: ten of them of 8 points are 800 twips, beside margins of 120.
          for (const [number] of text.matchAll(/[\d.,:+-]+/g))
            expect(number.length * size * 5 + 120, `${text} in ${widths.join(' ')}`).toBeLessThanOrEqual(widths[i]!);
        });
    }
  }
});

it('finds the font of a machine without packages, in a folder of its own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fonts-'));
  try {
    expect(chineseFont([join(folder, 'none'), folder])).toBeUndefined();
    mkdirSync(join(folder, 'noto/cjk'), { recursive: true });
    writeFileSync(join(folder, 'noto/cjk/NotoSansCJK-Bold.ttc'), '');
    writeFileSync(join(folder, 'noto/cjk/NotoSansCJK-Regular.ttc'), '');
    expect(chineseFont([folder])).toEqual({
      path: join(folder, 'noto/cjk/NotoSansCJK-Regular.ttc'),
      family: 'Noto Sans CJK SC',
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('draws with all letters, where there is a font', async () => {
  const font = chineseFont();
  if (!font) return;
  expect(existsSync(font.path)).toBe(true);
  const { chartDrawer } = await import('../../../server/reports/files/chartPng.ts');
  const draw = (label: string) =>
    digest(chartDrawer('zh-CN')({ kind: 'bars', caption: '', rows: [{ label, value: 3 }] })!.png);
  // A letter that is missing is drawn as nothing or as a box: then two of them look alike.
  expect(new Set(['鑫', '喆', '堃', '犇', '\u{2A6D6}'].map(draw)).size).toBe(5);
  expect(draw('鑫')).not.toBe(draw('\uE000'));
});

it('are made by libraries that no start of the server loads', () => {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const statements = readFileSync(file, 'utf8').matchAll(/^(?:import|export) (?!type\b)[^;]*?'([^']+)';/gm);
    for (const [, from] of statements)
      if (from!.startsWith('.')) visit(join(dirname(file), from!));
      else packages.add(from!);
  };
  const of = (file: string) => {
    packages.clear();
    seen.clear();
    visit(fileURLToPath(new URL(`../../../server/${file}`, import.meta.url)));
    return ['echarts/dist/echarts.esm.min.mjs', 'docx', 'exceljs', 'easy-template-x', '@resvg/resvg-js'].filter(
      (name) => packages.has(name),
    );
  };
  expect(of('main.ts')).toEqual([]);
  expect(of('reports/files/renderThread.ts')).toHaveLength(5);
});
