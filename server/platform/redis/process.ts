import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, openSync, readSync, statfsSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BaseLogger } from 'pino';
import { EmbeddedRedisError, type RedisBinary } from './binary.ts';
import { killGroup, type Claim, type RedisDir } from './dataDir.ts';

/** One run of the embedded Redis: its settings, its start until it answers, and why it ended. */

/** In a redis.conf, a quoted value may hold anything. */
const quote = (text: string) => JSON.stringify(text);

/** The settings. What is accepted is on the disk before it is confirmed: `appendfsync always`. */
export function redisConf({ dir, logFile }: RedisDir, socketPath: string): string {
  return `# Written at each start; changes made here are lost.
port 0
unixsocket ${quote(socketPath)}
unixsocketperm 700
dir ${quote(dir)}
logfile ${quote(logFile)}
loglevel notice
daemonize no
save ""
appendonly yes
appendfsync always
aof-load-truncated yes
aof-use-rdb-preamble yes
auto-aof-rewrite-percentage 100
auto-aof-rewrite-min-size 512mb
maxmemory-policy noeviction
hash-max-listpack-entries 1024
hash-max-listpack-value 64
latency-monitor-threshold 0
shutdown-on-sigterm nosave now
`;
}

/** How a program is started so that it ends with this one and nobody else can start it on the same directory. */
type Guard = readonly string[];
const LOCKED = 75;

/**
 * `setpriv` and `flock` of util-linux, which every Debian has: the first has the system end Redis when this
 * process dies in whatever way; the second has Redis itself hold a lock on the directory, which the system
 * gives back when Redis ends, and which holds between containers, too. Without them, `owner.json` alone guards.
 */
function chooseGuard({ lockFile }: RedisDir, log: BaseLogger): Guard {
  const guard = (wait: string[]) => [
    'setpriv',
    '--pdeathsig',
    'TERM',
    'flock',
    ...wait,
    '-E',
    String(LOCKED),
    '-F',
    lockFile,
  ];
  const [command = '', ...args] = guard(['-n']);
  const probe = spawnSync(command, [...args, 'true'], { stdio: 'ignore' });
  // A Redis that is just ending is waited for.
  if (probe.status === 0 || probe.status === LOCKED) return guard(['-w', '5']);
  log.warn(
    'setpriv and flock (util-linux) are missing: should this process be killed, its Redis goes on until the next start ends it',
  );
  return [];
}

/** What a command without arguments answers over a unix socket, as text, or undefined when nobody answers within `ms`. */
function ask(
  socketPath: string,
  command: string,
  ms: number,
  whole: (text: string) => boolean,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(socketPath);
    let text = '';
    const end = (answer?: string) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ms, () => {
      end();
    });
    socket.on('error', () => {
      end();
    });
    socket.on('close', () => {
      end();
    });
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (whole(text)) end(text);
    });
    socket.write(`${command}\r\n`);
  });
}

/** What `INFO` says over a unix socket, or undefined when nobody answers within `ms`. */
export async function askInfo(socketPath: string, ms = 1_000): Promise<Map<string, string> | undefined> {
  const text = await ask(socketPath, 'INFO', ms, (so) => {
    const head = /^\$(\d+)\r\n/.exec(so);
    return head !== null && so.length >= head[0].length + Number(head[1]);
  });
  if (text === undefined) return undefined;
  return new Map(
    text
      .split('\r\n')
      .filter((line) => line.includes(':'))
      .map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon), line.slice(colon + 1)];
      }),
  );
}

/** Has Redis write its append-only file anew in the background. @returns what it said to that, if anything */
export const askRewrite = (socketPath: string, ms = 1_000): Promise<string | undefined> =>
  ask(socketPath, 'BGREWRITEAOF', ms, (text) => text.endsWith('\r\n'));

/** The last `bytes` of a file. */
function tail(file: string, bytes = 4_096): string {
  try {
    const fd = openSync(file, 'r');
    try {
      const { size } = fstatSync(fd);
      const buffer = Buffer.alloc(Math.min(bytes, size));
      readSync(fd, buffer, 0, buffer.length, size - buffer.length);
      return buffer.toString('utf8');
    } finally {
      closeSync(fd);
    }
  } catch {
    return '';
  }
}

const FULL_BELOW = 4 * 1024 * 1024;
const fullDisk = ({ dataDir }: RedisDir) =>
  `the disk that holds ${dataDir} is full: make room, and it goes on by itself`;

