import { readFileSync } from 'node:fs';
import { Cluster, Redis, type ClusterOptions, type RedisOptions } from 'ioredis';
import type { BaseLogger } from 'pino';
import { liveUntilAsked } from './lifetime.ts';
import type { RedisEndpoint, TlsTarget } from './target.ts';
import { NO_NODE } from './unreachable.ts';

/**
 * Connections to Redis, of whatever kind. A connection never gives up: it tries again for ever, in jittered,
 * growing pauses. What it does with commands meanwhile depends on its role:
 *
 * - `commands`: no command is ever sent twice behind the caller's back. One that was on its way when the
 *   connection broke, or that waits when an attempt to reconnect fails, is rejected, and the caller, who knows
 *   whether it may be repeated, decides. On this rests invariant 2 (counted exactly once).
 * - `blocking`: commands wait however long it takes and are sent again; only for reads that may be repeated
 *   (XREAD BLOCK). One such connection a reader, as a blocked one serves nobody else.
 */
export type RedisRole = 'commands' | 'blocking';
export type RedisClient = Redis | Cluster;

export interface ConnectOptions {
  role: RedisRole;
  log: BaseLogger;
  /** Shown by `CLIENT LIST`; letters, digits and dashes. */
  name?: string;
}

const MAX_PAUSE_MS = 2_000;

/** Pause before attempt `times` (from 1): 50 ms doubled each time up to 2 s, of which a random half. */
export function reconnectPause(times: number, random: () => number = Math.random): number {
  const full = Math.min(50 * 2 ** Math.min(times - 1, 10), MAX_PAUSE_MS);
  return Math.round(full * (0.5 + 0.5 * random()));
}

function tlsOptions(tls: TlsTarget | undefined): Pick<RedisOptions, 'tls'> {
  if (!tls) return {};
  return { tls: tls.ca === undefined ? {} : { ca: readFileSync(tls.ca) } };
}

function credentials(endpoint: { username?: string; password?: string }): Pick<RedisOptions, 'username' | 'password'> {
  return {
    ...(endpoint.username === undefined ? {} : { username: endpoint.username }),
    ...(endpoint.password === undefined ? {} : { password: endpoint.password }),
  };
}

/** Where an endpoint is, in words that hold no secret. */
export function describeEndpoint(endpoint: RedisEndpoint): string {
  const at = ({ host, port }: { host: string; port: number }) => `${host.includes(':') ? `[${host}]` : host}:${port}`;
  switch (endpoint.kind) {
    case 'socket':
      return endpoint.path;
    case 'single':
      return `${at(endpoint)}/${endpoint.db}${endpoint.tls ? ' (TLS)' : ''}`;
    case 'sentinel':
      return `${endpoint.name} of the Sentinels ${endpoint.sentinels.map(at).join(', ')}`;
    case 'cluster':
      return `the cluster of ${endpoint.nodes.map(at).join(', ')}`;
  }
}

function open(endpoint: RedisEndpoint, { role, name }: ConnectOptions): RedisClient {
  const common = {
    maxRetriesPerRequest: role === 'commands' ? 0 : null,
    connectTimeout: 5_000,
    keepAlive: 10_000,
    // A server that is asked, and says nothing for so long, is gone; a blocking one may be silent.
    ...(role === 'commands' ? { socketTimeout: 30_000 } : {}),
    // A server that still loads its data is waited for, however long that takes.
    maxLoadingRetryTime: MAX_PAUSE_MS,
    ...(name === undefined ? {} : { connectionName: name }),
  } satisfies RedisOptions;
  const retryStrategy = (times: number) => reconnectPause(times);
  // A replica that was a master until just now: reconnect, so that the new master is looked up.
  const reconnectOnError = (error: Error) => /^READONLY/.test(error.message);
  switch (endpoint.kind) {
    case 'socket':
      return new Redis({ ...common, retryStrategy, path: endpoint.path });
    case 'single': {
      const { host, port, db } = endpoint;
      return new Redis({
        ...common,
        retryStrategy,
        reconnectOnError,
        host,
        port,
        db,
        ...credentials(endpoint),
        ...tlsOptions(endpoint.tls),
      });
    }
    case 'sentinel': {
      const { tls } = tlsOptions(endpoint.tls);
      return new Redis({
        ...common,
        retryStrategy,
        reconnectOnError,
        sentinelRetryStrategy: retryStrategy,
        sentinels: endpoint.sentinels,
        name: endpoint.name,
        db: endpoint.db,
        failoverDetector: true,
        ...credentials(endpoint),
        ...(endpoint.sentinelPassword === undefined ? {} : { sentinelPassword: endpoint.sentinelPassword }),
        ...(tls ? { tls, sentinelTLS: tls, enableTLSForSentinelMode: true } : {}),
      });
    }
    case 'cluster': {
      const options = {
        clusterRetryStrategy: retryStrategy,
        // Sending again after a broken connection is the blocking role's alone (see above).
        retryDelayOnFailover: role === 'commands' ? 0 : 200,
        slotsRefreshTimeout: 2_000,
        redisOptions: { ...common, ...credentials(endpoint), ...tlsOptions(endpoint.tls) },
        // Certificates are made out for names, so with TLS names must not become addresses.
        ...(endpoint.tls ? { dnsLookup: (host, done) => done(null, host) } : {}),
      } satisfies ClusterOptions;
      const cluster = new Cluster(endpoint.nodes, options);
      if (role === 'commands') giveBackWaiting(cluster);
      return cluster;
    }
  }
}

