import { join } from 'node:path';
import type { Feature, Platform } from '../../feature.ts';
import { createRedis, type RedisClient } from '../../platform/redis/connect.ts';
import type { RegionPacks } from '../../region/packs.ts';
import { openRegionStreams } from '../regionStreams.ts';
import type { StreamTelemetry } from '../telemetry.ts';
import { AlertLimits } from './alertLimits.ts';
import { createDeadLetters } from './deadLetters.ts';
import { createLetterFiles } from './letterFiles.ts';
import { createDeadLetterStore } from './deadLetterStore.ts';
import type { IntakeRegion } from './chunkSender.ts';
import { createIntake, type Intake } from './intake.ts';
import { deadLettersRoute } from './routes/deadLettersRoute.ts';
import { eventsRoute, type EventsParts } from './routes/eventsRoute.ts';
import type { IndicatorChannels } from './signalRecord.ts';
import { createValidator, rulesOf } from './validate.ts';

/** How long the replicas may take to confirm what is accepted, ms. */
const CONFIRM_MS = 5_000;

export interface IntakeFeature extends Feature {
  /** For features that submit events of their own, once all have started. */
  readonly intake: Intake;
}

/** Takes events in, where the process has the role `ingest`. */
export function intakeFeature(
  { config, redis, endpoint, log, now }: Platform,
  packs: RegionPacks,
  telemetry: StreamTelemetry,
  indicators: (region: string) => IndicatorChannels | undefined,
): IntakeFeature {
  const regions = new Map<string, IntakeRegion>();
  const letters = createDeadLetterStore(redis);
  const intake = createIntake({
    validate: createValidator(rulesOf(packs.counted()), indicators),
    regions: (region) => regions.get(region)!,
    deadLetters: createDeadLetters(letters, createLetterFiles(join(config.dataDir, 'dead-letters')), log),
    telemetry,
    now,
    unitName: (region, code) => packs.get(region)?.units?.find((unit) => unit.code === code)?.name['zh-CN'],
  });
  const accepts = config.roles.has('ingest');
  const outside: EventsParts = {
    intake: (from) => intake.request(from),
    channelOf: (region, indicator) => indicators(region)?.get(indicator)?.channel,
  };
  let waiting: RedisClient | undefined;
  return {
    name: 'intake',
    backup: { owns: (tag) => tag === 'dead-letters' },
    intake,
    routes: accepts ? [eventsRoute(outside), deadLettersRoute({ ...outside, store: letters })] : [],
    start() {
      // What waits for the replicas holds its connection meanwhile, so it has one of its own.
      if ((accepts || config.roles.has('push')) && config.acceptReplicas > 0)
        waiting = createRedis(endpoint, { role: 'commands', log, name: 'wagewatch-accept' });
      const replicaAck = waiting && { redis: waiting, replicas: config.acceptReplicas, timeoutMs: CONFIRM_MS };
      for (const { code } of packs.counted()) {
        const { events, progress, observations } = openRegionStreams(redis, code, replicaAck);
        regions.set(code, { events, progress, observations, limits: new AlertLimits(events) });
      }
    },
    stop: () => waiting?.disconnect(),
  };
}
