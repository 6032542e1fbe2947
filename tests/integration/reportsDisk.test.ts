import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dayOf, startOfDay } from '../../common/regionTime.ts';
import type { Frame } from '../../contract/frame.ts';
import type { ReportItem, ReportList, ScheduleItem } from '../../contract/reports.ts';
import type { RedisClient } from '../../server/platform/redis/connect.ts';
import { raised } from '../support/events.ts';
import { get, post, startServer, until, type RunningServer } from '../support/server.ts';
import { testRedis } from '../support/testRedis.ts';

/** A full disk of FILES_DIR: whoever asks for a report is told, a schedule says why and tries again, and nothing half is listed. */

const DAY = 86_400_000;
const dir = mkdtempSync(join(tmpdir(), 'reports-disk-'));
const disk = join(dir, 'disk');
let mounted = false;
let redis: { client: RedisClient; url: string };
let server: RunningServer;
testRedis((client, port) => {
  redis = { client, url: `redis://127.0.0.1:${port}` };
});

beforeAll(async () => {
  spawnSync('mkdir', ['-p', disk]);
  mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'wagewatch-test', disk]).status === 0;
});
afterAll(async () => {
  await server?.stop();
  if (mounted) spawnSync('umount', ['-l', disk]);
  rmSync(dir, { recursive: true, force: true });
});

const reports = async () => (await get<ReportList>(server.url, '/api/v1/reports')).items;
const folders = () => {
  const root = join(disk, 'reports');
  return existsSync(root) ? readdirSync(root).filter((name) => name !== 'unfinished') : [];
};
const ask = async (path: string, body: object) => {
  const response = await fetch(`${server.url}/api/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const ballast = join(disk, 'ballast');
function fill(): void {
  const { bavail, bsize } = statfsSync(disk);
  try {
    writeFileSync(ballast, Buffer.alloc(bavail * bsize));
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ENOSPC');
  }
}

it('is told to whoever asks, and kept for schedules until there is room', async ({ skip }) => {
  if (!mounted) skip("a small disk of one's own needs the right to mount");
  server = await startServer({ REDIS_URL: redis.url, FILES_DIR: disk });
  await post(server.url, [
    raised(Date.now() - 40 * DAY, { alertId: 'A1' }),
    raised(Date.now() - 2 * DAY, { alertId: 'A2' }),
  ]);
  await until('both are counted', async () => {
    const frame = await get<Frame>(server.url, '/api/v1/snapshot?scope=330110&window=all');
    return frame.totals.raised === 2;
  });
  const first = await ask('reports', { kind: 'yearly', scope: '330110' });
  expect(first.status).toBe(201);

  fill();
  const refused = await ask('reports', { kind: 'yearly', scope: '330110' });
  expect([refused.status, refused.body['detail']]).toEqual([507, expect.stringContaining('is full')]);
  expect(await reports()).toEqual([first.body]);

  const { body } = await ask('report-schedules', {
    kind: 'daily',
    scope: '330110',
    lang: 'zh-CN',
    rhythm: 'workday',
    time: '00:00',
  });
  const { id } = body as unknown as ScheduleItem;
  // As if it had been there for a week: it is due at once.
  await redis.client.hset('{reports}:done', id, String(startOfDay(dayOf(Date.now())) - 7 * DAY));
  await until('the schedule says why nothing comes', async () => {
    const { checks } = (await (await fetch(`${server.url}/readyz`)).json()) as { checks: Record<string, string> };
    return checks['reports']?.includes('is full') === true;
  });
  expect(await reports()).toEqual([first.body]);
  expect(folders()).toEqual([(first.body as unknown as ReportItem).id]);

  rmSync(ballast);
  await until(
    'it is made once there is room',
    async () => (await reports()).some(({ schedule }) => schedule?.id === id),
    60_000,
  );
  for (const { id: one, files } of await reports())
    for (const [format, bytes] of Object.entries(files)) {
      const answer = await fetch(`${server.url}/api/v1/reports/${one}.${format}`);
      expect((await answer.arrayBuffer()).byteLength).toBe(bytes);
    }
  await until(
    'all is well again',
    async () => {
      const { checks } = (await (await fetch(`${server.url}/readyz`)).json()) as { checks: Record<string, string> };
      return checks['reports'] === 'ok';
    },
    60_000,
  );
}, 150_000);
