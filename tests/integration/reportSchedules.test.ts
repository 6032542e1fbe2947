import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { startOfDay, dayOf, parseRfc3339 } from '../../common/regionTime.ts';
import { dueAfter } from '../../common/report/schedule.ts';
import { Workdays } from '../../common/terms/workdays.ts';
import type { Calendars } from '../../contract/calendar.ts';
import type { Frame } from '../../contract/frame.ts';
import type { ReportList, ScheduleItem } from '../../contract/reports.ts';
import { raised } from '../support/events.ts';
import { get, post, startServer, until, type RunningServer } from '../support/server.ts';
import { steeredClock } from '../support/steeredClock.ts';
import { testRedis } from '../support/testRedis.ts';
import type { RedisClient } from '../../server/platform/redis/connect.ts';

/** Scheduled reports are made once, also by several processes, also when these were not there at the time. */

const DAY = 86_400_000;
let servers: RunningServer[] = [];
let redis: { client: RedisClient; url: string };
testRedis((client, port) => {
  redis = { client, url: `redis://127.0.0.1:${port}` };
});
afterEach(async () => {
  for (const server of servers) await server.stop();
  servers = [];
});

async function start(filesDir?: string, env: Record<string, string> = {}): Promise<RunningServer> {
  const server = await startServer({ REDIS_URL: redis.url, ...(filesDir ? { FILES_DIR: filesDir } : {}), ...env });
  servers.push(server);
  return server;
}

it('makes what was missed once, in order and late, by two processes of which one is killed', async () => {
  const first = await start();
  const files = join(first.dataDir, 'files');
  await post(first.url, [
    raised(Date.now() - 40 * DAY, { alertId: 'A1' }),
    raised(Date.now() - 3 * DAY, { alertId: 'A2' }),
  ]);
  await until('both are counted', async () => {
    const frame = await get<Frame>(first.url, '/api/v1/snapshot?scope=330110&window=all');
    return frame.totals.raised === 2;
  });
  const response = await fetch(`${first.url}/api/v1/report-schedules`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ kind: 'daily', scope: '330110', lang: 'zh-CN', rhythm: 'workday', time: '00:00' }),
  });
  const { id } = (await response.json()) as ScheduleItem;
  const second = await start(files);
  // As if nobody had been there for ten days.
  const since = startOfDay(dayOf(Date.now())) - 10 * DAY + 1;
  await redis.client.hset('{reports}:done', id, String(since));
  const { years } = await get<Calendars>(first.url, '/api/v1/calendars');
  const workdays = new Workdays(years.map(({ calendar }) => calendar));
  const due: number[] = [];
  for (
    let at = since;
    (at = dueAfter({ kind: 'daily', rhythm: 'workday', time: '00:00' }, at, workdays).at) <= Date.now();
  )
    due.push(at);
  expect(due.length).toBeGreaterThan(4);

  const made = async (server: RunningServer) => (await get<ReportList>(server.url, '/api/v1/reports')).items;
  await until('the first of them is made', async () => (await made(second)).length > 0);
  await first.kill('SIGKILL');
  await until('all are made', async () => (await made(second)).length >= due.length, 90_000);
  const items = await made(second);
  expect(items.map(({ schedule }) => Date.parse(schedule!.dueAt)).sort((a, b) => a - b)).toEqual(due);
  // Midnight of today may be a moment ago.
  for (const item of items)
    if (Date.now() - Date.parse(item.schedule!.dueAt) > 10 * 60_000) expect(item.schedule!.late).toBe(true);
  const oldest = items.at(-1)!;
  const page = await (await fetch(`${second.url}/api/v1/reports/${oldest.id}.html`)).text();
  expect(page).toContain('补制于此时');
  // Each covers the days since the one before: no day is missing, and none is twice.
  const spans = items.map(({ from, to }) => [from, to]).sort();
  for (let i = 1; i < spans.length; i++) expect(spans[i]![0]).toBe(spans[i - 1]![1]);
  expect(readdirSync(join(files, 'reports')).filter((name) => name !== 'unfinished')).toHaveLength(due.length);
}, 150_000);

