import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, it, type TestContext } from 'vitest';
import { findOnPath, findRedisBinary } from '../../../server/platform/redis/binary.ts';
import { createRedis, type RedisClient } from '../../../server/platform/redis/connect.ts';
import { processMark } from '../../../server/platform/redis/dataDir.ts';
import { attachOrStartRedis, startEmbeddedRedis } from '../../../server/platform/redis/embedded.ts';
import { askInfo } from '../../../server/platform/redis/process.ts';
import { rewriteWhenQuiet } from '../../../server/platform/redis/quietRewrite.ts';
import { bundleProgram } from '../../support/bundle.ts';
import { endOf } from '../../../testing/endOf.ts';
import { freshDir } from '../../../testing/rawRedis.ts';
import { listeningLog } from '../../support/listeningLog.ts';
import { until } from '../../support/until.ts';

const PROGRAM = fileURLToPath(new URL('./ownerProgram.ts', import.meta.url));
const PATH = process.env['PATH'] ?? '';

const runs = (pid: number) => processMark(pid) !== undefined;

let program: Awaited<ReturnType<typeof bundleProgram>>;
beforeAll(async () => {
  program = await bundleProgram(PROGRAM);
});
afterAll(() => {
  program.remove();
});

interface Said {
  redisPid: number;
  socketPath: string;
  error?: string;
}

/** What a test makes and leaves behind, undone when it ends; by its context, as tests run beside each other. */
function workshop({ onTestFinished }: TestContext) {
  function dataDir(): string {
    const dir = freshDir('data-');
    onTestFinished(() => {
      rmSync(dir, { recursive: true, force: true });
    });
    return dir;
  }
  return {
    dataDir,
    connect(path: string): RedisClient {
      const redis = createRedis({ kind: 'socket', path }, { role: 'commands', log: listeningLog().log });
      onTestFinished(() => {
        redis.disconnect();
      });
      return redis;
    },
    /** An embedded Redis that ends with the test. */
    async start(dir: string, log = listeningLog().log) {
      const redis = await startEmbeddedRedis({ dataDir: dir, log });
      onTestFinished(() => redis.stop());
      return redis;
    },
    /** Another program that owns `dir`. */
    async startOwner(dir: string, path = PATH): Promise<{ child: ChildProcess; said: Said }> {
      const child = spawn(process.execPath, [program.file, dir], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, PATH: path },
      });
      onTestFinished(async () => {
        child.kill('SIGTERM');
        await endOf(child);
      });
      let text = '';
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      // Its end may be known before its last words are.
      let closed = false;
      child.once('close', () => {
        closed = true;
      });
      await until(() => text.includes('\n') || closed);
      return { child, said: JSON.parse(text) as Said };
    },
    /** A PATH with nothing but these programs on it, as links. */
    pathOf(...names: string[]): string {
      const dir = dataDir();
      for (const name of names) symlinkSync(findOnPath(name, PATH)!, join(dir, name));
      return dir;
    },
  };
}

function aofFiles(dir: string): string[] {
  const folder = join(dir, 'redis/appendonlydir');
  return readdirSync(folder)
    .filter((name) => name.includes('.incr.'))
    .map((name) => join(folder, name));
}

