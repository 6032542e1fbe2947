import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Frame } from '../../contract/frame.ts';
import type { AlertDetail } from '../../contract/rest.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { createRedis } from '../../server/platform/redis/connect.ts';
import { beginHistory, endHistory } from '../../server/streams/rebuilding.ts';
import { event, raised } from '../support/events.ts';
import { listeningLog } from '../support/listeningLog.ts';
import { get, post, startServer, until, type RunningServer } from '../support/server.ts';
import { makeWorkload } from '../support/workload.ts';

/** Export and rebuild beside a running server, and what they do when misused, as an administrator uses them. */

let server: RunningServer;
const folder = mkdtempSync(join(tmpdir(), 'wagewatch-tools-'));
const { arriving, expected, distinct } = makeWorkload({ events: 2_000, seed: 33 });

const totals = async (): Promise<Frame['totals']> =>
  (await get<Frame>(server.url, '/api/v1/snapshot?window=all')).totals;
const tool = (name: string, ...args: string[]) => toolOf(server.dataDir, name, ...args);
const toolOf = (dataDir: string, name: string, ...args: string[]) =>
  new Promise<{ code: number; output: string }>((resolve) => {
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: dataDir };
    execFile(
      process.execPath,
      [join(PROJECT_ROOT, `dist/tools/${name}.js`), ...args],
      { env },
      (error, stdout, stderr) => {
        resolve({ code: (error?.code as number | undefined) ?? 0, output: stdout + stderr });
      },
    );
  });

beforeAll(async () => {
  server = await startServer({ LEASE_MS: '500' });
  await post(server.url, arriving);
  await until(
    'all is counted',
    async () => (await totals()).closed === expected.closed && (await totals()).raised === expected.raised,
  );
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('export and rebuild', () => {
  const file = join(folder, 'events.ndjson.gz');

  it('write each event once, and make the same figures of them again while the server runs', async () => {
    expect(await tool('export', '--file', file)).toMatchObject({ code: 0 });
    const lines = gunzipSync(readFileSync(file))
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { source: string; id: string });
    expect(new Set(lines.map(({ source, id }) => `${source} ${id}`)).size).toBe(distinct);
    expect(lines).toHaveLength(distinct);
    const before = await totals();
    expect(await tool('rebuild', '--from', file, '--yes')).toMatchObject({ code: 0 });
    await until(
      'the server shows all of it',
      async () => (await totals()).closed === expected.closed && (await totals()).raised === expected.raised,
    );
    expect(await totals()).toEqual(before);
  });

  it('remove nothing without being told so', async () => {
    const { code, output } = await tool('rebuild', '--from', file);
    expect(code).toBe(1);
    expect(output).toContain('--yes');
    expect((await totals()).raised).toBe(expected.raised);
  });

  it('remove nothing for a file that cannot take its place: cut off, no archive, of another region', async () => {
    const whole = readFileSync(file);
    const wrong: [string, Buffer | string, string][] = [
      ['cut.ndjson.gz', whole.subarray(0, whole.length - 2_000), 'cannot be read to its end'],
      ['plain.ndjson.gz', gunzipSync(whole), 'cannot be read to its end'],
      ['packed.ndjson', whole, 'holds no event of region 330110'],
      [
        'other.ndjson',
        JSON.stringify(raised(Date.now(), { alertId: 'X' })).replaceAll('330110', '330111'),
        'holds no event of region 330110',
      ],
    ];
    for (const [name, bytes, why] of wrong) {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      const { code, output } = await tool('rebuild', '--from', path, '--yes');
      expect([name, code, output]).toEqual([name, 1, expect.stringContaining(why)]);
      expect(output).toContain('nothing was removed');
    }
    expect(await totals()).toMatchObject(expected);
  });

  it('write a whole file or none, over nothing that is there', async () => {
    const there = readFileSync(file);
    expect(await tool('export', '--file', file)).toEqual({
      code: 1,
      output: `${file} is there already: name another with --file.\n`,
    });
    expect(readFileSync(file)).toEqual(there);
    const nowhere = join(folder, 'none', 'x.gz');
    const { code, output } = await tool('export', '--file', nowhere);
    expect([code, output]).toEqual([1, expect.stringContaining(`${nowhere} cannot be written: ENOENT`)]);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('find nothing to look at where no server has kept anything', async () => {
    const dataDir = join(folder, 'mistyped');
    for (const args of [['verify/verify'], ['export', '--file', join(folder, 'y.gz')], ['backup', '--to', folder]]) {
      const [name = '', ...more] = args;
      const { code, output } = await toolOf(dataDir, name, ...more);
      expect([name, code, output]).toEqual([
        name,
        1,
        `DATA_DIR ${dataDir} holds no data of WageWatch: give this tool the DATA_DIR (or REDIS_URL) that the server has.\n`,
      ]);
    }
    expect(readdirSync(folder)).not.toContain('mistyped');
  });

  it('tell in words of an option that there is not', async () => {
    for (const name of ['export', 'platform', 'verify/verify']) {
      const { code, output } = await tool(name, '--bogus');
      expect([name, code, output]).toEqual([name, 1, expect.stringMatching(/^Unknown option '--bogus'.*\n$/)]);
    }
  });

  it('do not call a region whole whose rebuild was broken off', async () => {
    expect(await tool('verify/verify')).toMatchObject({ code: 0 });
    const redis = createRedis(
      { kind: 'socket', path: join(server.dataDir, 'redis/redis.sock') },
      { role: 'commands', log: listeningLog().log },
    );
    await beginHistory(redis, '330110');
    expect(await tool('verify/verify')).toMatchObject({
      code: 1,
      output: expect.stringContaining('run it again') as string,
    });
    expect(await (await fetch(`${server.url}/readyz`)).text()).toContain('run it again');
    await endHistory(redis, '330110');
    redis.disconnect();
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  });

  it('leave nothing on the screens when the export holds nothing', async () => {
    const empty = join(folder, 'empty.ndjson.gz');
    writeFileSync(empty, gzipSync(''));
    expect(await tool('rebuild', '--from', empty, '--yes')).toMatchObject({ code: 0 });
    await until('the server shows nothing', async () => (await totals()).raised === 0);
    await post(server.url, arriving);
    await until(
      'what comes after is counted',
      async () => (await totals()).raised === expected.raised && (await totals()).closed === expected.closed,
    );
    expect(await totals()).toMatchObject(expected);
  });

  it('take back what lies ahead, as the clock was set back since it was counted', async () => {
    const ahead = join(folder, 'ahead.ndjson');
    const hour = 3_600_000;
    const events = [
      raised(Date.now() - hour, { alertId: 'AHEAD' }),
      event('wage.alert.accepted', Date.now() + hour, { alertId: 'AHEAD' }),
      event('wage.case.noted', Date.now() + 48 * hour, { alertId: 'AHEAD' }, { source: 'urn:wagewatch:desk' }),
    ];
    writeFileSync(ahead, events.map((one) => `${JSON.stringify(one)}\n`).join(''));
    const { code, output } = await tool('rebuild', '--from', ahead, '--yes');
    expect(output).toMatch(/^3 events counted in .*, 0 rejected$/m);
    expect(code).toBe(0);
    const { events: kept, stage } = await until('the server shows it', async () => {
      const found = await fetch(`${server.url}/api/v1/alerts/AHEAD`);
      return found.status === 200 && ((await found.json()) as AlertDetail);
    });
    expect([kept.map(({ id }) => id), stage]).toEqual([events.map(({ id }) => id), 'accepted']);
  });
});