/**
 * Rejects what waits for a Cluster each time an attempt to reach it has failed, as ioredis does for a single server; by
 * itself it has commands wait until one of the nodes answers: a source, a stop and a health check would wait for ever.
 */
function giveBackWaiting(cluster: Cluster): void {
  // Left out of the types; ioredis calls it when a Cluster has ended.
  const { flushQueue } = cluster as unknown as { flushQueue: (error: Error) => void };
  cluster.on('close', () => {
    flushQueue.call(cluster, new Error(NO_NODE));
  });
}

type ConnectError = Error & { lastNodeError?: Error };

/** Why a connection failed; the same words each time, so that a reason is told from one that was told before. */
function reasonOf(error: ConnectError): string {
  const cause = error.lastNodeError ?? error;
  const text = cause.message || (cause as NodeJS.ErrnoException).code || cause.name;
  // ioredis says how long it will wait, which is another time each time.
  return text.replace(/ Retrying from scratch after \d+ms\./, '');
}

/** Log each reason of an outage once, and its end; not every attempt in between. */
function logChanges(redis: RedisClient, endpoint: RedisEndpoint, { role, log }: ConnectOptions): void {
  const where = { redis: describeEndpoint(endpoint), role };
  const reasons = new Set<string>();
  let lost = false;
  redis.on('error', (error: ConnectError) => {
    const reason = reasonOf(error);
    if (reasons.has(reason)) return;
    reasons.add(reason);
    log.warn({ ...where, reason }, 'Redis cannot be reached; trying again until it can');
  });
  redis.on('reconnecting', () => {
    lost = true;
  });
  redis.on('ready', () => {
    if (lost || reasons.size > 0) log.info(where, 'Redis can be reached again');
    else log.debug(where, 'Redis connected');
    lost = false;
    reasons.clear();
  });
}

/**
 * A connection to `endpoint`, opening at once and again whenever it breaks. `quit()` or `disconnect()` ends it.
 * @throws when the certificate file of a TLS endpoint cannot be read
 */
export function createRedis(endpoint: RedisEndpoint, options: ConnectOptions): RedisClient {
  const redis = open(endpoint, options);
  liveUntilAsked(redis, reconnectPause);
  logChanges(redis, endpoint, options);
  return redis;
}

export const MIN_REDIS_MAJOR = 7;

/** A Redis that is too old, or too strange, to work with. */
export class RedisVersionError extends Error {
  override readonly name = 'RedisVersionError';
}

/**
 * Make sure that the server at the other end is Redis 7 or later, or Valkey.
 * @returns its version, such as `7.0.15`
 * @throws RedisVersionError with a sentence that says what was found and what is needed
 */
export async function assertRedisVersion(redis: RedisClient): Promise<string> {
  const info = String(await redis.info('server'));
  // Valkey tells 7.2.4 as its redis_version for ever; its own is in valkey_version.
  const found = (name: string) => new RegExp(`^${name}:(\\d+)(\\.[\\w.]+)?`, 'm').exec(info);
  const version = found('valkey_version') ?? found('redis_version');
  const text = version ? `${version[1]}${version[2] ?? ''}` : undefined;
  if (text === undefined || Number(version?.[1]) < MIN_REDIS_MAJOR) {
    throw new RedisVersionError(
      `The Redis server is ${text === undefined ? 'of an unknown version' : `version ${text}`}, ` +
        `but WageWatch needs Redis ${MIN_REDIS_MAJOR} or later, or Valkey.`,
    );
  }
  return text;
}

/** Sentinels are asked for ever; so long is enough to know why none leads to a master, ms. */
const SENTINELS_MS = 10_000;

/** What Redis says of a wrong password is about its protocol; what is meant is the setting. */
function inWords(reason: string): string {
  if (/\bNOAUTH\b/.test(reason)) return 'it wants a password, and REDIS_URL gives none';
  if (/\bWRONGPASS\b/.test(reason)) return 'the user or the password in REDIS_URL is wrong';
  return reason;
}

/**
 * Makes sure, right after it was opened, that a connection leads to a Redis that can be used: it answers, has the database that
 * the address names, and is of a version that will do. A database that there is not would be replaced by another one.
 * @throws with a sentence that says where and why, and holds no secret
 */
export async function assertUsable(
  redis: RedisClient,
  endpoint: RedisEndpoint,
  sentinelsMs: number = SENTINELS_MS,
): Promise<void> {
  let reason: string | undefined;
  const listen = (error: ConnectError) => (reason = reasonOf(error));
  redis.on('error', listen);
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    if (endpoint.kind !== 'sentinel') return;
    timer = setTimeout(() => {
      reject(new Error('no Sentinel leads to a master'));
    }, sentinelsMs);
  });
  const ask = async () => {
    if (redis instanceof Redis && redis.options.db) await redis.select(redis.options.db);
    await assertRedisVersion(redis);
  };
  try {
    await Promise.race([ask(), tooLong]);
  } catch (error) {
    if (error instanceof RedisVersionError) throw error;
    const why = inWords(reason ?? (error as Error).message).replace(/\.$/, '');
    throw new Error(`Redis at ${describeEndpoint(endpoint)} cannot be used: ${why}.`, { cause: error });
  } finally {
    clearTimeout(timer);
    redis.off('error', listen);
  }
}
