import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Session } from '../../contract/access.ts';
import type { Calendars, CalendarYear } from '../../contract/calendar.ts';
import type { Frame } from '../../contract/frame.ts';
import type { OwnDeck, OwnDecks } from '../../contract/ownDecks.ts';
import { hashToken, mintToken } from '../../server/access/secret.ts';
import { collect, readArchive } from '../../server/platform/backup/archive.ts';
import { backUp } from '../../server/platform/backup/backup.ts';
import { restore } from '../../server/platform/backup/restore.ts';
import { createFileStore } from '../../server/platform/files/fileStore.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import { createRedis, type RedisClient } from '../../server/platform/redis/connect.ts';
import { raised } from '../support/events.ts';
import { freePort } from '../../testing/freePort.ts';
import { listeningLog } from '../support/listeningLog.ts';
import { startRaw, type RawRedis } from '../../testing/rawRedis.ts';
import { freshDataDir, post, startServer, until, type RunningServer } from '../support/server.ts';
import { makeWorkload } from '../support/workload.ts';

/** Everything in one archive from a running server, and back into empty places of either kind. */

const PASSWORD = 'correct horse battery';
const API = '/api/v1/access';
const folder = mkdtempSync(join(tmpdir(), 'wagewatch-backup-'));
const archive = join(folder, 'all.tar.gz');
/** Made before anybody was let in. */
const openArchive = join(folder, 'open.tar.gz');
const SECRETS = { key: 'a-private-key', oidc: 'a-client-secret' };
const { arriving, expected } = makeWorkload({ events: 2_000, seed: 34 });
const { log } = listeningLog();
let server: RunningServer;
let raw: RawRedis;
let file: { digest: string; bytes: number };

interface Ran {
  code: number;
  output: string;
}
const tool = (name: string, args: string[], env: Record<string, string>) =>
  new Promise<Ran>((resolve) => {
    execFile(
      process.execPath,
      [join(PROJECT_ROOT, `dist/tools/${name}.js`), ...args],
      { env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env } },
      (error, stdout, stderr) => {
        const code = error ? Number(error.code ?? 1) : 0;
        resolve({ code, output: stdout + stderr });
      },
    );
  });