describe.concurrent('embedded Redis', () => {
  it('listens on a private unix socket alone, keeps every write, and ends with nothing left but the data', async (context) => {
    const { expect } = context;
    const { dataDir, connect, start } = workshop(context);
    const dir = dataDir();
    const redis = await start(dir);
    const client = connect(redis.socketPath);
    const wanted = {
      port: '0',
      appendonly: 'yes',
      appendfsync: 'always',
      save: '',
      'maxmemory-policy': 'noeviction',
      'hash-max-listpack-entries': '1024',
      'hash-max-listpack-value': '64',
      'aof-load-truncated': 'yes',
    };
    for (const [name, value] of Object.entries(wanted)) expect(await client.config('GET', name)).toEqual([name, value]);
    expect(statSync(join(dir, 'redis')).mode & 0o777).toBe(0o700);
    expect(statSync(redis.socketPath).mode & 0o777).toBe(0o700);
    await client.set('kept', 'yes');
    const { pid } = redis;
    await redis.stop();
    expect(runs(pid!)).toBe(false);
    expect(existsSync(redis.socketPath)).toBe(false);
    const again = await start(dir);
    expect(await connect(again.socketPath).get('kept')).toBe('yes');
  });

  it('serves again after each SIGKILL in the midst of writing, with nothing lost that it had confirmed', async (context) => {
    const { expect } = context;
    const { dataDir, connect, start } = workshop(context);
    const { log, lines } = listeningLog();
    const redis = await start(dataDir(), log);
    const client = connect(redis.socketPath);
    const reasons: string[] = [];
    redis.onExit((reason) => reasons.push(reason));
    const confirmed: number[] = [];
    let writing = true;
    let next = 0;
    const writer = async () => {
      while (writing) {
        const n = next++;
        await client.rpush('written', n).then(
          () => confirmed.push(n),
          () => sleep(5),
        );
      }
    };
    const writers = Array.from({ length: 8 }, writer);
    for (let kill = 1; kill <= (process.env.FAULTS === 'long' ? 10 : 2); kill++) {
      const goal = confirmed.length + 200;
      await until(() => confirmed.length >= goal && redis.pid !== undefined);
      process.kill(redis.pid!, 'SIGKILL');
      await until(() => reasons.length === kill);
    }
    const goal = confirmed.length + 200;
    await until(() => confirmed.length >= goal);
    writing = false;
    await Promise.all(writers);
    const written = new Map<number, number>();
    for (const n of await client.lrange('written', 0, -1)) written.set(Number(n), (written.get(Number(n)) ?? 0) + 1);
    expect(confirmed.filter((n) => !written.has(n))).toEqual([]);
    // And nothing was sent a second time behind the writers' backs.
    expect([...written].filter(([, times]) => times > 1)).toEqual([]);
    expect(reasons.every((reason) => reason.includes('killed by SIGKILL'))).toBe(true);
    expect(lines).toContain('Redis serves again');
  });

  it('writes its log anew once nothing much happens, and keeps what is in it', async (context) => {
    const { expect, onTestFinished } = context;
    const { dataDir, connect, start } = workshop(context);
    const { socketPath } = await start(dataDir());
    const client = connect(socketPath);
    const stopping = new AbortController();
    onTestFinished(() => {
      stopping.abort();
    });
    const { log, lines } = listeningLog();
    const size = async () => Number((await askInfo(socketPath))!.get('aof_current_size'));
    const looking = rewriteWhenQuiet(socketPath, log, stopping.signal, { lookMs: 100 });
    for (let i = 0; i < 70; i++) await client.set('kept', `${i} `.padEnd(2 ** 20, '.'));
    await until(async () => (await size()) < 4 * 2 ** 20);
    expect((await client.get('kept'))!.slice(0, 3)).toBe('69 ');
    expect(lines.filter((line) => line.includes('written anew'))).toHaveLength(1);
    stopping.abort();
    await looking;
  });

  it('ends by itself when the program that owns it is killed', async (context) => {
    const { expect } = context;
    const { dataDir, connect, startOwner, start } = workshop(context);
    const dir = dataDir();
    const { child, said } = await startOwner(dir);
    await connect(said.socketPath).set('kept', 'yes');
    child.kill('SIGKILL');
    await endOf(child);
    await until(() => !runs(said.redisPid));
    const redis = await start(dir);
    expect(await connect(redis.socketPath).get('kept')).toBe('yes');
  });

  it('that outlived its owner, where the system cannot end it, is ended by the next start', async (context) => {
    const { expect } = context;
    const { dataDir, connect, startOwner, pathOf, start } = workshop(context);
    const dir = dataDir();
    const { child, said } = await startOwner(dir, pathOf('redis-server'));
    await connect(said.socketPath).set('kept', 'yes');
    child.kill('SIGKILL');
    await endOf(child);
    expect(runs(said.redisPid)).toBe(true);
    const { log, lines } = listeningLog();
    const redis = await start(dir, log);
    expect(runs(said.redisPid)).toBe(false);
    expect(lines).toContain('Ending the Redis that an earlier run left behind');
    expect(await connect(redis.socketPath).get('kept')).toBe('yes');
  });

  it('is refused to a second owner, but lent to tools', async (context) => {
    const { expect, onTestFinished } = context;
    const { dataDir, connect, startOwner } = workshop(context);
    const dir = dataDir();
    const { log } = listeningLog();
    const { child, said } = await startOwner(dir);
    await connect(said.socketPath).set('kept', 'yes');
    await expect(startEmbeddedRedis({ dataDir: dir, log })).rejects.toThrow(
      `DATA_DIR ${dir} is in use by another WageWatch server (process ${child.pid}). Stop that first`,
    );
    const config = { redis: { kind: 'embedded' as const }, dataDir: dir };
    const lent = await attachOrStartRedis({ config, log });
    expect(lent).toMatchObject({ owner: 'other', endpoint: { kind: 'socket', path: said.socketPath } });
    await lent.stop();
    expect(runs(said.redisPid)).toBe(true);
    child.kill('SIGTERM');
    await endOf(child);
    const own = await attachOrStartRedis({ config, log, what: 'verify' });
    onTestFinished(() => own.stop());
    expect(own.owner).toBe('self');
    await expect(startEmbeddedRedis({ dataDir: dir, log })).rejects.toThrow('is in use by this very process');
    if (own.endpoint.kind !== 'socket') throw new Error('not a socket');
    expect(await connect(own.endpoint.path).get('kept')).toBe('yes');
    expect(
      await attachOrStartRedis({ config: { ...config, redis: { kind: 'single', host: 'h', port: 1, db: 0 } }, log }),
    ).toMatchObject({ owner: 'remote', endpoint: { host: 'h' } });
  });

  it('has one owner when several start at once after a crash', async (context) => {
    const { expect } = context;
    const { dataDir, startOwner } = workshop(context);
    const dir = dataDir();
    const { child, said } = await startOwner(dir);
    child.kill('SIGKILL');
    const owners = await Promise.all([1, 2, 3, 4].map(() => startOwner(dir)));
    const [winner, ...more] = owners.filter((owner) => owner.said.error === undefined);
    expect(more).toEqual([]);
    expect(winner && runs(winner.said.redisPid)).toBe(true);
    expect(runs(said.redisPid)).toBe(false);
    for (const {
      said: { error },
    } of owners)
      if (error) expect(error).toMatch(/is in use by another WageWatch server/);
  });

  it.runIf(process.platform === 'linux')('is locked even to those who do not see its owner', async (context) => {
    const { expect } = context;
    const { dataDir, startOwner } = workshop(context);
    const dir = dataDir();
    await startOwner(dir);
    rmSync(join(dir, 'redis/owner.json'));
    await expect(startEmbeddedRedis({ dataDir: dir, log: listeningLog().log })).rejects.toThrow(
      /^redis-server [\d.]+ ended at its start: another Redis already works in .*, perhaps started from another container/,
    );
  });

  it('puts its socket elsewhere when the data directory is too deep', async (context) => {
    const { expect } = context;
    const { dataDir, connect, start } = workshop(context);
    const dir = join(dataDir(), '很深的目录'.repeat(5), 'x'.repeat(60));
    const { log, lines } = listeningLog();
    const redis = await start(dir, log);
    expect(redis.socketPath.startsWith(dir)).toBe(false);
    expect(statSync(dirname(redis.socketPath)).mode & 0o777).toBe(0o700);
    expect(lines.join('\n')).toMatch(/too deep for a unix socket/);
    expect(await connect(redis.socketPath).ping()).toBe('PONG');
    const lent = await attachOrStartRedis({ config: { redis: { kind: 'embedded' }, dataDir: dir }, log });
    expect(lent.endpoint).toEqual({ kind: 'socket', path: redis.socketPath });
    await redis.stop();
    expect(existsSync(dirname(redis.socketPath))).toBe(false);
  });

  it('takes any characters in the path of its directory', async (context) => {
    const { expect } = context;
    const { dataDir, connect, start } = workshop(context);
    const redis = await start(join(dataDir(), 'a "b" \\c 数据'));
    expect(await connect(redis.socketPath).ping()).toBe('PONG');
  });

  it('stops in good order while it is being started again', async (context) => {
    const { expect } = context;
    const { dataDir, start } = workshop(context);
    const redis = await start(dataDir());
    const ended = new Promise((resolve) => redis.onExit(resolve));
    process.kill(redis.pid!, 'SIGKILL');
    await ended;
    await Promise.all([redis.stop(), redis.stop()]);
    expect(redis.pid).toBeUndefined();
  });

  it('starts from a log cut off in the midst of a write, and says so of a damaged one', async (context) => {
    const { expect } = context;
    const { dataDir, connect } = workshop(context);
    const dir = dataDir();
    const { log } = listeningLog();
    const first = await startEmbeddedRedis({ dataDir: dir, log });
    const client = connect(first.socketPath);
    await client.set('first', 'whole');
    await client.set('second', 'cut off');
    await first.stop();
    const [file] = aofFiles(dir);
    truncateSync(file!, statSync(file!).size - 3);
    const second = await startEmbeddedRedis({ dataDir: dir, log });
    expect(await connect(second.socketPath).mget('first', 'second')).toEqual(['whole', null]);
    await second.stop();
    const text = readFileSync(file!);
    text.fill('?', 4, 12);
    writeFileSync(file!, text);
    await expect(startEmbeddedRedis({ dataDir: dir, log })).rejects.toThrow(
      /append-only file is damaged .* see redis-check-aof --fix/,
    );
    expect(existsSync(join(dir, 'redis/owner.json'))).toBe(false);
  });

  it('says so when a data directory cannot be written to', async (context) => {
    const { expect } = context;
    const { dataDir, start } = workshop(context);
    const dir = dataDir();
    // A folder in its place: root, too, cannot write to it.
    mkdirSync(join(dir, 'redis', `owner.json.${process.pid}`), { recursive: true });
    await expect(start(dir)).rejects.toMatchObject({
      name: 'EmbeddedRedisError',
      message: expect.stringContaining(`DATA_DIR ${dir} cannot be written to: EISDIR`) as string,
    });
  });

  it('says what is wrong with a data directory that cannot be used', async (context) => {
    const { expect } = context;
    const { dataDir } = workshop(context);
    const file = join(dataDir(), 'file');
    writeFileSync(file, '');
    await expect(startEmbeddedRedis({ dataDir: join(file, 'data'), log: listeningLog().log })).rejects.toThrow(
      `DATA_DIR ${join(file, 'data')} cannot be used: ENOTDIR`,
    );
  });
});

