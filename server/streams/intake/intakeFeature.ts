import { join } from 'node:path';
import type { Feature, Platform } from '../../feature.ts';
import { createRedis, type RedisClient } from '../../platform/redis/connect.ts';
import { regionKeys } from '../../platform/redis/keys.ts';
import type { RegionPacks } from '../../region/packs.ts';
import { createRegionStore, type RegionStore } from '../store/regionStore.ts';
import type { StreamTelemetry } from '../telemetry.ts';
import { createDeadLetters } from './deadLetters.ts';
import { createDeadLetterStore } from './deadLetterStore.ts';
import { createIntake } from './intake.ts';
import { deadLettersRoute } from './routes/deadLettersRoute.ts';
import { eventsRoute, type EventsParts } from './routes/eventsRoute.ts';
import { createValidator, rulesOf } from './validate.ts';

/** How long the replicas may take to confirm what is accepted, ms. */
const CONFIRM_MS = 5_000;

/** Takes events in, where the process has the role `ingest`. */
export function intakeFeature(
  { config, redis, endpoint, log, now }: Platform,
  packs: RegionPacks,
  { telemetry, holds }: { telemetry: StreamTelemetry; holds: EventsParts['holds'] },
): Feature {
  const stores = new Map<string, RegionStore>();
  const letters = createDeadLetterStore(redis);
  const intake = createIntake({
    validate: createValidator(rulesOf(packs.counted())),
    store: (region) => stores.get(region)!,
    deadLetters: createDeadLetters(letters, join(config.dataDir, 'dead-letters'), log),
    telemetry,
    now,
  });
  const accepts = config.roles.has('ingest');
  let waiting: RedisClient | undefined;
  return {
    name: 'intake',
    routes: accepts ? [eventsRoute({ intake, holds }), deadLettersRoute({ store: letters, intake, holds })] : [],
    start() {
      // What waits for the replicas holds its connection meanwhile, so it has one of its own.
      if (accepts && config.acceptReplicas > 0)
        waiting = createRedis(endpoint, { role: 'commands', log, name: 'wagewatch-accept' });
      const sure = waiting && { redis: waiting, replicas: config.acceptReplicas, timeoutMs: CONFIRM_MS };
      for (const { code } of packs.counted()) stores.set(code, createRegionStore(redis, regionKeys(code), sure));
    },
    stop: () => waiting?.disconnect(),
  };
}