const ask = async <T>(url: string, path: string, body?: object, cookie = ''): Promise<{ body: T; cookie: string }> => {
  const answer = await fetch(`${url}${path}`, {
    headers: {
      'x-wagewatch': '1',
      ...(cookie ? { cookie: `wagewatch=${cookie}` } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
  });
  const set = /^wagewatch=([^;]*)/.exec(answer.headers.getSetCookie()[0] ?? '')?.[1];
  return { body: (await answer.json()) as T, cookie: set ?? cookie };
};
const signIn = (url: string) => ask<Session>(url, `${API}/session`, { name: '王管理', password: PASSWORD });
const totals = async (url: string, cookie: string) =>
  (await ask<Frame>(url, '/api/v1/snapshot?scope=330110&window=all', undefined, cookie)).body.totals;

/** Decks that the first admin keeps: one for everybody, one for nobody else. */
const DECKS = [
  {
    name: '区长专用',
    window: 'week',
    shared: true,
    compare: 'week',
    pages: [{ page: 'map', on: true, remark: '先看密字' }],
  },
  { name: '自用', window: 'month', shared: false, pages: [{ page: 'cases', on: true, heading: '最重的' }] },
] as const;
/** Somebody else of the region, who comes with a token. */
const token = mintToken();
const accessFile = join(folder, 'access.json');
writeFileSync(
  accessFile,
  JSON.stringify({ tokens: [{ name: '某领导', role: 'leader', scope: '330110', hash: hashToken(token) }] }),
);
const told = ({ name, window, shared, compare, pages, mine }: OwnDeck) => ({
  name,
  window,
  shared,
  ...(compare === undefined ? {} : { compare }),
  pages,
  mine,
});
/** Decks as the admin and as somebody else has them. */
async function decksOf(url: string, cookie: string): Promise<{ mine: object[]; others: object[] }> {
  const path = '/api/v1/briefings/decks?scope=330110';
  const mine = (await ask<OwnDecks>(url, path, undefined, cookie)).body.items.map(told);
  const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return { mine, others: ((await answer.json()) as OwnDecks).items.map(told) };
}
const DECKS_KEPT = {
  mine: DECKS.map((deck) => ({ ...deck, mine: true })).sort((a, b) => (a.name < b.name ? -1 : 1)),
  others: DECKS.filter(({ shared }) => shared).map((deck) => ({ ...deck, mine: false })),
};

interface Seen {
  totals: Frame['totals'];
  letters: number;
  signedIn: unknown;
  calendars: string[];
  decks: object;
}
/** What a person who signs in to a server on restored data sees. */
async function seen(env: Record<string, string>): Promise<Seen> {
  const restored = await startServer({ ...env, ACCESS_FILE: accessFile });
  try {
    const { body, cookie } = await signIn(restored.url);
    const letters = await ask<{ total: number }>(restored.url, '/api/v1/dead-letters', undefined, cookie);
    const { history } = (await ask<Calendars>(restored.url, '/api/v1/calendars', undefined, cookie)).body;
    return {
      signedIn: body.principal?.role,
      calendars: history.map(({ why }) => why),
      totals: await totals(restored.url, cookie),
      letters: letters.body.total,
      decks: await decksOf(restored.url, cookie),
    };
  } finally {
    await restored.kill('SIGTERM');
  }
}

let before: Frame['totals'];

/** A backup while the first admin's link, a provider's file and a key lie in the folders that are copied. */
async function backUpWithSecrets(): Promise<void> {
  const tls = join(server.dataDir, 'tls');
  mkdirSync(tls);
  writeFileSync(join(tls, 'key.pem'), SECRETS.key);
  writeFileSync(join(tls, 'cert.pem'), 'a certificate');
  // Not named by the path under which the folder is read.
  symlinkSync(tls, join(folder, 'tls'));
  const oidcFile = join(server.dataDir, 'files', 'oidc.json');
  const oidc = {
    issuer: 'https://sso.example.cn',
    clientId: 'wall',
    clientSecret: SECRETS.oidc,
    label: 'SSO',
    claim: 'r',
  };
  writeFileSync(oidcFile, JSON.stringify({ ...oidc, roles: [{ value: 'x', role: 'admin', scope: '330110' }] }));
  const env = {
    DATA_DIR: server.dataDir,
    REGION: '330110',
    PUBLIC_URL: 'https://wall.example.cn',
    OIDC_FILE: oidcFile,
    TLS_CERT: join(folder, 'tls/cert.pem'),
    TLS_KEY: join(folder, 'tls/key.pem'),
  };
  const { code, output } = await tool('backup', ['--to', openArchive], env);
  expect(output).toMatch(/open\.tar\.gz: /);
  expect(code).toBe(0);
  rmSync(tls, { recursive: true });
  rmSync(oidcFile);
}

let firstCode: string;
beforeAll(async () => {
  raw = await startRaw({ port: await freePort() });
  server = await startServer({ LEASE_MS: '500', LOG_LEVEL: 'error' });
  await post(server.url, arriving);
  await post(server.url, [{ nonsense: true }, raised(Date.now(), { alertId: 'good' })]);
  const calendar = JSON.parse(readFileSync(join(PROJECT_ROOT, 'assets/calendar/cn-2026.json'), 'utf8')) as CalendarYear;
  await ask(server.url, '/api/v1/calendars', { calendar, why: '复核' });
  file = await createFileStore(join(server.dataDir, 'files'), 'notes').put(Buffer.from('kept'));
  mkdirSync(join(server.dataDir, 'dead-letters'));
  writeFileSync(join(server.dataDir, 'dead-letters/2026-01-01.ndjson'), '{"id":"x"}\n');
  firstCode = await until('the first link is there', () => {
    const path = join(server.dataDir, 'first-admin-link');
    return existsSync(path) ? /\/join#(\S+)/.exec(readFileSync(path, 'utf8'))?.[1] : undefined;
  });
  await backUpWithSecrets();
  const joined = await ask(server.url, `${API}/invite`, { code: firstCode, name: '王管理', password: PASSWORD });
  for (const deck of DECKS) {
    const { body } = await ask<OwnDeck>(
      server.url,
      '/api/v1/briefings/decks',
      { ...deck, scope: '330110' },
      joined.cookie,
    );
    expect(body.name).toBe(deck.name);
  }
  await until('all is counted', async () => (await totals(server.url, joined.cookie)).raised === expected.raised + 1);
  before = await totals(server.url, joined.cookie);
  expect(before.closed).toBe(expected.closed);
}, 60_000);
afterAll(async () => {
  await server.stop();
  await raw.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a backup', () => {
  it('is made beside the running server, which goes on, and holds no secret of the environment', async () => {
    const env = { DATA_DIR: server.dataDir, REGION: '330110' };
    const { code, output } = await tool('backup', ['--to', archive], env);
    expect(output).toMatch(/all\.tar\.gz: \d+ keys of 330110, access, briefings, calendar, dead-letters, \d+ files/);
    expect(code).toBe(0);
    expect(statSync(archive).mode & 0o777).toBe(0o600);
    const names: string[] = [];
    let environment = '';
    for await (const { name, content } of readArchive(archive)) {
      names.push(name);
      const bytes = await collect(content);
      if (name === 'settings/environment.json') environment = bytes.toString();
    }
    expect(names).toEqual(expect.arrayContaining(['data/dead-letters/2026-01-01.ndjson', 'redis/000001.resp']));
    expect(names).toContain(`files/notes/${file.digest.slice(0, 2)}/${file.digest}`);
    expect(names.at(-1)).toBe('manifest.json');
    expect(names.filter((name) => name.startsWith('data/redis/'))).toEqual([]);
    expect(JSON.parse(environment)).toEqual(env);
    // Counting goes on.
    const { cookie } = await signIn(server.url);
    const answer = await fetch(`${server.url}/api/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents+json', 'x-wagewatch': '1', cookie: `wagewatch=${cookie}` },
      body: JSON.stringify(raised(Date.now(), { alertId: 'after' })),
    });
    expect(answer.status).toBe(202);
    await until('it is counted', async () => (await totals(server.url, cookie)).raised === before.raised + 1);
  }, 60_000);

  it('leaves out files that hold a secret, wherever they lie: the first link, the key, the file of the provider', async () => {
    const names: string[] = [];
    for await (const { name, content } of readArchive(openArchive)) {
      names.push(name);
      const bytes = await collect(content);
      for (const secret of [firstCode, ...Object.values(SECRETS)]) expect(bytes.includes(secret), name).toBe(false);
    }
    expect(names.filter((name) => /first-admin-link|oidc|key\.pem/.test(name))).toEqual([]);
    // What lies beside them is there.
    expect(names).toEqual(expect.arrayContaining(['data/tls/cert.pem', 'data/dead-letters/2026-01-01.ndjson']));
    expect(names).toContain(`files/notes/${file.digest.slice(0, 2)}/${file.digest}`);
  });

  it('goes into an empty directory, where every figure, file, letter, person and deck is as it was', async () => {
    const dataDir = join(folder, 'embedded');
    const env = { DATA_DIR: dataDir, REGION: '330110' };
    expect(await tool('restore', ['--from', archive], env)).toMatchObject({ code: 0 });
    expect(await tool('verify/verify', [], env)).toMatchObject({ code: 0 });
    expect(await tool('access', ['trail'], env)).toMatchObject({ code: 0 });
    const kept = await createFileStore(join(dataDir, 'files'), 'notes').read(file.digest);
    expect(await text(kept!)).toBe('kept');
    expect(readFileSync(join(dataDir, 'dead-letters/2026-01-01.ndjson'), 'utf8')).toBe('{"id":"x"}\n');
    expect(existsSync(join(dataDir, 'restored-settings/environment.json'))).toBe(true);
    expect(await seen({ ...env, LEASE_MS: '500' })).toEqual({
      signedIn: 'admin',
      totals: before,
      letters: 1,
      calendars: ['复核'],
      decks: DECKS_KEPT,
    });
  }, 120_000);

  it('made while events pour in is of one moment: sent again, all of them count once', async () => {
    const busy = await startServer({ LEASE_MS: '500' });
    const env = { DATA_DIR: join(folder, 'busy'), REGION: '330110' };
    const file = join(folder, 'busy.tar.gz');
    const work = makeWorkload({ events: 8_000, seed: 35 });
    const send = async (url: string, goesOn: (sent: number) => boolean = () => true) => {
      for (let i = 0; i < work.arriving.length && goesOn(i); i += 250) await post(url, work.arriving.slice(i, i + 250));
    };
    try {
      let sent = 0;
      let made = false;
      const sending = send(busy.url, (i) => {
        sent = i;
        return !made;
      });
      await until('some are in', () => sent > 1_000);
      expect(await tool('backup', ['--to', file], { ...env, DATA_DIR: busy.dataDir })).toMatchObject({ code: 0 });
      made = true;
      await sending;
    } finally {
      await busy.stop();
    }
    expect(await tool('restore', ['--from', file], env)).toMatchObject({ code: 0 });
    expect(await tool('verify/verify', [], env)).toMatchObject({ code: 0 });
    const again = await startServer({ ...env, LEASE_MS: '500' });
    try {
      expect((await totals(again.url, '')).raised).toBeGreaterThan(0);
      await send(again.url);
      const { raised: all, workers, amountFen } = work.expected;
      await until('all count', async () => (await totals(again.url, '')).raised === all, 60_000);
      expect(await totals(again.url, '')).toMatchObject({ raised: all, workers, amountFen });
    } finally {
      await again.kill('SIGTERM');
    }
  }, 120_000);

  it('goes into an external Redis as well, and a backup of that back into an embedded one', async () => {
    const external = {
      DATA_DIR: join(folder, 'external'),
      FILES_DIR: join(folder, 'external-files'),
      REDIS_URL: `redis://127.0.0.1:${raw.port}`,
      REGION: '330110',
    };
    expect(await tool('restore', ['--from', archive], external)).toMatchObject({ code: 0 });
    expect(await tool('verify/verify', [], external)).toMatchObject({ code: 0 });
    // A full hour may have passed meanwhile: then the frames kept of it are there too.
    expect(readdirSync(join(folder, 'external-files')).filter((name) => name !== 'shown')).toEqual(['notes']);

    const again = join(folder, 'again.tar.gz');
    expect(await tool('backup', ['--to', again], external)).toMatchObject({ code: 0 });
    const env = { DATA_DIR: join(folder, 'back'), FILES_DIR: join(folder, 'back-files'), REGION: '330110' };
    expect(await tool('restore', ['--from', again], env)).toMatchObject({ code: 0 });
    expect(await seen({ ...env, LEASE_MS: '500' })).toEqual({
      signedIn: 'admin',
      totals: before,
      letters: 1,
      calendars: ['复核'],
      decks: DECKS_KEPT,
    });
    // Into what is there already: neither the keys nor the files are touched.
    const occupied = { ...external, DATA_DIR: join(folder, 'occupied'), FILES_DIR: join(folder, 'occupied-files') };
    const refused = await tool('restore', ['--from', archive], occupied);
    expect(refused.output).toContain('Redis already holds keys of {');
    expect(refused.code).toBe(1);
    expect(readdirSync(occupied.DATA_DIR)).toEqual([]);
  }, 120_000);

  it('is refused where something is, where a server runs, and where the archive is not whole', async () => {
    const into = (name: string) => ({ DATA_DIR: join(folder, name), REGION: '330110' });
    const running = await tool('restore', ['--from', archive], { DATA_DIR: server.dataDir });
    expect(running).toMatchObject({ code: 1, output: expect.stringContaining('is not empty') as string });
    mkdirSync(join(folder, 'full'));
    writeFileSync(join(folder, 'full/x'), '');
    expect((await tool('restore', ['--from', archive], into('full'))).output).toContain('is not empty: it holds x');
    const files = { ...into('new'), FILES_DIR: join(folder, 'full') };
    expect((await tool('restore', ['--from', archive], files)).output).toContain('FILES_DIR');
    expect((await tool('restore', ['--from', join(folder, 'none')], into('new'))).output).toContain('There is no file');

    const whole = readFileSync(archive);
    const damages: [name: string, bytes: Buffer][] = [
      ['cut', whole.subarray(0, whole.length - 200)],
      ['turned', Buffer.concat([whole.subarray(0, 3_000), Buffer.from([whole[3_000]! ^ 1]), whole.subarray(3_001)])],
      ['text', Buffer.from('no archive')],
    ];
    for (const [name, bytes] of damages) {
      writeFileSync(join(folder, name), bytes);
      const { code, output } = await tool('restore', ['--from', join(folder, name)], into('new'));
      expect(output, name).toMatch(/cannot be read as an archive|is damaged|is not whole/);
      expect(code).toBe(1);
    }
    expect(existsSync(join(folder, 'new'))).toBe(false);
    expect((await tool('backup', ['--to', archive], into('none'))).output).toContain('is there already');
    const inside = await tool('backup', ['--to', join(folder, 'none/backup.tar.gz')], into('none'));
    expect(inside.output).toContain('lies in DATA_DIR');
  }, 60_000);

  it('is written beside what one that was killed has left, which goes; and says what it cannot write', async () => {
    const env = { DATA_DIR: join(folder, 'embedded'), REGION: '330110' };
    const to = join(folder, 'after-a-kill.tar.gz');
    // No process has that number, nor ever will.
    const left = `${to}.99999999.unfinished`;
    writeFileSync(left, 'half');
    expect(await tool('backup', ['--to', to], env)).toEqual({
      code: 0,
      output: expect.stringContaining('keys of') as string,
    });
    expect([existsSync(to), existsSync(left)]).toEqual([true, false]);
    const long = join(folder, 'x'.repeat(250));
    expect(await tool('backup', ['--to', long], env)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^\/.* cannot be written: ENAMETOOLONG/) as string,
    });
    expect(await tool('backup', ['--to', join(to, 'x/')], env)).toMatchObject({
      code: 1,
      output: expect.stringMatching(/^\/.* cannot be made: /) as string,
    });
  });

  it('that was broken off keeps a server from starting on a part of the data', async () => {
    const dataDir = join(folder, 'part');
    mkdirSync(dataDir);
    writeFileSync(join(dataDir, 'restore-unfinished'), '');
    await expect(startServer({ DATA_DIR: dataDir })).rejects.toThrow('holds part of a backup only');
  });
});