describe('embedded Redis on a full disk', () => {
  it('says so, goes on once there is room, and has kept what it confirmed', async (context) => {
    const { expect, onTestFinished, skip } = context;
    const { connect, start, dataDir } = workshop(context);
    const disk = dataDir();
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'wagewatch-test', disk]).status === 0;
    if (!mounted) skip("a small disk of one's own needs the right to mount");
    onTestFinished(() => {
      spawnSync('umount', ['-l', disk]);
    });
    const { log, lines } = listeningLog();
    const redis = await start(disk, log);
    const client = connect(redis.socketPath);
    writeFileSync(join(disk, 'ballast'), Buffer.alloc(4 * 1024 * 1024));
    let confirmed = 0;
    for (const value = 'x'.repeat(100_000); ; confirmed++) {
      if (
        await client.rpush('list', value).then(
          () => false,
          () => true,
        )
      )
        break;
    }
    await until(() => lines.some((line) => line.includes(`the disk that holds ${disk} is full: make room`)));
    rmSync(join(disk, 'ballast'));
    await until(() =>
      client.rpush('list', 'last').then(
        () => true,
        () => sleep(20, false),
      ),
    );
    expect(await client.llen('list')).toBeGreaterThanOrEqual(confirmed + 1);
    expect(await client.lrange('list', -1, -1)).toEqual(['last']);
  });
});

