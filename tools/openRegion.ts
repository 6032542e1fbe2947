import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { destination, type BaseLogger } from 'pino';
import { createLogger } from '../server/platform/log.ts';
import { loadConfig, type Config } from '../server/config.ts';
import { assertUsable, createRedis, type RedisClient } from '../server/platform/redis/connect.ts';
import { assertRestored } from '../server/platform/backup/unfinished.ts';
import { attachOrStartRedis } from '../server/platform/redis/embedded.ts';
import { isUpper } from '../common/divisions.ts';
import { PROJECT_ROOT } from '../server/platform/paths.ts';
import { openRegionStreams, type RegionStreams } from '../server/streams/regionStreams.ts';
import type { Lease } from '../server/streams/worker/lease.ts';
import type { RedisEndpoint } from '../server/platform/redis/target.ts';
import { loadRegionPacks } from '../server/region/packs.ts';
import type { RegionPack } from '../contract/region.ts';

/** A region as a tool beside the server sees it. */
export interface OpenedRegion {
  config: Config;
  pack: RegionPack;
  streams: RegionStreams;
  redis: RedisClient;
  endpoint: RedisEndpoint;
  log: BaseLogger;
  close(): Promise<void>;
}

/**
 * Makes sure that there is something to look at: with a DATA_DIR that is mistyped, or left out, `verify` would find no difference,
 * and `backup` would write a good backup of nothing.
 * @throws with a sentence; also when only part of a backup was restored
 */
export function assertHolds({ redis, dataDir }: Pick<Config, 'redis' | 'dataDir'>): void {
  assertRestored(dataDir);
  if (redis.kind === 'embedded' && !existsSync(join(dataDir, 'redis/appendonlydir')))
    throw new Error(
      `DATA_DIR ${dataDir} holds no data of WageWatch: give this tool the DATA_DIR (or REDIS_URL) that the server has.`,
    );
}

/**
 * Opens the region that the environment names: through the running server's Redis, else through one of its own.
 * @param begins whether the tool may be the first that uses a DATA_DIR
 */
export async function openRegion(what: string, begins = false): Promise<OpenedRegion> {
  const loaded = loadConfig(process.env);
  if (!loaded.ok) throw new Error(loaded.faults.join('\n'));
  const { config } = loaded;
  if (begins) assertRestored(config.dataDir);
  else assertHolds(config);
  const log = createLogger('warn', destination(2));
  const packs = loadRegionPacks({
    assetsDir: join(PROJECT_ROOT, 'assets/geo'),
    dataDir: config.dataDir,
    codes: [config.region],
  });
  const attached = await attachOrStartRedis({ config, log, what });
  const redis = createRedis(attached.endpoint, { role: 'commands', log, name: `wagewatch-${what}` });
  const close = async () => {
    redis.disconnect();
    await attached.stop();
  };
  try {
    await assertUsable(redis, attached.endpoint);
    const pack = packs.get(config.region)!;
    if (isUpper(pack))
      throw new Error(
        `REGION ${pack.code} is the sum of ${pack.towns.map(({ code }) => code).join(', ')}, and has no events of its own: name one of those.`,
      );
    return {
      config,
      pack,
      streams: openRegionStreams(redis, pack.code),
      redis,
      endpoint: attached.endpoint,
      log,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const TTL_MS = 10_000;

/**
 * Runs `work` while nothing is counted: takes the lease from the server's worker, which waits until it is free again.
 * Events are accepted meanwhile; screens show the lag.
 */
export async function whileNothingCounts<T>(lease: Lease, work: (token: string) => Promise<T>): Promise<T> {
  const token = await lease.take(undefined, TTL_MS, true);
  if (token === undefined) throw new Error('the lease of the region could not be taken');
  const renewal = setInterval(() => void lease.take(token, TTL_MS).catch(() => undefined), TTL_MS / 4);
  try {
    return await work(token);
  } finally {
    clearInterval(renewal);
    await lease.release(token).catch(() => undefined);
  }
}

/** Runs a tool: one sentence for what went wrong, exit code 1. */
export async function runTool(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
