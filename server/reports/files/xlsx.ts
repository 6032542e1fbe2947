import ExcelJS from 'exceljs';
import { parseRfc3339 } from '../../../common/regionTime.ts';
import type { Cell, Report, ReportChart, Table } from '../../../common/report/model.ts';
import type { DrawChart } from './chartPng.ts';
import { FILE_WORDS, makingLines, type Making } from './fileWords.ts';
import { fixedZip } from './fixedZip.ts';

const FORMATS: Record<NonNullable<Cell['format']>, string> = {
  count: '#,##0',
  money: '#,##0.00',
  percent: '0.00%',
  points: '+0.00;−0.00;0.00',
  days: '0.0',
};
const SIGNED: Record<string, string> = { count: '+#,##0;−#,##0;0', percent: '+#,##0.00%;−#,##0.00%;0.00%' };
/** Who prints it has each sheet on A4, as wide as the paper. */
const SHEET: Partial<ExcelJS.PageSetup> = {
  paperSize: 9,
  orientation: 'landscape',
  fitToPage: true,
  fitToWidth: 1,
  fitToHeight: 0,
};
/** What a spreadsheet does not take in the name of a sheet. */
const NOT_IN_NAMES = /[\\/?*[\]:']/g;

/**
 * All tables of a report, a sheet each, after one with the sentences; a section's chart stands below its first table. Comparisons are
 * formulas that can be followed.
 */
export async function xlsxOf(report: Report, making: Making, frozenAt: string, draw: DrawChart): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  book.creator = book.lastModifiedBy = report.sender;
  book.created = book.modified = new Date(parseRfc3339(frozenAt)!);
  const words = FILE_WORDS[report.lang];
  const summary = book.addWorksheet(words.summary, { pageSetup: SHEET });
  summary.getColumn(1).width = 110;
  summary.getColumn(1).alignment = { wrapText: true, vertical: 'top' };
  const bold = (row: ExcelJS.Row, size = 11) => (row.font = { bold: true, size });
  bold(summary.addRow([report.title]), 16);
  summary.addRow([report.span]);
  for (const { heading, sentences } of report.sections) {
    bold(summary.addRow([heading]), 12);
    for (const parts of sentences) summary.addRow([parts.map(({ text }) => text).join('') + words.stop]);
  }
  for (const line of [...report.notes, ...makingLines(making, report.lang)]) summary.addRow([line]);
  for (const { tables, chart } of report.sections) {
    const [first] = tables.map((table) => sheetOf(book, table));
    if (first && chart) addChart(book, first, chart, draw);
  }
  return fixedZip(new Uint8Array(await book.xlsx.writeBuffer()));
}

function sheetOf(book: ExcelJS.Workbook, { caption, columns, rows }: Table): ExcelJS.Worksheet {
  const sheet = book.addWorksheet(caption.replace(NOT_IN_NAMES, ' ').slice(0, 31), {
    views: [{ state: 'frozen', ySplit: 1 }],
    pageSetup: SHEET,
  });
  const head = sheet.addRow(columns.map(({ label }) => label));
  head.font = { bold: true };
  columns.forEach(({ kind }, i) => {
    const column = sheet.getColumn(i + 1);
    column.width = kind === 'number' ? 16 : 28;
    if (kind === 'number') column.alignment = { horizontal: 'right' };
  });
  for (const cells of rows) {
    const row = sheet.addRow([]);
    cells.forEach((cell, i) => {
      fill(row.getCell(i + 1), cell, row);
    });
  }
  return sheet;
}

function addChart(book: ExcelJS.Workbook, sheet: ExcelJS.Worksheet, chart: ReportChart, draw: DrawChart): void {
  const picture = draw(chart);
  if (!picture) return;
  const { png, width, height } = picture;
  const caption = sheet.rowCount + 2;
  sheet.getCell(caption, 1).value = chart.caption;
  // The types of the library know no Buffer of present Node.
  const image = book.addImage({ buffer: png as unknown as ExcelJS.Buffer, extension: 'png' });
  sheet.addImage(image, { tl: { col: 0, row: caption }, ext: { width, height } });
}

function fill(to: ExcelJS.Cell, { text, value, format, formula, why }: Cell, row: ExcelJS.Row): void {
  if (value === undefined || !format) {
    to.value = text;
    if (why !== undefined) to.note = why;
    return;
  }
  if (!formula) {
    to.value = value;
    to.numFmt = FORMATS[format];
    return;
  }
  const [now, then] = [row.getCell(formula.now + 1).address, row.getCell(formula.then + 1).address];
  to.value = {
    formula: formula.kind === 'percent' ? `(${now}-${then})/${then}` : `${now}-${then}`,
    result: value,
  };
  to.numFmt = SIGNED[format]!;
}
