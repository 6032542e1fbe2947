import { pino } from 'pino';
import { join } from 'node:path';
import { loadConfig } from '../../server/config.ts';
import type { Feature, Platform } from '../../server/feature.ts';
import { features } from '../../server/features.ts';
import { createMetrics } from '../../server/platform/metrics.ts';
import { PROJECT_ROOT } from '../../server/platform/paths.ts';
import type { RedisClient } from '../../server/platform/redis/connect.ts';
import { loadRegionPacks } from '../../server/region/packs.ts';

/** The features of the program as the environment `env` has them, made and not started: for what they declare. */
export function declaredFeatures(env: Record<string, string> = {}): { platform: Platform; features: Feature[] } {
  const loaded = loadConfig(env);
  if (!loaded.ok) throw new Error(loaded.faults.join('\n'));
  const { config } = loaded;
  const platform: Platform = {
    config,
    log: pino({ level: 'silent' }),
    metrics: createMetrics(),
    // Nothing is asked of Redis before the start.
    redis: {} as RedisClient,
    endpoint: { kind: 'socket', path: '' },
    pages: { folder: '', build: 'none' },
    now: () => Date.now(),
  };
  const packs = loadRegionPacks({
    assetsDir: join(PROJECT_ROOT, 'assets/geo'),
    dataDir: config.dataDir,
    codes: config.regions,
  });
  return { platform, features: features(platform, packs) };
}
