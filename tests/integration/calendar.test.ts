import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Trail } from '../../contract/accessAdmin.ts';
import type { CalendarFault, Calendars, CalendarYear, KnownYear, TermEndAnswer } from '../../contract/calendar.ts';
import type { Problem } from '../../contract/rest.ts';
import { hashToken, mintToken } from '../../server/access/secret.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { freePort } from '../../testing/freePort.ts';
import { startRaw, type RawRedis } from '../../testing/rawRedis.ts';
import { main } from '../../tools/calendar.ts';
import { startServer, type RunningServer } from '../support/server.ts';

/** Working days and terms in two running processes on one Redis, in December 2026 (docs/terms.md). */

const dir = mkdtempSync(join(tmpdir(), 'wagewatch-calendar-'));
const file = (name: string) => join(dir, name);
const GRANTS = {
  admin: { role: 'admin', scope: '330110' },
  officer: { role: 'officer', scope: '330110001' },
};
type Who = keyof typeof GRANTS;
const secrets = Object.fromEntries(Object.keys(GRANTS).map((name) => [name, mintToken()])) as Record<Who, string>;
const of2026 = JSON.parse(readFileSync(join(PROJECT_ROOT, 'assets/calendar/cn-2026.json'), 'utf8')) as CalendarYear;
/** Not that of the State Council. */
const of2027: CalendarYear = {
  year: 2027,
  notices: [
    { title: '某通知（2027年）', number: '某发明电〔2026〕1号', date: '2026-11-09', url: 'https://example.org/notice' },
  ],
  off: [
    { name: '元旦', from: '2027-01-01', to: '2027-01-03' },
    { name: '春节', from: '2027-02-05', to: '2027-02-11' },
    { name: '劳动节', from: '2027-05-01', to: '2027-05-05' },
    { name: '国庆节', from: '2027-10-01', to: '2027-10-07' },
  ],
  work: ['2027-02-14'],
};

let redis: RawRedis;
let first: RunningServer;
let second: RunningServer;
let env: Record<string, string>;
beforeAll(async () => {
  redis = await startRaw({ port: await freePort() });
  const tokens = Object.entries(GRANTS).map(([name, grant]) => ({
    name,
    ...grant,
    hash: hashToken(secrets[name as Who]),
  }));
  writeFileSync(file('access.json'), JSON.stringify({ tokens }));
  writeFileSync(file('clock'), String(Date.parse('2026-12-01T09:00:00+08:00') - Date.now()));
  env = {
    REDIS_URL: `redis://127.0.0.1:${redis.port}`,
    ACCESS_FILE: file('access.json'),
    NODE_OPTIONS: `--import ${join(PROJECT_ROOT, 'tests/support/clock.mjs')}`,
    CLOCK_FILE: file('clock'),
  };
  [first, second] = await Promise.all([startServer(env), startServer({ ...env, ROLES: 'push' })]);
});
afterAll(async () => {
  await Promise.all([first.stop(), second.stop()]);
  await redis.stop();
  rmSync(dir, { recursive: true });
});

