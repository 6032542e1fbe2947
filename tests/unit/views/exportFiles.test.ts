import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import ExcelJS from 'exceljs';
import readExcelFile from 'read-excel-file/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlertRow } from '../../../server/alerts/row.ts';
import { columnsOf } from '../../../server/views/export/exportColumns.ts';
import { csvOf } from '../../../server/views/export/csv.ts';
import { columnLetters, xlsxOf } from '../../../server/views/export/xlsx.ts';
import { PACK } from '../lists/support.ts';

const NOW = Date.UTC(2026, 10, 21, 10, 24, 7);
/** Names as they come: long digits, what looks like an escape of the format, formulas in all widths, other scripts. */
const NAMES = [
  '某建筑公司',
  '_x0041_公司',
  'a_x000D_b _X00e9_ _x004_',
  '＝1+1',
  '=1+1',
  '  ＋cmd|x',
  '\u200B@SUM(A1)',
  '－5',
  '<甲> & "乙"',
  'two\nlines',
  '\u202Eevil',
];
const ROWS = NAMES.map((name, i): AlertRow => ({
  alertId: `33011020260000000${i + 10}`,
  tier: 'red',
  town: PACK.towns[0]!.code,
  industry: 'E',
  channel: 'petition',
  stage: 'accepted',
  unit: '某街道综合信息指挥室',
  enterprise: { name, uscc: '91330110MA2' },
  workers: i,
  amountFen: 9_007_199_254_740_99,
  raisedAt: NOW,
  dueAt: NOW,
  recoveredFen: 0,
  changedAt: NOW,
}));

async function* batches() {
  yield await Promise.resolve(ROWS.slice(0, 4));
  yield ROWS.slice(4);
}
async function bytesOf(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

/** RFC 4180 with fields in quotes, as LibreOffice writes it. */
function fieldsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '') break;
    if (end !== ',') rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}

let folder: string;
let workbook: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wagewatch-export-'));
  workbook = await bytesOf(xlsxOf(columnsOf(PACK, 'zh-CN', NOW), batches()));
  await writeFile(join(folder, 'list.xlsx'), workbook);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a spreadsheet shows of a file, as text: opened and saved as CSV by LibreOffice. */
async function asLibreOfficeReads(name: string): Promise<string[][]> {
  const out = join(folder, 'out');
  await promisify(execFile)('soffice', [
    `-env:UserInstallation=file://${folder}/profile`,
    '--headless',
    '--convert-to',
    'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false',
    '--outdir',
    out,
    join(folder, name),
  ]);
  return fieldsOf(await readFile(join(out, name.replace(/\.\w+$/, '.csv')), 'utf8'));
}

describe('an exported workbook', () => {
  it('names columns as spreadsheets do', () => {
    expect([0, 25, 26, 51, 52, 701, 702].map(columnLetters)).toEqual(['A', 'Z', 'AA', 'AZ', 'BA', 'ZZ', 'AAA']);
  });

  it('is read to the letter by LibreOffice', async () => {
    const [head, ...rows] = await asLibreOfficeReads('list.xlsx');
    expect(head!.slice(0, 5)).toEqual(['预警编号', '等级', '镇街', '企业', '统一社会信用代码']);
    expect(rows.map((row) => row[3])).toEqual(NAMES);
    expect(rows.map((row) => row[0])).toEqual(ROWS.map(({ alertId }) => alertId));
  });

  it('is read to the letter by exceljs', async () => {
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(workbook as unknown as ExcelJS.Buffer);
    const sheet = book.worksheets[0]!;
    expect(sheet.rowCount).toBe(ROWS.length + 1);
    expect(NAMES.map((_, i) => sheet.getCell(`D${i + 2}`).text)).toEqual(NAMES);
    expect(['K', 'L', 'N', 'P'].map((column) => sheet.getCell(`${column}1`).text)).toEqual([
      '处置平台',
      '处置单位',
      '涉及金额（元）',
      '触发时间',
    ]);
    expect(sheet.getCell('L2').value).toBe('某街道综合信息指挥室');
    expect(sheet.getCell('N2').value).toBe(9_007_199_254_740.99);
    expect(sheet.getCell('P2').value).toEqual(new Date(Date.UTC(2026, 10, 21, 18, 24, 7)));
  });

  it('is read to the letter by read-excel-file', async () => {
    const rows = (await readExcelFile(workbook, { trim: false })) as unknown as unknown[][];
    const sheet = Array.isArray(rows[0]) ? rows : (rows as unknown as { data: unknown[][] }[])[0]!.data;
    expect(sheet.slice(1).map((row) => row[3])).toEqual(NAMES);
  });
});

describe('an exported CSV', () => {
  it('starts no formula, however its sign is written', async () => {
    await writeFile(join(folder, 'plain.csv'), await bytesOf(csvOf(columnsOf(PACK, 'zh-CN', NOW), batches())));
    const text = await readFile(join(folder, 'plain.csv'), 'utf8');
    const names = fieldsOf(text.slice(1))
      .slice(1)
      .map((row) => row[3]!);
    const guarded = new Set(['＝1+1', '=1+1', '  ＋cmd|x', '\u200B@SUM(A1)', '－5']);
    expect(names).toEqual(NAMES.map((name) => (guarded.has(name) ? `'${name}` : name)));
    for (const name of names) expect(name.normalize('NFKC').replace(/[\s\u200B]/gu, '')).not.toMatch(/^[=+\-@]/);
  });
});
