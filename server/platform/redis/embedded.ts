import { setTimeout as sleep } from 'node:timers/promises';
import type { BaseLogger } from 'pino';
import { EmbeddedRedisError, findRedisBinary } from './binary.ts';
import { claimDataDir, isAlive, readOwner, redisDir } from './dataDir.ts';
import { askInfo, endRun, explainEnd, startRun, type RedisRun } from './process.ts';
import { rewriteWhenQuiet } from './quietRewrite.ts';
import type { RedisEndpoint, RedisTarget } from './target.ts';

/**
 * The embedded Redis: a private server on a unix socket in the data directory, without a TCP port, that ends
 * with this program and is started again should it die. Connections to the socket find the next run by themselves.
 */
export interface EmbeddedRedis {
  readonly socketPath: string;
  readonly endpoint: RedisEndpoint;
  /** Of the present run; undefined between two. */
  readonly pid: number | undefined;
  /** Called, with the reason, each time Redis ends unasked (it is being started again). Returns how to stop that. */
  onExit(listener: (reason: string) => void): () => void;
  /** End Redis and give the data directory free; within 9 s. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  dataDir: string;
  log: BaseLogger;
  /** What this program is, for the sentence that another gets which wants the same directory. */
  what?: string;
}

const STOP_MS = 8_000;
const STEADY_MS = 30_000;
const MAX_BACKOFF_MS = 5_000;
const TELL_MS = 60_000;

/** Pause before restart `attempt` (from 0): at once, then 100 ms doubled up to 5 s, of which a random half. */
export function restartPause(attempt: number, random: () => number = Math.random): number {
  if (attempt === 0) return 0;
  return Math.round(Math.min(100 * 2 ** Math.min(attempt - 1, 10), MAX_BACKOFF_MS) * (0.5 + 0.5 * random()));
}

/**
 * Own `dataDir` and run a Redis in it.
 * @throws EmbeddedRedisError when there is no `redis-server` or `valkey-server` ≥ 7 on the PATH, another live
 *   program owns the directory, or Redis does not start
 */
export async function startEmbeddedRedis({ dataDir, log, what = 'server' }: EmbeddedOptions): Promise<EmbeddedRedis> {
  const binary = findRedisBinary();
  const claim = await claimDataDir(dataDir, what, log);
  const listeners = new Set<(reason: string) => void>();
  const stopping = new AbortController();
  let run: RedisRun | undefined;

  // For ends that nobody stops for: where the system does not end a child with its parent, this does.
  const lastWords = () => {
    run?.child.kill('SIGTERM');
  };

  // Once a minute for each reason: a full disk would otherwise fill the log as well.
  let reported = { text: '', at: 0 };
  const tell = (text: string) => {
    if (text === reported.text && Date.now() - reported.at < TELL_MS) return;
    reported = { text, at: Date.now() };
    log.error(text);
  };

  async function supervise(first: RedisRun): Promise<void> {
    for (let current = first, attempt = 0; ;) {
      const since = Date.now();
      await current.end;
      run = undefined;
      if (stopping.signal.aborted) return;
      if (Date.now() - since > STEADY_MS) attempt = 0;
      const reason = explainEnd(claim.where, current);
      tell(`Redis ended: ${reason}. Starting it again`);
      for (const listener of listeners) listener(reason);
      const again = await restart(attempt);
      if (!again) return;
      current = again.run;
      attempt = again.attempt + 1;
    }
  }

  async function restart(attempt: number): Promise<{ run: RedisRun; attempt: number } | undefined> {
    for (; ; attempt++) {
      await sleep(restartPause(attempt), undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return undefined;
      try {
        const next = await startRun(binary, claim, log, stopping.signal);
        if (stopping.signal.aborted) {
          await endRun(next, STOP_MS);
          return undefined;
        }
        run = next;
        log.info({ redisPid: run.pid }, 'Redis serves again');
        return { run: next, attempt };
      } catch (error) {
        if (stopping.signal.aborted) return undefined;
        tell(`Redis cannot be started again: ${(error as Error).message} Trying on`);
      }
    }
  }

  const began = Date.now();
  try {
    run = await startRun(binary, claim, log, stopping.signal);
  } catch (error) {
    claim.release();
    throw error;
  }
  process.once('exit', lastWords);
  const supervised = Promise.all([supervise(run), rewriteWhenQuiet(claim.socketPath, log, stopping.signal)]);
  log.info(
    {
      redisPid: run.pid,
      program: binary.name,
      version: binary.version,
      socketPath: claim.socketPath,
      ms: Date.now() - began,
    },
    'Embedded Redis serves',
  );

  async function stop(): Promise<void> {
    stopping.abort();
    if (run) await endRun(run, STOP_MS);
    await supervised;
    process.off('exit', lastWords);
    claim.release();
  }
  let stopped: Promise<void> | undefined;

  return {
    socketPath: claim.socketPath,
    endpoint: { kind: 'socket', path: claim.socketPath },
    get pid() {
      return run?.pid;
    },
    onExit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

export interface Attached {
  endpoint: RedisEndpoint;
  /** The program that runs Redis: this one, another WageWatch, or somebody else altogether. */
  owner: 'self' | 'other' | 'remote';
  /** Ends Redis if this program started it. */
  stop(): Promise<void>;
}

const WAIT_FOR_OTHER_MS = 60_000;

/**
 * For the tools beside the server (verify, rebuild, export): the Redis that the configuration names; for an
 * embedded one, that of the server if it runs, else one started for the purpose.
 * @throws EmbeddedRedisError as `startEmbeddedRedis`, or when the server's Redis does not answer
 */
export async function attachOrStartRedis({
  config,
  log,
  what = 'tool',
}: {
  config: { redis: RedisTarget; dataDir: string };
  log: BaseLogger;
  what?: string;
}): Promise<Attached> {
  const nothing = () => Promise.resolve();
  if (config.redis.kind !== 'embedded') return { endpoint: config.redis, owner: 'remote', stop: nothing };
  const where = redisDir(config.dataDir);
  for (const until = Date.now() + WAIT_FOR_OTHER_MS; ; await sleep(100)) {
    const owner = readOwner(where);
    if (!owner || !isAlive(owner)) break;
    if ((await askInfo(owner.socketPath))?.get('loading') === '0') {
      log.info(
        { ownerPid: owner.pid, socketPath: owner.socketPath },
        `Using the Redis of the WageWatch ${owner.what} that runs`,
      );
      return { endpoint: { kind: 'socket', path: owner.socketPath }, owner: 'other', stop: nothing };
    }
    if (Date.now() > until) {
      throw new EmbeddedRedisError(
        `The WageWatch ${owner.what} (process ${owner.pid}) owns DATA_DIR ${config.dataDir}, ` +
          `but its Redis does not answer on ${owner.socketPath}; see ${where.logFile}.`,
      );
    }
  }
  const redis = await startEmbeddedRedis({ dataDir: config.dataDir, log, what });
  return { endpoint: redis.endpoint, owner: 'self', stop: () => redis.stop() };
}