async function ask<T>(who: Who, path: string, body?: unknown, server = first): Promise<{ status: number; body: T }> {
  const answer = await fetch(`${server.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${secrets[who]}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as T };
}
const terms = (query: Record<string, string>, server = first, who: Who = 'officer') =>
  ask<TermEndAnswer & Problem>(
    who,
    `/api/v1/terms?${new URLSearchParams({ region: '330110', from: '2026-12-30T16:20:00+08:00', term: '3wd', ...query }).toString()}`,
    undefined,
    server,
  );
const known = async (server = first) => (await ask<Calendars>('officer', '/api/v1/calendars', undefined, server)).body;
/** With the variables of the command line's environment. */
async function calendar(...args: string[]): Promise<string> {
  const before = process.env.WAGEWATCH_TOKEN;
  process.env.WAGEWATCH_TOKEN = secrets.admin;
  try {
    return await main([...args, '--url', first.url]);
  } finally {
    if (before === undefined) delete process.env.WAGEWATCH_TOKEN;
    else process.env.WAGEWATCH_TOKEN = before;
  }
}

it('says when a term ends, and that it rests on a year that is not there', async () => {
  expect((await terms({ from: '2026-09-18T15:00:00+08:00', term: '5wd' })).body).toEqual({
    dueAt: '2026-09-25T00:00:00+08:00',
    provisional: false,
  });
  expect((await terms({ from: '2026-12-31T15:50:00Z', term: '30m' })).body).toEqual({
    dueAt: '2027-01-01T00:20:00+08:00',
    provisional: false,
  });
  expect((await terms({})).body).toEqual({ dueAt: '2027-01-05T00:00:00+08:00', provisional: true });
});

it.each([
  [{ term: '0wd' }, 'term', 'at least 1'],
  [{ term: '999999d' }, 'term', 'at most 3650'],
  [{ term: '1.5h' }, 'term', 'whole'],
  [{ term: '' }, 'term', 'write 30m'],
  [{ term: 'x'.repeat(500) }, 'term', '40 characters'],
  [{ from: 'yesterday' }, 'from', 'date-time'],
  [{ from: '2026-02-30T00:00:00+08:00' }, 'from', 'date-time'],
  [{ from: '2026-01-05T00:00:00+0800' }, 'from', 'date-time'],
  [{ from: '2026-01-05 00:00:00+08:00', term: '30m' }, 'from', 'date-time'],
  [{ from: '1999-12-31T23:59:59+08:00' }, 'from', '2000 to 2100'],
  [{ from: '2100-12-30T00:00:00+08:00' }, 'term', 'after the year 2100'],
  [{ region: 'Hangzhou' }, 'region', 'pattern'],
  [{ colour: 'red' }, 'colour', 'additional'],
])('refuses %j, and says what of it is wrong', async (query, parameter, detail) => {
  const { status, body } = await terms(query);
  expect({ status, parameter: body.parameter }).toEqual({ status: 400, parameter });
  expect(body.detail).toContain(detail);
});
it('knows no region that is not watched here, and tells a town of its own region alone', async () => {
  expect(await terms({ region: '990000' }, first, 'admin')).toMatchObject({
    status: 404,
    body: { parameter: 'region' },
  });
  expect((await terms({ region: '330111' })).status).toBe(403);
});

it('misses the calendar of the next year from 1 December on, in the log as well', async () => {
  const { years, provisional, history } = await known();
  expect(years.map(({ year, origin }) => `${year} ${origin}`)).toEqual(
    [2026, 2025, 2024, 2023, 2022, 2021, 2020, 2019, 2018].map((year) => `${year} shipped`),
  );
  expect(years[0]).toMatchObject({ workdays: 248, calendar: of2026 });
  expect(provisional).toEqual([{ year: 2027, missing: true }]);
  expect(history).toEqual([]);
  for (const server of [first, second]) expect(server.output()).toContain('calendar: there is none of 2027');
});

it('refuses a calendar that is wrong, and tells every fault', async () => {
  const wrong = { ...of2027, work: ['2027-02-14', '2027-02-14', '2027-03-03', '2028-01-01'] };
  const { status, body } = await ask<Problem & { faults: CalendarFault[] }>('admin', '/api/v1/calendars', {
    calendar: wrong,
    why: '测试',
  });
  expect(status).toBe(422);
  expect(body.detail).toBe('/work/1 2027-02-14 is there twice');
  expect(body.faults.map(({ path, code }) => `${path} ${code}`)).toEqual([
    '/work/1 twice',
    '/work/2 weekday',
    '/work/3 otherYear',
  ]);
  for (const [unfit, status] of [
    [{ calendar: of2027 }, 400],
    [{ calendar: of2027, why: '  ' }, 400],
    [{ why: '无内容' }, 400],
    [{ calendar: { ...of2027, notices: Array(2_000).fill(of2027.notices[0]) }, why: '过长' }, 413],
  ] as const)
    expect((await ask('admin', '/api/v1/calendars', unfit)).status, JSON.stringify(unfit).slice(0, 60)).toBe(status);
  expect((await ask('officer', '/api/v1/calendars', { calendar: of2027, why: '越权' })).status).toBe(403);
  expect((await known()).history).toEqual([]);
});

it('counts a calendar from its import on, in every process, and after a restart', async () => {
  const { status, body } = await ask<KnownYear>('admin', '/api/v1/calendars', { calendar: of2027, why: '通知已发' });
  expect(status).toBe(201);
  expect(body).toMatchObject({ year: 2027, origin: 'imported', change: { by: 'token admin', why: '通知已发' } });
  for (const server of [first, second]) {
    expect((await terms({}, server)).body).toEqual({ dueAt: '2027-01-06T00:00:00+08:00', provisional: false });
    const { years, provisional } = await known(server);
    expect(years[0]).toEqual(body);
    expect(provisional).toEqual([]);
  }
  const { items } = (await ask<Trail>('admin', '/api/v1/access/trail?what=calendar.import')).body;
  expect(items).toMatchObject([
    { who: { name: 'admin' }, target: '2027', detail: { why: '通知已发', notices: '某发明电〔2026〕1号' } },
  ]);

  await second.stop();
  second = await startServer({ ...env, ROLES: 'push' });
  expect((await terms({}, second)).body.provisional).toBe(false);
  expect(second.output()).not.toContain('calendar: there is none');
});

it('takes a later notice for a year in place of the earlier one, and keeps who said so', async () => {
  // The State Council has changed a year that had begun: 2019, 2020.
  const longer = structuredClone(of2027);
  longer.off[0]!.to = '2027-01-05';
  await ask('admin', '/api/v1/calendars', { calendar: longer, why: '假期延长' });
  expect((await terms({}, second)).body).toEqual({ dueAt: '2027-01-08T00:00:00+08:00', provisional: false });
  const { years, history } = await known(second);
  expect(years[0]!.calendar).toEqual(longer);
  expect(history.map(({ year, why }) => [year, why])).toEqual([
    [2027, '假期延长'],
    [2027, '通知已发'],
  ]);
});

it('is imported by file, too', async () => {
  writeFileSync(file('2028.json'), JSON.stringify({ ...of2027, year: 2028 }));
  await expect(calendar('check', file('2028.json'))).rejects.toThrow(
    /2028\.json is not as it should be:\n\/off\/0\/from /,
  );
  await expect(calendar('import', file('2028.json'), '--why', 'x')).rejects.toThrow('2027-01-01 is not in 2028');
  writeFileSync(
    file('2028.json'),
    JSON.stringify(of2027).replaceAll('2027', '2028').replaceAll('2026', '2027').replace('2028-02-14', '2028-02-13'),
  );
  expect(await calendar('check', file('2028.json'))).toContain('without fault, 2028');
  await expect(calendar('import', file('2028.json'))).rejects.toThrow('Say why');
  expect(await calendar('import', file('2028.json'), '--why', '提前录入')).toMatch(
    /^2028 counts from now on, with \d{3} /,
  );
  expect(await calendar('list')).toMatch(/^2028 .* 提前录入\n2027 .*imported/);
  await expect(calendar('check', file('none.json'))).rejects.toThrow('cannot be read');
  await expect(calendar('remove', 'x')).rejects.toThrow('There is no remove');
  expect(await calendar()).toContain('WAGEWATCH_TOKEN');
});
