import { spawnSync } from 'node:child_process';
import { chmodSync, linkSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BaseLogger } from 'pino';
import { EmbeddedRedisError } from './binary.ts';

/**
 * Who may use a data directory: one program at a time. Its owner is written in `redis/owner.json`, with the
 * Redis it started. Process ids are used again by the system, so each is kept with a mark (boot and start time)
 * that no other process will ever have.
 */
export interface Owner {
  pid: number;
  mark: string;
  /** What the owner is, for people: "server", "verify" … */
  what: string;
  socketPath: string;
  redis?: { pid: number; mark: string };
}

/** Paths of one data directory's embedded Redis. */
export interface RedisDir {
  dataDir: string;
  dir: string;
  ownerFile: string;
  lockFile: string;
  confFile: string;
  logFile: string;
}

export function redisDir(dataDir: string): RedisDir {
  const dir = join(dataDir, 'redis');
  const file = (name: string) => join(dir, name);
  return {
    dataDir,
    dir,
    ownerFile: file('owner.json'),
    lockFile: file('lock'),
    confFile: file('redis.conf'),
    logFile: file('redis.log'),
  };
}

/** What tells this process from any other that has or will have its id; undefined when it does not run (or only as a zombie). */
export function processMark(pid: number): string | undefined {
  if (process.platform !== 'linux') {
    const listed = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
    const line = listed.stdout?.trim() ?? '';
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in brackets, may hold anything; after it come the state and, as the 20th, the start time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

export function isAlive({ pid, mark }: { pid: number; mark: string }): boolean {
  return processMark(pid) === mark;
}

/** The rest of a crash: a record that cannot be read counts as one of a dead owner. */
const UNREADABLE: Owner = { pid: 0, mark: 'none', what: 'unknown', socketPath: '' };

function readRecord(file: string): Owner | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text) as Owner;
  } catch {
    return UNREADABLE;
  }
}

/** The owner on record, alive or not. */
export function readOwner({ ownerFile }: RedisDir): Owner | undefined {
  return readRecord(ownerFile);
}

function ensureDir(where: RedisDir): void {
  try {
    mkdirSync(where.dir, { recursive: true, mode: 0o700 });
    chmodSync(where.dir, 0o700);
  } catch (error) {
    throw new EmbeddedRedisError(
      `DATA_DIR ${where.dataDir} cannot be used: ${(error as Error).message}. ` +
        'It must be a directory that this user may write to.',
      { cause: error },
    );
  }
}

/** Bytes a unix socket's path may have: sun_path less its final zero. */
const MAX_SOCKET_PATH = process.platform === 'linux' ? 107 : 103;
const PRIVATE_PREFIX = 'wagewatch-';

function chooseSocket(where: RedisDir, log: BaseLogger): string {
  const inside = join(where.dir, 'redis.sock');
  if (Buffer.byteLength(inside) <= MAX_SOCKET_PATH) return inside;
  const outside = join(mkdtempSync(join(tmpdir(), PRIVATE_PREFIX)), 'redis.sock');
  if (Buffer.byteLength(outside) > MAX_SOCKET_PATH) {
    dropSocket(outside);
    throw new EmbeddedRedisError(
      `Both DATA_DIR ${where.dataDir} and the temporary directory ${tmpdir()} are too deep for a ` +
        `unix socket, whose path may have ${MAX_SOCKET_PATH} bytes; choose a shorter DATA_DIR or TMPDIR.`,
    );
  }
  log.info(
    { socketPath: outside },
    `DATA_DIR is too deep for a unix socket (${MAX_SOCKET_PATH} bytes), so that is in a private temporary directory`,
  );
  return outside;
}

/** Remove a socket, with the private directory that was made for it. */
function dropSocket(socketPath: string): void {
  rmSync(socketPath, { force: true });
  const folder = dirname(socketPath);
  if (basename(folder).startsWith(PRIVATE_PREFIX)) rmSync(folder, { recursive: true, force: true });
}

async function waitForEnd(target: { pid: number; mark: string }, ms: number): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(25)) if (!isAlive(target)) return true;
  return !isAlive(target);
}

/** Signal a Redis and whatever it forked: it is started as the leader of a group of its own. */
export function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // All of it has ended.
  }
}

/**
 * End a Redis whose owner died. It is ended rather than taken over because only a child dies with its parent,
 * and nothing is lost: each accepted write is on the disk.
 */
