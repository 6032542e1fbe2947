import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CalendarYear } from '../../contract/calendar.ts';
import type { AlertBrief, Frame } from '../../contract/frame.ts';
import type { AlertDetail, AlertList } from '../../contract/rest.ts';
import { createRedis, type RedisClient } from '../../server/platform/redis/connect.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { freePort } from '../../testing/freePort.ts';
import { startRaw, type RawRedis } from '../../testing/rawRedis.ts';
import { insist, verify } from '../support/accounting.ts';
import { writeSitePack } from '../support/casework.ts';
import { event, raised } from '../support/events.ts';
import { listeningLog } from '../support/listeningLog.ts';
import { get, startServer, until, type RunningServer } from '../support/server.ts';

/** Terms by stage on one clock, in several processes on one Redis, at the end of 2026 (docs/casework.md §3). */

const dir = mkdtempSync(join(tmpdir(), 'wagewatch-terms-'));
/** A Wednesday. */
const NOW = Date.parse('2026-12-30T16:00:00+08:00');
const at = (text: string) => Date.parse(`${text}+08:00`);
const MANY = 3_000;
/** Not that of the State Council. Without it 4 to 8 January are working days; with it, from 1 to 10 January nobody works. */
const of2027: CalendarYear = {
  year: 2027,
  notices: [
    { title: '某通知（2027年）', number: '某发明电〔2026〕1号', date: '2026-11-09', url: 'https://example.org/notice' },
  ],
  off: [
    { name: '元旦', from: '2027-01-01', to: '2027-01-10' },
    { name: '劳动节', from: '2027-05-01', to: '2027-05-05' },
    { name: '国庆节', from: '2027-10-01', to: '2027-10-07' },
  ],
  work: [],
};

let raw: RawRedis;
let redis: RedisClient;
let first: RunningServer;
let second: RunningServer;
let worker: RunningServer;
let env: Record<string, string>;

beforeAll(async () => {
  raw = await startRaw({ port: await freePort(), args: ['--appendonly', 'yes'] });
  redis = createRedis(
    { kind: 'single', host: '127.0.0.1', port: raw.port, db: 0 },
    { role: 'commands', log: listeningLog().log },
  );
  writeSitePack(dir);
  writeFileSync(join(dir, 'clock'), String(NOW - Date.now()));
  env = {
    REDIS_URL: `redis://127.0.0.1:${raw.port}`,
    LEASE_MS: '300',
    DATA_DIR: dir,
    NODE_OPTIONS: `--import ${join(PROJECT_ROOT, 'tests/support/clock.mjs')}`,
    CLOCK_FILE: join(dir, 'clock'),
  };
  [first, second, worker] = await Promise.all([
    startServer({ ...env, ROLES: 'ingest,push' }),
    startServer({ ...env, ROLES: 'push' }),
    startServer({ ...env, ROLES: 'worker' }),
  ]);
}, 60_000);
afterAll(async () => {
  await Promise.all([first.stop(), second.stop(), worker.stop()]);
  redis.disconnect();
  await raw.stop();
  rmSync(dir, { recursive: true, force: true });
});

const send = (events: readonly object[]) => insist(() => first.url, events);
const list = (server = first, query = '') =>
  get<AlertList>(server.url, `/api/v1/alerts?scope=330110&limit=200${query}`);
const shown = async (alertId: string, server = first) =>
  (await list(server, `&q=${alertId}`)).items.find((brief) => brief.alertId === alertId);
const detail = (alertId: string, server = first) => get<AlertDetail>(server.url, `/api/v1/alerts/${alertId}`);
const frame = (server = first) => get<Frame>(server.url, '/api/v1/snapshot?scope=330110&window=all');

/** What is shown of a term: where it ends, and whether that is over. */
const termOf = ({ dueAt, overdue }: Pick<AlertBrief, 'dueAt' | 'overdue'>) => [dueAt, overdue];

it('gives each stage its term, the same in list, detail, frame and export, in every process', async () => {
  const alert = { alertId: 'T1' };
  // The event that leads there, and the end of the term that pack and calendar give by hand.
  const steps: [object, dueAt: string | undefined, overdue: boolean][] = [
    [raised(at('2026-12-30T09:00:00'), { ...alert, tier: 'red' }), '2026-12-30T09:30:00+08:00', true],
    [event('wage.alert.dispatched', at('2026-12-30T15:00:00'), alert), '2026-12-30T17:00:00+08:00', false],
    [event('wage.alert.accepted', at('2026-12-30T15:10:00'), alert), '2027-01-02T00:00:00+08:00', false],
    [
      event('wage.case.extended', at('2026-12-30T15:20:00'), { ...alert, dueAt: '2026-12-30T15:59:00+08:00' }),
      '2026-12-30T15:59:00+08:00',
      true,
    ],
    [event('wage.alert.handled', at('2026-12-30T15:30:00'), alert), '2027-01-01T00:00:00+08:00', false],
    // Handling begins anew, and what was named is over.
    [
      event('wage.alert.audited', at('2026-12-30T15:31:00'), { ...alert, verdict: 'returned' }),
      '2027-01-02T00:00:00+08:00',
      false,
    ],
    [event('wage.alert.handled', at('2026-12-30T15:40:00'), alert), '2027-01-01T00:00:00+08:00', false],
    [event('wage.alert.audited', at('2026-12-30T15:41:00'), alert), '2027-01-02T00:00:00+08:00', false],
    [event('wage.alert.closed', at('2026-12-30T15:50:00'), alert), undefined, false],
  ];
  for (const [step, dueAt, overdue] of steps) {
    await send([step]);
    const { type } = step as { type: string };
    for (const server of [first, second]) {
      await until(`${type} shows`, async () => {
        const brief = await shown('T1', server);
        return brief !== undefined && JSON.stringify(termOf(brief)) === JSON.stringify([dueAt, overdue]);
      });
      expect([type, ...termOf(await detail('T1', server))]).toEqual([type, dueAt, overdue]);
      const { totals, overdueByStage, latest } = await frame(server);
      expect([type, totals.overdue]).toEqual([type, overdue ? 1 : 0]);
      const { stage } = await detail('T1', server);
      if (stage !== 'closed') expect(overdueByStage![stage]).toBe(overdue ? 1 : 0);
      if (latest.T1) expect(termOf(latest.T1)).toEqual([dueAt, overdue]);
    }
    const csv = await (await fetch(`${first.url}/api/v1/alerts.csv?scope=330110`)).text();
    const columns = csv.split('\r\n')[1]!.split(',');
    if (dueAt !== undefined) expect(columns.join()).toContain(dueAt.slice(0, 16).replace('T', ' '));
    expect(columns.filter((cell) => cell === '是')).toHaveLength(overdue ? 1 : 0);
  }
});

