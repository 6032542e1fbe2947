import { toRfc3339 } from '../../../common/regionTime.ts';
import type { Cell, Column } from './exportColumns.ts';

/** Spreadsheets take CSV for UTF-8 only with this in front. */
const BOM = '\uFEFF';

/**
 * A name that begins like a formula must not become one in the spreadsheet that opens the file (OWASP, CSV injection).
 * Spreadsheets pass over white space and invisible characters in front, and Chinese and Japanese ones take the
 * full-width signs for the narrow ones; so does whoever normalises the text.
 */
const FORMULA =
  /^[\s\p{Default_Ignorable_Code_Point}\p{Cc}]*[=+\-@\u2212\uFE62\uFE63\uFE66\uFE6B\uFF0B\uFF0D\uFF1D\uFF20]|^[\t\r\n]/u;

function fieldOf(cell: Cell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return String(cell);
  if (typeof cell === 'object') return toRfc3339(cell.at).slice(0, 19).replace('T', ' ');
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows as CSV (RFC 4180, UTF-8 with a byte order mark), a piece for each batch of rows. */
export async function* csvOf<Row>(
  columns: readonly Column<Row>[],
  batches: AsyncIterable<readonly Row[]>,
): AsyncGenerator<Buffer> {
  const line = (cells: readonly Cell[]) => `${cells.map(fieldOf).join(',')}\r\n`;
  yield Buffer.from(BOM + line(columns.map(({ heading }) => heading)));
  for await (const rows of batches)
    yield Buffer.from(rows.map((row) => line(columns.map(({ value }) => value(row)))).join(''));
}