async function endOrphan(orphan: { pid: number; mark: string }, log: BaseLogger): Promise<void> {
  if (!isAlive(orphan)) return;
  log.warn({ redisPid: orphan.pid }, 'Ending the Redis that an earlier run left behind');
  try {
    process.kill(orphan.pid, 'SIGTERM');
  } catch {
    // Gone meanwhile.
  }
  if (await waitForEnd(orphan, 10_000)) return;
  log.warn({ redisPid: orphan.pid }, 'It does not end by itself, so it is killed');
  killGroup(orphan.pid, 'SIGKILL');
  if (!(await waitForEnd(orphan, 5_000))) {
    throw new EmbeddedRedisError(
      `The Redis of an earlier run (process ${orphan.pid}) cannot be ended; end it by hand and start again.`,
    );
  }
}

function refuse(where: RedisDir, owner: Owner): never {
  const who =
    owner.pid === process.pid ? 'this very process' : `another WageWatch ${owner.what} (process ${owner.pid})`;
  throw new EmbeddedRedisError(
    `DATA_DIR ${where.dataDir} is in use by ${who}. ` +
      'Stop that first, or choose another DATA_DIR: two cannot share one.',
  );
}

/** A data directory that this process owns. */
export interface Claim {
  where: RedisDir;
  socketPath: string;
  /** Record which Redis runs now, so that a later run finds it should this process die. */
  setRedis(pid: number | undefined): void;
  release(): void;
}

const same = (a: Owner | undefined, b: Owner) => a?.pid === b.pid && a.mark === b.mark;

/** The sentence for a file of the private Redis that cannot be written: the disk is full, or files are another user's. */
function cannotWrite(dataDir: string, error: unknown): EmbeddedRedisError {
  return new EmbeddedRedisError(
    `DATA_DIR ${dataDir} cannot be written to: ${(error as Error).message}. ` +
      'There must be room on its disk, and what is in it must belong to this user.',
    { cause: error },
  );
}

/**
 * Put `owner` on record in place of `before`, which is dead or nobody.
 * @returns whether that came off; false when somebody else was quicker
 */
function replaceOwner({ dataDir, ownerFile }: RedisDir, before: Owner | undefined, owner: Owner): boolean {
  const draft = `${ownerFile}.${process.pid}`;
  const old = `${draft}.old`;
  try {
    writeFileSync(draft, JSON.stringify(owner), { mode: 0o600 });
    if (before) {
      renameSync(ownerFile, old);
      if (!same(readRecord(old), before)) {
        // Not the dead one any more: somebody took over first. Give it back.
        linkSync(old, ownerFile);
        return false;
      }
    }
    linkSync(draft, ownerFile);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'ENOENT') return false;
    throw cannotWrite(dataDir, error);
  } finally {
    // Why it failed matters more than what is left of it.
    rmSync(draft, { force: true, recursive: true });
    rmSync(old, { force: true, recursive: true });
  }
}

/**
 * Make this process the owner of a data directory, ending a Redis that a dead owner left behind.
 * @param what the program, for the sentence that turns others away
 * @throws EmbeddedRedisError when somebody alive owns it or it cannot be written to
 */
export async function claimDataDir(dataDir: string, what: string, log: BaseLogger): Promise<Claim> {
  const where = redisDir(dataDir);
  ensureDir(where);
  const mark = processMark(process.pid) ?? 'unknown';
  for (;;) {
    const before = readOwner(where);
    if (before && isAlive(before)) refuse(where, before);
    if (before?.redis) await endOrphan(before.redis, log);
    if (before && basename(dirname(before.socketPath)).startsWith(PRIVATE_PREFIX)) dropSocket(before.socketPath);
    const owner: Owner = { pid: process.pid, mark, what, socketPath: chooseSocket(where, log) };
    if (replaceOwner(where, before, owner)) return claim(where, owner);
    dropSocket(owner.socketPath);
    await sleep(20);
  }
}

function claim(where: RedisDir, owner: Owner): Claim {
  return {
    where,
    socketPath: owner.socketPath,
    setRedis(pid) {
      const mark = pid === undefined ? undefined : processMark(pid);
      const draft = `${where.ownerFile}.${process.pid}`;
      writeFileSync(
        draft,
        JSON.stringify({ ...owner, ...(pid !== undefined && mark ? { redis: { pid, mark } } : {}) }),
        { mode: 0o600 },
      );
      renameSync(draft, where.ownerFile);
    },
    release() {
      if (!same(readOwner(where), owner)) return;
      dropSocket(owner.socketPath);
      rmSync(where.ownerFile, { force: true });
    },
  };
}
