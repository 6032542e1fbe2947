import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startOfMonth, toRfc3339 } from '../../common/regionTime.ts';
import type { Frame } from '../../contract/frame.ts';
import type { ReportItem, ReportList, ScheduleItem } from '../../contract/reports.ts';
import type { ReportSituation } from '../../contract/reportSituation.ts';
import { event, raised } from '../support/events.ts';
import { get, post, startServer, until, type RunningServer } from '../support/server.ts';

/** Reports over HTTP: their figures are those of frames, what is refused, what is kept (contract §11). */

const DAY = 86_400_000;
const HOUR = 3_600_000;
const REGION = '330110';
const TOWN = '330110012';
let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
  const now = Date.now();
  const monthStart = startOfMonth(now);
  const before = startOfMonth(monthStart - DAY);
  const events = [];
  for (let i = 0; i < 60; i++) {
    const at = i < 25 ? before + (i % 20) * DAY + i * HOUR : now - 500 * DAY + (i - 25) * 10 * DAY;
    const alertId = `R${i}`;
    events.push(
      raised(Math.min(at, now - HOUR), {
        alertId,
        town: i % 3 ? TOWN : '330110001',
        tier: i % 5 ? 'yellow' : 'red',
        workers: i,
        amountFen: 1_000_000 * i + 7,
      }),
    );
    if (i % 4 === 0)
      events.push(
        event('wage.alert.audited', Math.min(at + HOUR, now), {
          alertId,
          verdict: i % 8 ? 'false-alarm' : 'effective',
        }),
      );
  }
  const { body } = await post(server.url, events);
  expect(body).toMatchObject({ accepted: events.length });
  await until('all is counted', async () => {
    const frame = await get<Frame>(server.url, `/api/v1/snapshot?scope=${REGION}&window=all`);
    return frame.totals.raised === 60;
  });
});
afterAll(async () => {
  await server.stop();
});