it('counts what is supervised until it is answered', async () => {
  await send([
    raised(NOW - 600_000, { alertId: 'S1', tier: 'orange' }),
    event('wage.case.supervised', NOW - 500_000, { alertId: 'S1' }),
  ]);
  await until('it is supervised', async () => (await frame(second)).totals.supervised === 1);
  expect((await shown('S1'))!.supervised).toBe(true);
  await send([event('wage.case.answered', NOW - 400_000, { alertId: 'S1' })]);
  await until('it is answered', async () => (await frame(second)).totals.supervised === 0);
  expect((await shown('S1'))!.supervised).toBeUndefined();
});

it(
  'moves all terms that rest on a calendar when it is imported, though the worker is killed in the middle',
  { timeout: 60_000 },
  async () => {
    const dispatched = Array.from({ length: MANY }, (_, i) => [
      raised(at('2026-12-30T10:00:00'), { alertId: `M${i}`, tier: 'orange' }),
      event('wage.alert.dispatched', at('2026-12-30T10:10:00'), { alertId: `M${i}` }),
      event('wage.alert.accepted', at('2026-12-30T10:20:00'), { alertId: `M${i}` }),
    ]).flat();
    for (let from = 0; from < dispatched.length; from += 3_000) await send(dispatched.slice(from, from + 3_000));
    const ends = async (server: RunningServer) => (await detail('M7', server)).dueAt;
    // 31 December, 1, 4 to 8, 11 to 13 January: ten working days, Monday to Friday.
    const before = '2027-01-14T00:00:00+08:00';
    // 31 December, 11 to 15, 18 to 21 January.
    const after = '2027-01-22T00:00:00+08:00';
    for (const server of [first, second])
      await until('all are accepted', async () => (await frame(server)).byStage!.accepted === MANY);
    expect(await ends(first)).toBe(before);
    const noted = await redis.hget('{330110}:meta', 'rules');
    const entries = () => redis.xlen('{330110}:changes');
    const stood = await entries();
    const figures = await frame();

    const answer = await fetch(`${first.url}/api/v1/calendars`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ calendar: of2027, why: '测试' }),
    });
    expect(answer.status).toBe(201);
    while ((await entries()) === stood) await sleep(1);
    await worker.kill('SIGKILL');
    expect(await redis.hget('{330110}:meta', 'rules')).toBe(noted);
    worker = await startServer({ ...env, ROLES: 'worker' });
    await until('all have been folded anew', async () => (await redis.hget('{330110}:meta', 'rules')) !== noted);

    for (const server of [first, second]) {
      const due = async (): Promise<Record<string, number>> => {
        const counts = new Map<string, number>();
        let cursor: string | undefined;
        do {
          const page: AlertList = await list(server, `&stage=accepted${cursor ? `&cursor=${cursor}` : ''}`);
          for (const { dueAt } of page.items) counts.set(dueAt ?? 'none', (counts.get(dueAt ?? 'none') ?? 0) + 1);
          cursor = page.cursor;
        } while (cursor !== undefined);
        return Object.fromEntries(counts);
      };
      await until('all terms have moved', async () => (await due())[after] === MANY).catch(() => undefined);
      expect(await due()).toEqual({ [after]: MANY });
      await until('the detail reckons with it', async () => (await ends(server)) === after);
      const { totals, byStage } = await frame(server);
      expect({ totals, byStage }).toEqual({ totals: figures.totals, byStage: figures.byStage });
    }
  },
);

it('starts with the same figures on data of the version before, which noted no rules', async () => {
  const figures = await frame();
  await worker.kill('SIGKILL');
  await redis.hdel('{330110}:meta', 'rules');
  worker = await startServer({ ...env, ROLES: 'worker' });
  await until('the rules are noted', async () => (await redis.hget('{330110}:meta', 'rules')) !== null);
  const { totals, byStage, overdueByStage } = await frame(second);
  expect({ totals, byStage, overdueByStage }).toEqual({
    totals: figures.totals,
    byStage: figures.byStage,
    overdueByStage: figures.overdueByStage,
  });
  const { code, output } = await verify({ REDIS_URL: env.REDIS_URL!, DATA_DIR: dir });
  expect(output).toContain('No difference.');
  expect(code).toBe(0);
});
