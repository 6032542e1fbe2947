import { strToU8, Zip, ZipDeflate } from 'fflate';
import { DAY_MS, REGION_OFFSET_MS } from '../../../common/regionTime.ts';
import type { AlertRow } from '../../alerts/row.ts';
import type { Cell, Column } from './exportColumns.ts';

/** Rows of one sheet, the heading not counted (ECMA-376). */
export const MAX_XLSX_ROWS = 1_048_575;

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
/** Days from the epoch of spreadsheets to that of Unix. */
const EPOCH_DAYS = 25_569;

/** The parts of a workbook besides its one sheet. Style 1: a moment, 2: the heading. */
const PARTS: Record<string, string> = {
  '[Content_Types].xml': `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`,
  '_rels/.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="WageWatch" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${OFFICE}/styles" Target="styles.xml"/><Relationship Id="rId3" Type="${OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
  'xl/styles.xml': `<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf xfId="0"/><xf numFmtId="164" applyNumberFormat="1" xfId="0"/><xf fontId="1" applyFont="1" xfId="0"/></cellXfs></styleSheet>`,
};
const HEADING = 2;
const MOMENT = 1;

/** Text as XML; what XML 1.0 cannot hold is left out. */
function escape(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/**
 * What looks like `_x0041_`, which ECMA-376 (22.9.2.19, ST_Xstring) reads as a character by its number; its underscore
 * is written `_x005F_`. LibreOffice reads fewer digits as such, too.
 */
const NUMBERED = /_(?=x[0-9a-f]+_)/gi;

/**
 * The strings that look like numbered characters. Readers differ on those in a cell, but all undo `_x005F_` in the
 * table of shared strings. Other strings stay in their cells, so that nothing grows with the sheet.
 */
class SharedStrings {
  private readonly places = new Map<string, number>();

  /** The place of a text in the table; undefined where it may stay in its cell. */
  placeOf(text: string): number | undefined {
    if (text.search(NUMBERED) < 0) return undefined;
    let place = this.places.get(text);
    if (place === undefined) this.places.set(text, (place = this.places.size));
    return place;
  }

  toXml(): string {
    const items = [...this.places.keys()].map(
      (text) => `<si><t xml:space="preserve">${escape(text.replace(NUMBERED, '_x005F_'))}</t></si>`,
    );
    return `<sst xmlns="${MAIN}" uniqueCount="${items.length}">${items.join('')}</sst>`;
  }
}

/** The letters of a column: 0 is A, 26 is AA. */
export function columnLetters(index: number): string {
  const rest = Math.floor(index / 26);
  return (rest > 0 ? columnLetters(rest - 1) : '') + String.fromCharCode(65 + (index % 26));
}

/** One cell. Its place is written out (`r`): ECMA-376 lets it be left out, but many readers do not. */
function cellOf(shared: SharedStrings, place: string, cell: Cell, style = 0): string {
  if (cell === undefined || cell === '') return '';
  if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`;
  if (typeof cell === 'object')
    return `<c r="${place}" s="${MOMENT}"><v>${(cell.at + REGION_OFFSET_MS) / DAY_MS + EPOCH_DAYS}</v></c>`;
  const styled = style ? ` s="${style}"` : '';
  const index = shared.placeOf(cell);
  if (index !== undefined) return `<c r="${place}" t="s"${styled}><v>${index}</v></c>`;
  return `<c r="${place}" t="inlineStr"${styled}><is><t xml:space="preserve">${escape(cell)}</t></is></c>`;
}

/** One row of the sheet, counted from 1. */
function rowOf(shared: SharedStrings, number: number, cells: readonly Cell[], style = 0): string {
  return `<row r="${number}">${cells.map((cell, i) => cellOf(shared, `${columnLetters(i)}${number}`, cell, style)).join('')}</row>`;
}

/**
 * Alerts as a workbook of one sheet (ECMA-376), a piece for each batch of rows: nothing is held but what is being packed.
 */
export async function* xlsxOf(
  columns: readonly Column[],
  batches: AsyncIterable<readonly AlertRow[]>,
): AsyncGenerator<Buffer> {
  const shared = new SharedStrings();
  let packed: Buffer[] = [];
  const zip = new Zip((error, data) => {
    if (error) throw error;
    packed.push(Buffer.from(data));
  });
  const take = () => {
    const piece = Buffer.concat(packed);
    packed = [];
    return piece;
  };
  for (const [name, body] of Object.entries(PARTS)) {
    const part = new ZipDeflate(name);
    zip.add(part);
    part.push(strToU8(XML + body), true);
  }
  const sheet = new ZipDeflate('xl/worksheets/sheet1.xml', { level: 6 });
  zip.add(sheet);
  const widths = columns
    .map(({ width }, i) => `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`)
    .join('');
  sheet.push(
    strToU8(
      `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${widths}</cols><sheetData>${rowOf(
        shared,
        1,
        columns.map(({ heading }) => heading),
        HEADING,
      )}`,
    ),
  );
  let number = 1;
  for await (const rows of batches) {
    const lines = rows.map((row) =>
      rowOf(
        shared,
        ++number,
        columns.map(({ value }) => value(row)),
      ),
    );
    sheet.push(strToU8(lines.join('')));
    const piece = take();
    if (piece.length > 0) yield piece;
  }
  sheet.push(strToU8('</sheetData></worksheet>'), true);
  const strings = new ZipDeflate('xl/sharedStrings.xml');
  zip.add(strings);
  strings.push(strToU8(XML + shared.toXml()), true);
  zip.end();
  yield take();
}