describe('the program for the embedded Redis', () => {
  function script(dir: string, name: string, output: string): void {
    mkdirSync(dir, { recursive: true });
    writeFileSync(join(dir, name), `#!/bin/sh\necho '${output}'\n`);
    chmodSync(join(dir, name), 0o755);
  }

  it('is redis-server where that is new enough', (context) => {
    const { expect } = context;
    expect(findRedisBinary(PATH)).toMatchObject({
      name: 'redis-server',
      version: expect.stringMatching(/^([7-9]|\d\d)\./) as string,
    });
  });

  it('is valkey-server where redis-server is missing or too old', (context) => {
    const { expect } = context;
    const { dataDir } = workshop(context);
    const dir = dataDir();
    script(dir, 'valkey-server', 'Valkey server v=8.0.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1');
    expect(findRedisBinary(dir)).toEqual({ path: join(dir, 'valkey-server'), name: 'valkey-server', version: '8.0.1' });
    script(dir, 'redis-server', 'Redis server v=6.2.14 sha=00000000:0 malloc=jemalloc-5.1.0 bits=64 build=1');
    expect(findRedisBinary(dir).name).toBe('valkey-server');
  });

  it('is asked for, with the line that installs it, where there is none', (context) => {
    const { expect } = context;
    const { dataDir } = workshop(context);
    expect(() => findRedisBinary(dataDir())).toThrow(
      /^Neither redis-server nor valkey-server is on the PATH\. Install it \(Debian, Ubuntu: apt-get install redis-server; .*set REDIS_URL/,
    );
  });

  it('is asked for where there is only an old or a strange one', (context) => {
    const { expect } = context;
    const { dataDir } = workshop(context);
    const dir = dataDir();
    script(dir, 'redis-server', 'Redis server v=6.2.14 sha=00000000:0');
    expect(() => findRedisBinary(dir)).toThrow(
      /redis-server is version 6\.2\.14, but WageWatch needs version 7 or later\. Install it/,
    );
    script(dir, 'redis-server', 'hello');
    expect(() => findRedisBinary(dir)).toThrow(/redis-server is of no version that could be found out, but/);
  });
});
