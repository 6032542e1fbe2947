import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Frame } from '../../contract/frame.ts';
import type { ReportItem } from '../../contract/reports.ts';
import type { ReportTemplate, ReportTemplates } from '../../contract/reportTemplates.ts';
import { raised } from '../support/events.ts';
import { get, post, startServer, until, type RunningServer } from '../support/server.ts';
import { templateDocx } from '../support/templateDocx.ts';

/** A site's own document for reports: tried, put in force, used, and taken out of force. */

const URL_OF = '/api/v1/report-templates';
const PLACE = 'region=330110&about=situation&kind=monthly';
let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
  await post(server.url, [raised(Date.now() - 45 * 86_400_000, { alertId: 'A1' })]);
  await until('it is counted', async () => {
    const frame = await get<Frame>(server.url, '/api/v1/snapshot?scope=330110&window=all');
    return frame.totals.raised === 1;
  });
});
afterAll(async () => {
  await server.stop();
});

const send = (method: string, path: string, body?: Buffer) =>
  fetch(server.url + path, {
    method,
    ...(body ? { headers: { 'content-type': 'application/octet-stream' }, body: new Uint8Array(body) } : {}),
  });
const make = async () => {
  const response = await fetch(`${server.url}/api/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'monthly', scope: '330110' }),
  });
  expect(response.status).toBe(201);
  return (await response.json()) as ReportItem;
};
const textOf = (docx: Uint8Array) => strFromU8(unzipSync(docx)['word/document.xml']!).replace(/<[^>]*>/g, '');

it('is tried with present figures, put in force, named in reports made with it, and opens in LibreOffice', async () => {
  const template = await templateDocx({
    paragraphs: ['某区专用：{title}', '{text.overview}', '{qr}'],
    row: ['{#table.overview}{c1}', '{c2}{/}'],
  });
  const preview = await send('POST', `${URL_OF}/preview?${PLACE}`, template);
  expect(preview.status).toBe(200);
  expect(textOf(new Uint8Array(await preview.arrayBuffer()))).toContain('某区专用：杭州市余杭区欠薪预警月报');
  expect((await get<ReportTemplates>(server.url, URL_OF)).items).toEqual([]);

  const set = await send('PUT', `${URL_OF}?${PLACE}&name=${encodeURIComponent('C:\\某区月报.docx')}`, template);
  expect(set.status).toBe(200);
  const kept = (await set.json()) as ReportTemplate;
  const digest = createHash('sha256').update(template).digest('hex');
  expect(kept).toMatchObject({ name: '某区月报.docx', digest, bytes: template.length });
  expect(
    readFileSync(join(server.dataDir, 'files/report-templates', digest.slice(0, 2), digest)).equals(template),
  ).toBe(true);
  expect((await get<ReportTemplates>(server.url, URL_OF)).items).toEqual([kept]);
  const back = await send('GET', `${URL_OF}/file?${PLACE}`);
  expect(Buffer.from(await back.arrayBuffer()).equals(template)).toBe(true);

  const item = await make();
  expect(item.template).toEqual({ name: '某区月报.docx', digest });
  const docx = new Uint8Array(await (await send('GET', `/api/v1/reports/${item.id}.docx`)).arrayBuffer());
  expect(textOf(docx)).toContain('某区专用');
  const soffice = ['/usr/bin/soffice', '/usr/local/bin/soffice'].find((path) => existsSync(path));
  if (soffice) {
    writeFileSync(join(server.dataDir, 'filled.docx'), docx);
    const home = `-env:UserInstallation=file://${server.dataDir}/office`;
    const to = ['--headless', '--convert-to', 'pdf', '--outdir', server.dataDir];
    execFileSync(soffice, [home, ...to, join(server.dataDir, 'filled.docx')], { stdio: 'ignore' });
    expect(readFileSync(join(server.dataDir, 'filled.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
  }

  expect((await send('DELETE', `${URL_OF}?${PLACE}`)).status).toBe(204);
  expect((await send('DELETE', `${URL_OF}?${PLACE}`)).status).toBe(404);
  expect((await send('GET', `${URL_OF}/file?${PLACE}`)).status).toBe(404);
  expect((await make()).template).toBeUndefined();
}, 120_000);

it('is refused with words, and then nothing is in force', async () => {
  for (const [body, status, rule] of [
    [Buffer.from('x'), 422, 'file-type'],
    [await templateDocx({ paragraphs: ['{rasied}'] }), 422, 'template-placeholders'],
    [Buffer.alloc(9 * 1024 * 1024, 1), 413, undefined],
    [undefined, 400, undefined],
  ] as const) {
    const answer = await send('PUT', `${URL_OF}?${PLACE}&name=a.docx`, body);
    expect(answer.status).toBe(status);
    expect(((await answer.json()) as { rule?: string }).rule).toBe(rule);
  }
  const good = await templateDocx({ paragraphs: ['{title}'] });
  expect((await send('PUT', `${URL_OF}?region=110101&about=situation&kind=monthly&name=a`, good)).status).toBe(422);
  expect((await send('PUT', `${URL_OF}?region=330110&about=weather&kind=monthly&name=a`, good)).status).toBe(400);
  expect((await get<ReportTemplates>(server.url, URL_OF)).items).toEqual([]);
});