const ask = async (method: string, path: string, body?: unknown) => {
  const response = await fetch(server.url + path, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
};
const folder = () => join(server.dataDir, 'files/reports');
const situationOf = (id: string) =>
  JSON.parse(readFileSync(join(folder(), id, 'situation.json'), 'utf8')) as ReportSituation;
const lastMonth = () => startOfMonth(startOfMonth(Date.now()) - DAY);

it('makes the report of a month, whose figures are those of frames of that time', async () => {
  const { status, body } = await ask('POST', '/api/v1/reports', {
    kind: 'monthly',
    scope: REGION,
    at: toRfc3339(lastMonth() + 3 * DAY),
  });
  expect(status).toBe(201);
  const item = body as unknown as ReportItem;
  expect(item).toMatchObject({ kind: 'monthly', scope: REGION, lang: 'zh-CN', whole: true, by: 'everybody' });
  const situation = situationOf(item.id);
  // The last minute of the month, in the window of the month: the same buckets by another way.
  const end = startOfMonth(Date.now()) - 60_000;
  const frame = await get<Frame>(
    server.url,
    `/api/v1/snapshot?scope=${REGION}&window=month&at=${encodeURIComponent(toRfc3339(end))}`,
  );
  const { figures } = situation;
  expect(figures.totals).toEqual(frame.totals);
  expect(figures.totals.raised).toBeGreaterThanOrEqual(25);
  expect(figures.byTier).toEqual(frame.byTier);
  expect(figures.byIndustry).toEqual(frame.byIndustry);
  expect(figures.byChannel).toEqual(frame.byChannel);
  for (const [code, { tiers, ...row }] of Object.entries(frame.byTown)) {
    expect(tiers).toBeDefined();
    expect(figures.byTown[code]).toEqual(row);
  }
  expect(situation.series).toEqual(frame.series);
  const { previous, lastYear } = situation;
  if ('figures' in previous!) expect(previous.figures.totals).toMatchObject(frame.compare.previous!);
  if ('figures' in lastYear) expect(lastYear.figures.totals).toMatchObject(frame.compare.lastYear!);
  // Nobody kept what the stages were then.
  if (Date.now() - startOfMonth(Date.now()) > DAY) expect(situation.state).toEqual({ missing: 'not-kept' });
  expect(situation.gravest.length).toBe(6);
  expect(JSON.stringify(situation)).not.toContain('enterprise":');

  const digest = createHash('sha256')
    .update(readFileSync(join(folder(), item.id, 'situation.json')))
    .digest('hex');
  expect(item.digest).toBe(digest);
  for (const [format, type] of [
    ['html', 'text/html'],
    ['docx', 'wordprocessingml'],
    ['xlsx', 'spreadsheetml'],
  ] as const) {
    const response = await fetch(`${server.url}/api/v1/reports/${item.id}.${format}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain(type);
    expect(response.headers.get('content-disposition')).toContain(`wagewatch-monthly-${REGION}-`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(bytes.length).toBe(item.files[format]);
    if (format === 'html') {
      expect(Buffer.from(bytes).toString()).toContain(digest);
      expect(response.headers.get('content-security-policy')).toContain('sandbox');
    } else expect(Object.keys(unzipSync(bytes))).toContain('[Content_Types].xml');
  }
  const list = await get<ReportList>(server.url, `/api/v1/reports?scope=${REGION}`);
  expect(list.items[0]).toEqual(item);
  expect(await get<ReportItem>(server.url, `/api/v1/reports/${item.id}`)).toEqual(item);
});

it('makes reports of towns, of spans and of what has elapsed of a period, in English', async () => {
  // Not the last full hour: it may have passed while this server ran, so that its frame was kept.
  const to = Math.floor(Date.now() / HOUR) * HOUR - HOUR;
  const special = await ask('POST', '/api/v1/reports', {
    kind: 'special',
    scope: TOWN,
    lang: 'en',
    from: toRfc3339(to - 50 * HOUR),
    to: toRfc3339(to),
  });
  expect(special.status).toBe(201);
  const { id } = special.body as unknown as ReportItem;
  // It ended less than a day ago: the stages are those of now, and the report says so.
  expect(situationOf(id).state).toMatchObject({ source: 'now' });
  expect(situationOf(id).lastYear).toMatchObject(
    to % DAY === 16 * HOUR && (to - 50 * HOUR) % DAY === 16 * HOUR ? {} : { missing: 'hours' },
  );
  const html = await (await fetch(`${server.url}/api/v1/reports/${id}.html`)).text();
  expect(html).toContain('<html lang="en">');
  const yearly = await ask('POST', '/api/v1/reports', { kind: 'yearly', scope: REGION });
  expect(yearly.status).toBe(201);
  expect(situationOf((yearly.body as unknown as ReportItem).id)).not.toHaveProperty('previous');
  const inTown = await get<ReportList>(server.url, `/api/v1/reports?scope=${TOWN}`);
  expect(inTown.items.every(({ scope }) => scope === TOWN)).toBe(true);
  expect(inTown.total).toBe(1);
});

it.each<[what: string, body: object, status: number, parameter: string | undefined]>([
  [
    'a century',
    { kind: 'special', scope: REGION, from: '2000-01-02T00:00:00+08:00', to: '2026-01-01T00:00:00+08:00' },
    422,
    'from',
  ],
  ['the future', { kind: 'monthly', scope: REGION, at: '2099-01-01T00:00:00+08:00' }, 400, 'at'],
  [
    'an end in the future',
    { kind: 'special', scope: REGION, from: '2026-01-01T00:00:00+08:00', to: '2099-01-01T00:00:00+08:00' },
    400,
    'to',
  ],
  [
    'a span the wrong way',
    { kind: 'special', scope: REGION, from: '2026-02-01T00:00:00+08:00', to: '2026-01-01T00:00:00+08:00' },
    400,
    'from',
  ],
  [
    'half an hour',
    { kind: 'special', scope: REGION, from: '2026-01-01T00:30:00+08:00', to: '2026-01-02T00:00:00+08:00' },
    422,
    'from',
  ],
  [
    'hours that are no longer kept',
    { kind: 'special', scope: REGION, from: '2026-01-01T01:00:00+08:00', to: '2026-01-02T00:00:00+08:00' },
    422,
    'from',
  ],
  ['no span', { kind: 'special', scope: REGION }, 400, 'from'],
  ['a span of a month', { kind: 'monthly', scope: REGION, from: '2026-01-01T00:00:00+08:00' }, 400, 'from'],
  ['before the beginning', { kind: 'yearly', scope: REGION, at: '2010-05-01T00:00:00+08:00' }, 422, 'from'],
  ['an unknown scope', { kind: 'monthly', scope: '110101' }, 422, 'scope'],
  ['no scope', { kind: 'monthly' }, 400, undefined],
  ['an unknown kind', { kind: 'hourly', scope: REGION }, 400, 'kind'],
  ['what is no date', { kind: 'monthly', scope: REGION, at: '2026-02-30T00:00:00+08:00' }, 400, 'at'],
])('refuses %s, with words', async (_what, body, status, parameter) => {
  const answer = await ask('POST', '/api/v1/reports', body);
  expect(answer.status).toBe(status);
  expect(String(answer.body['detail'])).not.toBe('');
  if (parameter !== undefined) expect(answer.body['parameter']).toBe(parameter);
});

it('knows no report by a path', async () => {
  for (const id of ['..%2F..%2Fx', 'none', '20261128T083000-330110-monthly-aaaaaaaa'])
    for (const ending of ['', '.html', '.xlsx'])
      expect((await ask('GET', `/api/v1/reports/${id}${ending}`)).status).toBe(404);
});

it('lists nothing that is not whole', async () => {
  const before = await get<ReportList>(server.url, '/api/v1/reports');
  // What a process that was killed leaves behind.
  mkdirSync(join(folder(), 'unfinished/half'), { recursive: true });
  writeFileSync(join(folder(), 'unfinished/half/report.json'), '{}');
  mkdirSync(join(folder(), '20261128T083000-330110-monthly-bbbbbbbb'));
  expect(await get<ReportList>(server.url, '/api/v1/reports')).toEqual(before);
});

it('keeps nothing of a report that the disk refuses', async () => {
  // Who may do everything is refused nothing.
  if (process.getuid?.() === 0) return;
  const before = readdirSync(folder()).sort();
  chmodSync(join(folder(), 'unfinished'), 0o500);
  try {
    expect((await ask('POST', '/api/v1/reports', { kind: 'yearly', scope: REGION })).status).toBeGreaterThanOrEqual(
      500,
    );
  } finally {
    chmodSync(join(folder(), 'unfinished'), 0o700);
  }
  expect(readdirSync(folder()).sort()).toEqual(before);
});

const SCHEDULE = { kind: 'daily', scope: REGION, lang: 'zh-CN', rhythm: 'workday', time: '08:30' };
it('keeps schedules, and tells what is wrong with one', async () => {
  const made = await ask('POST', '/api/v1/report-schedules', SCHEDULE);
  expect(made.status).toBe(201);
  const item = made.body as unknown as ScheduleItem;
  expect(item.nextAt.slice(11, 16)).toBe('08:30');
  expect(Date.parse(item.nextAt)).toBeGreaterThan(Date.now());
  const path = `/api/v1/report-schedules/${item.id}`;
  const changed = await ask('PUT', path, { ...SCHEDULE, kind: 'weekly', rhythm: 'weekly', weekday: 1 });
  expect(changed).toMatchObject({ status: 200, body: { id: item.id, kind: 'weekly', weekday: 1 } });
  for (const [wrong, status, parameter] of [
    [{ ...SCHEDULE, rhythm: 'weekly' }, 422, 'weekday'],
    [{ ...SCHEDULE, rhythm: 'monthly' }, 422, 'nth'],
    [{ ...SCHEDULE, nth: 2 }, 422, 'nth'],
    [{ ...SCHEDULE, time: '24:30' }, 400, 'time'],
    [{ ...SCHEDULE, kind: 'special' }, 400, 'kind'],
    [{ ...SCHEDULE, rhythm: 'monthly', nth: 40 }, 400, 'nth'],
    [{ ...SCHEDULE, scope: '110101' }, 422, 'scope'],
  ] as const)
    expect(await ask('POST', '/api/v1/report-schedules', wrong)).toMatchObject({ status, body: { parameter } });
  expect(await get(server.url, `/api/v1/report-schedules?scope=${REGION}`)).toMatchObject({ items: [{ id: item.id }] });
  expect(await get(server.url, `/api/v1/report-schedules?scope=${TOWN}`)).toEqual({ items: [] });
  expect((await ask('DELETE', path)).status).toBe(204);
  expect((await ask('DELETE', path)).status).toBe(404);
});

it('opens in LibreOffice, where that is installed', async () => {
  const soffice = ['/usr/bin/soffice', '/usr/local/bin/soffice'].find((path) => existsSync(path));
  if (!soffice) return;
  const [item] = (await get<ReportList>(server.url, `/api/v1/reports?scope=${REGION}`)).items;
  const formats = ['docx', 'xlsx'];
  // Both in one start of it, to files of two names.
  const files = formats.map((format) => join(server.dataDir, `${format}.${format}`));
  formats.forEach((format, i) => {
    copyFileSync(join(folder(), item!.id, `report.${format}`), files[i]!);
  });
  const home = `-env:UserInstallation=file://${server.dataDir}/office`;
  const to = ['--headless', '--convert-to', 'pdf', '--outdir', server.dataDir];
  execFileSync(soffice, [home, ...to, ...files], { stdio: 'ignore' });
  for (const format of formats)
    expect(
      readFileSync(join(server.dataDir, `${format}.pdf`))
        .subarray(0, 5)
        .toString(),
      format,
    ).toBe('%PDF-');
}, 120_000);