describe('keys of every kind', () => {
  let redis: RedisClient;
  beforeAll(async () => {
    redis = createRedis({ kind: 'single', host: '127.0.0.1', port: raw.port, db: 3 }, { role: 'commands', log });
    await redis.flushdb();
  });
  afterAll(() => {
    redis.disconnect();
  });

  it('come back to the byte, with their terms, and streams go on where they were', async () => {
    const bytes = Buffer.from([0, 255, 13, 10, 36]);
    await redis.set('{330110}:string', bytes);
    await redis.set('{330110}:ending', 'x', 'PX', 3_600_000);
    for (let i = 0; i < 3_000; i++) void redis.hset('{330110}:hash', `f${i}`, i === 7 ? bytes : `v${i}`);
    await redis.hset('{330110}:small', 'a', '');
    for (let i = 0; i < 500; i++) void redis.zadd('{330110}:sorted', String(i / 3), `m${i}`);
    await redis.sadd('{330110}:set', 'a', bytes);
    await redis.rpush('{330110}:list', 'b', 'a', 'b');
    for (let i = 1; i <= 120; i++)
      void redis.call('XADD', '{330110}:events', `${i}-0`, 'c', i === 9 ? bytes : `chunk ${i}`);
    await redis.xdel('{330110}:events', '120-0', '3-0');
    await redis.xadd('{330110}:empty', '5-5', 'c', 'x');
    await redis.xdel('{330110}:empty', '5-5');
    await redis.set('{elsewhere}:key', 'of another program');
    await redis.set('plain', 'of another program');
    const keys = (await redis.keys('{330110}:*')).sort();
    const state = async () => {
      const found: Record<string, unknown> = {};
      for (const key of keys) {
        const type = await redis.type(key);
        found[key] =
          type === 'stream'
            ? [
                await redis.callBuffer('XRANGE', key, '-', '+'),
                ((await redis.call('XINFO', 'STREAM', key)) as unknown[]).slice(0, 1),
                ((await redis.call('XINFO', 'STREAM', key)) as string[]).at(
                  ((await redis.call('XINFO', 'STREAM', key)) as string[]).indexOf('last-generated-id') + 1,
                ),
              ]
            : type === 'hash'
              ? Object.entries(await redis.hgetallBuffer(key)).sort()
              : type === 'zset'
                ? await redis.zrange(key, '0', '-1', 'WITHSCORES')
                : type === 'set'
                  ? ((await redis.callBuffer('SMEMBERS', key)) as Buffer[]).sort(Buffer.compare)
                  : type === 'list'
                    ? await redis.lrange(key, 0, -1)
                    : await redis.getBuffer(key);
      }
      return found;
    };
    const expectedState = await state();
    const to = join(folder, 'kinds.tar.gz');
    const owns = { owns: (tag: string) => tag === '330110' };
    const empty = freshDataDir();
    await backUp({
      to,
      redis,
      keys: [owns, { ...owns, together: () => ({ streams: ['{330110}:events'], strings: ['{330110}:string'] }) }],
      dataDir: empty,
      filesDir: join(empty, 'files'),
      secretFiles: [],
      settings: {},
      program: 'test',
      now: Date.now(),
    });
    await redis.flushdb();
    const dataDir = join(folder, 'kinds');
    const openRedis = () => Promise.resolve({ redis, close: () => Promise.resolve() });
    await restore({ from: to, dataDir, filesDir: join(dataDir, 'files'), openRedis });
    expect((await redis.keys('*')).sort()).toEqual(keys);
    expect(await state()).toEqual(expectedState);
    expect(await redis.pttl('{330110}:ending')).toBeGreaterThan(3_000_000);
    rmSync(empty, { recursive: true });
  }, 30_000);
});
