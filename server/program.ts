import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig, type Config } from './config.ts';
import type { Feature, Platform } from './feature.ts';
import { assertRestored } from './platform/backup/unfinished.ts';
import { collectWhenQuiet } from './platform/collectWhenQuiet.ts';
import { isFull } from './platform/files/disk.ts';
import { createLogger } from './platform/log.ts';
import { createMetrics } from './platform/metrics.ts';
import { PROJECT_ROOT } from './platform/paths.ts';
import { assertUsable, createRedis } from './platform/redis/connect.ts';
import { startEmbeddedRedis } from './platform/redis/embedded.ts';
import { SettingError } from './platform/settings.ts';
import { loadRegionPacks, type RegionPacks } from './region/packs.ts';

/** A stop that hangs is ended after this long: a stop in good order takes under 10 s. */
const STOP_MS = 10_000;

type Log = Pick<Platform['log'], 'error'>;
type Stop = () => Promise<void>;

/**
 * Starts features in order.
 * @returns what stops them, last first; a step that fails is logged, and those before it are stopped all the same
 * @throws what a feature failed with, after it and those before it have been stopped
 */
export async function startAll(features: readonly Feature[], log: Log): Promise<Stop> {
  const started: Feature[] = [];
  const stop = async () => {
    for (const feature of started.splice(0).reverse()) {
      try {
        await feature.stop?.();
      } catch (error) {
        log.error({ error, feature: feature.name }, 'stop: a feature failed');
      }
    }
  };
  try {
    for (const feature of features) {
      // Before it starts: what it has begun when it fails must end, too.
      started.push(feature);
      await feature.start?.();
    }
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Redis and what else every feature uses. */
async function openPlatform(config: Config, log: Platform['log']): Promise<Platform & { close: Stop }> {
  const embedded =
    config.redis.kind === 'embedded' ? await startEmbeddedRedis({ dataDir: config.dataDir, log }) : undefined;
  const endpoint = embedded?.endpoint ?? (config.redis as Exclude<Config['redis'], { kind: 'embedded' }>);
  const redis = createRedis(endpoint, { role: 'commands', log, name: 'wagewatch' });
  const close = async () => {
    redis.disconnect();
    await embedded?.stop();
  };
  try {
    await assertUsable(redis, endpoint);
  } catch (error) {
    await close();
    throw error;
  }
  const folder = join(PROJECT_ROOT, 'dist/web');
  return {
    config,
    log,
    metrics: createMetrics(),
    redis,
    endpoint,
    pages: { folder, build: buildOf(folder) },
    now: () => Date.now(),
    close,
  };
}

function buildOf(folder: string): string {
  const page = join(folder, 'index.html');
  return existsSync(page) ? createHash('sha256').update(readFileSync(page)).digest('hex').slice(0, 12) : 'none';
}

/**
 * Makes FILES_DIR and makes sure that it can be written to: else the first attachment, or the first hour, would find out.
 * @throws SettingError with a sentence; a disk that is full for now is none
 */
export function assertFilesDir(filesDir: string): void {
  try {
    mkdirSync(filesDir, { recursive: true, mode: 0o700 });
    accessSync(filesDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    if (isFull(error)) return;
    throw new SettingError([
      `FILES_DIR ${filesDir} cannot be used: ${(error as Error).message}. It must be a directory that this user may write to.`,
    ]);
  }
}

export type MakeFeatures = (platform: Platform, packs: RegionPacks) => Feature[];

async function start(config: Config, make: MakeFeatures): Promise<Stop> {
  assertRestored(config.dataDir);
  const log = createLogger(config.logLevel);
  const packs = loadRegionPacks({
    assetsDir: join(PROJECT_ROOT, 'assets/geo'),
    dataDir: config.dataDir,
    codes: config.regions,
  });
  const platform = await openPlatform(config, log);
  try {
    // After the private Redis, which says what is wrong with DATA_DIR.
    assertFilesDir(config.filesDir);
    const stop = await startAll(make(platform, packs), log);
    const stopCollecting = collectWhenQuiet(log);
    return async () => {
      stopCollecting();
      await stop();
      await platform.close();
    };
  } catch (error) {
    await platform.close();
    throw error;
  }
}

/**
 * Runs the program until a signal ends it: code 0 after a stop in good order, 1 if it could not start or stop, 2 for a
 * setting that is wrong.
 */
export async function runProgram(make: MakeFeatures): Promise<void> {
  const loaded = loadConfig(process.env);
  if (!loaded.ok) {
    for (const fault of loaded.faults) process.stderr.write(`${fault}\n`);
    process.exitCode = 2;
    return;
  }
  let stopping = false;
  const starting = start(loaded.config, make);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      setTimeout(() => process.exit(1), STOP_MS).unref();
      void starting
        .then((stop) => stop())
        .then(
          () => process.exit(0),
          () => process.exit(1),
        );
    });
  }
  try {
    await starting;
  } catch (error) {
    const { message } = error as Error;
    // A wrong setting is told like those of the environment.
    if (error instanceof SettingError) {
      process.stderr.write(`${message}\n`);
      process.exit(2);
    }
    process.stderr.write(`WageWatch could not start: ${message}\n`);
    process.exit(1);
  }
}