it('tells people of each report once, by two processes', async () => {
  const got: string[] = [];
  const gateway = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { to, text } = JSON.parse(Buffer.concat(parts).toString()) as { to: string; text: string };
      got.push(`${to} ${text}`);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(gateway.address() as AddressInfo).port}`;
  try {
    const env = { CONNECTOR_HOSTS: host, PUBLIC_URL: 'http://127.0.0.1' };
    const first = await start(undefined, env);
    const second = await start(join(first.dataDir, 'files'), env);
    await post(first.url, [raised(Date.now() - 40 * DAY, { alertId: 'A1' })]);
    for (const { url } of [first, second])
      await until('it is counted', async () => {
        const frame = await get<Frame>(url, '/api/v1/snapshot?scope=330110&window=all');
        return frame.totals.raised === 1;
      });
    const send = async (method: string, path: string, body: object) => {
      const response = await fetch(`${first.url}/api/v1/${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(response.status, path).toBeLessThan(300);
      return (await response.json()) as { id: string };
    };
    const phones = { leaders: '0571-2' };
    await send('PUT', 'connectors/message?region=330110', { kind: 'message', url: `http://${host}/sms`, phones });
    const schedule = { kind: 'daily', scope: '330110', lang: 'en', rhythm: 'workday', time: '00:00' };
    // There is no number of officers: they are sent nothing.
    const { id } = await send('POST', 'report-schedules', { ...schedule, tell: ['leaders', 'officers'] });
    await redis.client.hset('{reports}:done', id, String(startOfDay(dayOf(Date.now())) - 7 * DAY));
    const items = await until(
      'all are made',
      async () => {
        const { items: made } = await get<ReportList>(second.url, '/api/v1/reports');
        const done = await redis.client.hget('{reports}:done', id);
        return made.length > 1 && Number(done) > Date.now() - 5 * DAY && made.length === got.length && made;
      },
      90_000,
    );
    for (const { digest } of items)
      expect(got.filter((one) => one.includes(`http://127.0.0.1/reports/${digest}/lists`))).toHaveLength(1);
    expect(got.every((one) => one.startsWith('0571-2 【欠薪预警】'))).toBe(true);
  } finally {
    gateway.closeAllConnections();
    gateway.close();
  }
}, 150_000);

it('says that a report is late whose time came while nobody was there, however soon after it is made', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'report-late-'));
  // A Monday.
  const clock = steeredClock(dir, parseRfc3339('2026-11-30T08:31:00+08:00')!);
  try {
    const server = await start(undefined, clock.env);
    await post(server.url, [raised(clock.now() - 5 * DAY, { alertId: 'A1' })]);
    await until('it is counted', async () => {
      const frame = await get<Frame>(server.url, '/api/v1/snapshot?scope=330110&window=all');
      return frame.totals.raised === 1;
    });
    const add = async (time: string) => {
      const response = await fetch(`${server.url}/api/v1/report-schedules`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ kind: 'daily', scope: '330110', lang: 'en', rhythm: 'workday', time }),
      });
      return ((await response.json()) as ScheduleItem).id;
    };
    const missed = await add('08:30');
    const present = await add('08:40');
    await redis.client.hset('{reports}:done', missed, String(clock.now() - 10 * 60_000));
    const lateOf = (id: string) =>
      until(`that of ${id} is made`, async () => {
        const { items } = await get<ReportList>(server.url, '/api/v1/reports');
        return items.find(({ schedule }) => schedule?.id === id)?.schedule;
      });
    expect((await lateOf(missed)).late).toBe(true);
    clock.set(10 * 60_000);
    expect((await lateOf(present)).late).toBe(false);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}, 60_000);