/** Why Redis ended, as far as its log, its exit and the disk tell. */
export function explainEnd(where: RedisDir, run: RedisRun): string {
  const { code, signal } = run.ended ?? { code: null, signal: null };
  if (code === LOCKED) {
    return `another Redis already works in ${where.dir}, perhaps started from another container; end that first`;
  }
  let free = Infinity;
  try {
    const { bavail, bsize } = statfsSync(where.dir);
    free = bavail * bsize;
  } catch {
    // Not told here: go on with what the log says.
  }
  // Redis marks warnings with #; those of this run alone.
  const warnings = tail(where.logFile)
    .split('\n')
    .filter((line) => line.startsWith(`${run.pid}:`) && / # /.test(line));
  const last = warnings.at(-1)?.replace(/^.*? # /, '') ?? '';
  if (free < FULL_BELOW || warnings.some((line) => line.includes('No space left on device'))) {
    return fullDisk(where);
  }
  if (warnings.some((line) => /Bad file format|Unexpected end of file/.test(line))) {
    return `its append-only file is damaged (${last}); look at ${where.logFile}, and see redis-check-aof --fix`;
  }
  if (signal)
    return `it was killed by ${signal}${signal === 'SIGKILL' ? ' (by hand, or by the system for want of memory)' : ''}`;
  return `exit code ${code}; ${run.stderr.trim() || last || `see ${where.logFile}`}`;
}

export interface RedisRun {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Set once it has ended. */
  ended?: { code: number | null; signal: NodeJS.Signals | null };
  /** Resolves once it has ended. */
  readonly end: Promise<void>;
  stderr: string;
}

/** Errors of the file system as a sentence. */
function telling<T>(where: RedisDir, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new EmbeddedRedisError(
      `${code === 'ENOSPC' ? fullDisk(where) : `${where.dir} cannot be written to: ${message}`}.`,
      { cause: error },
    );
  }
}

function launch(binary: RedisBinary, claim: Claim, log: BaseLogger): RedisRun {
  const { where, socketPath } = claim;
  telling(where, () => {
    writeFileSync(where.confFile, redisConf(where, socketPath), { mode: 0o600 });
  });
  const [command = '', ...args] = [...chooseGuard(where, log), binary.path, where.confFile];
  // A session of its own: Ctrl-C in the terminal is for the server, which ends Redis last.
  const child = spawn(command, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'], cwd: where.dir });
  let settle = () => {};
  const run: RedisRun = {
    pid: child.pid ?? 0,
    child,
    stderr: '',
    end: new Promise((resolve) => {
      settle = resolve;
    }),
  };
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    run.stderr = (run.stderr + text).slice(-2_000);
  });
  child.once('error', (error) => {
    run.stderr += error.message;
    run.ended ??= { code: -1, signal: null };
    settle();
  });
  child.once('exit', (code, signal) => {
    run.ended = { code, signal };
    // A rewrite of the log that it was making must not go on beside the next run.
    if (run.pid > 0) killGroup(run.pid, 'SIGKILL');
    settle();
  });
  return run;
}

const SILENCE_MS = 60_000;

/**
 * Start Redis and wait until it serves, however long it has to load.
 * @param signal gives the start up
 * @throws EmbeddedRedisError with why it did not
 */
export async function startRun(
  binary: RedisBinary,
  claim: Claim,
  log: BaseLogger,
  signal: AbortSignal,
): Promise<RedisRun> {
  const run = launch(binary, claim, log);
  try {
    if (run.pid > 0)
      telling(claim.where, () => {
        claim.setRedis(run.pid);
      });
    await untilServing(run, binary, claim, log, signal);
    return run;
  } catch (error) {
    await endRun(run, 5_000);
    throw error;
  }
}

async function untilServing(
  run: RedisRun,
  binary: RedisBinary,
  claim: Claim,
  log: BaseLogger,
  signal: AbortSignal,
): Promise<void> {
  const program = `${binary.name} ${binary.version}`;
  let lastOutputAt = Date.now();
  let reportedAt = lastOutputAt;
  for (let pause = 5; ; pause = Math.min(pause * 1.5, 100)) {
    if (signal.aborted) throw new EmbeddedRedisError(`${program} was stopped while it started.`);
    if (run.ended) throw new EmbeddedRedisError(`${program} ended at its start: ${explainEnd(claim.where, run)}.`);
    const info = await askInfo(claim.socketPath);
    if (info?.get('process_id') === String(run.pid)) {
      if (info.get('loading') === '0') return;
      lastOutputAt = Date.now();
      if (lastOutputAt - reportedAt > 3_000) {
        reportedAt = lastOutputAt;
        log.info(
          { percent: Number(info.get('loading_loaded_perc')), etaSeconds: Number(info.get('loading_eta_seconds')) },
          'Redis is loading its data',
        );
      }
    } else if (Date.now() - lastOutputAt > SILENCE_MS) {
      throw new EmbeddedRedisError(
        `${program} was started, but does not answer on ${claim.socketPath}; see ${claim.where.logFile}.`,
      );
    }
    await sleep(pause);
  }
}

/** End Redis in good order; past `ms`, by force (nothing is lost by that, either). */
export async function endRun(run: RedisRun, ms: number): Promise<void> {
  if (run.ended) return;
  run.child.kill('SIGTERM');
  const timer = setTimeout(() => {
    killGroup(run.pid, 'SIGKILL');
  }, ms);
  await run.end;
  clearTimeout(timer);
}
