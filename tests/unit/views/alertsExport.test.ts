import { unzipSync, strFromU8 } from 'fflate';
import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../common/regionTime.ts';
import type { AlertRow } from '../../../server/alerts/row.ts';
import { columnsOf } from '../../../server/views/export/exportColumns.ts';
import { csvOf } from '../../../server/views/export/csv.ts';
import { xlsxOf } from '../../../server/views/export/xlsx.ts';
import { PACK } from '../lists/support.ts';

const NOW = Date.UTC(2026, 10, 21, 10, 24, 7);
const row = (n: number, name: string): AlertRow => ({
  alertId: `YH-${n}`,
  tier: 'red',
  town: PACK.towns[0]!.code,
  industry: 'E',
  channel: 'petition',
  stage: 'accepted',
  enterprise: { name, uscc: '91330110MA2' },
  workers: n,
  amountFen: 123_456,
  raisedAt: NOW - DAY_MS,
  dueAt: NOW - 1,
  recoveredFen: 0,
  changedAt: NOW,
});
const ROWS = [
  row(1, '某建筑公司'),
  row(2, 'A "quoted", name\nin two lines'),
  row(3, '=HYPERLINK("x")'),
  row(4, '<甲> & \u0001乙'),
];
async function* batches() {
  yield await Promise.resolve(ROWS.slice(0, 3));
  yield ROWS.slice(3);
}
async function collect(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}
/** RFC 4180, as a reader of its own. */
function parseCsv(text: string): string[][] {
  const lines: string[][] = [];
  for (let i = 0; i < text.length;) {
    const line: string[] = [];
    for (;;) {
      let field = '';
      if (text[i] === '"') {
        for (i++; text[i] !== '"' || text[i + 1] === '"'; i++) {
          if (text[i] === '"') i++;
          field += text[i];
        }
        i++;
      } else while (i < text.length && text[i] !== ',' && text[i] !== '\r') field += text[i++];
      line.push(field);
      if (text[i] === ',') i++;
      else break;
    }
    i += 2;
    lines.push(line);
  }
  return lines;
}

describe('a list as a file', () => {
  it('is CSV that spreadsheets take for Chinese, with nothing that runs', async () => {
    const bytes = await collect(csvOf(columnsOf(PACK, 'zh-CN', NOW), batches()));
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const [head, ...lines] = parseCsv(bytes.toString().slice(1));
    expect(lines).toHaveLength(4);
    expect(lines.every((line) => line.length === head!.length)).toBe(true);
    const at = (line: string[], heading: string) => line[head!.indexOf(heading)];
    expect([
      at(lines[0]!, '预警编号'),
      at(lines[0]!, '等级'),
      at(lines[0]!, '来源'),
      at(lines[0]!, '涉及金额（元）'),
      at(lines[0]!, '触发时间'),
      at(lines[0]!, '是否超期'),
    ]).toEqual(['YH-1', '红色', '信访投诉', '1234.56', '2026-11-20 18:24:07', '是']);
    expect(at(lines[1]!, '企业')).toBe('A "quoted", name\nin two lines');
    expect(at(lines[2]!, '企业')).toBe('\'=HYPERLINK("x")');
  });

  it('is a workbook with the same rows', async () => {
    const parts = unzipSync(await collect(xlsxOf(columnsOf(PACK, 'en', NOW), batches())));
    expect(Object.keys(parts).sort()).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      'xl/_rels/workbook.xml.rels',
      'xl/sharedStrings.xml',
      'xl/styles.xml',
      'xl/workbook.xml',
      'xl/worksheets/sheet1.xml',
    ]);
    const sheet = strFromU8(parts['xl/worksheets/sheet1.xml']!);
    expect(sheet.match(/<row /g)).toHaveLength(5);
    expect(sheet).toContain('<t xml:space="preserve">Employer</t>');
    expect(sheet).toContain('&lt;甲&gt; &amp; 乙');
    // 2026-11-20 18:24:07 in the days of spreadsheets.
    const days = Number(/<c r="P2" s="1"><v>([\d.]+)<\/v>/.exec(sheet)![1]);
    expect(Math.abs(days - (Date.UTC(2026, 10, 20, 18, 24, 7) - Date.UTC(1899, 11, 30)) / DAY_MS)).toBeLessThan(1e-6);
  });
});
