import type { FoldRules } from '../../alerts/fold.ts';
import { createRedis, type RedisClient } from '../../platform/redis/connect.ts';
import type { RedisEndpoint } from '../../platform/redis/target.ts';
import { CHUNK_EVENTS } from '../../streams/intake/chunk.ts';
import { createStreamReader } from '../../streams/streamReader.ts';
import type { Log } from '../../streams/telemetry.ts';
import { ReducerWorker } from '../../streams/worker/worker.ts';
import { createRuleStore } from '../packs/ruleStore.ts';
import { createEngineReducer, type Decided } from './engineReducer.ts';
import { engineKeys } from './keys.ts';

export interface EngineWorkerParts {
  /** A connection for commands. */
  redis: RedisClient;
  /** Where connections for blocking reads are opened. */
  endpoint: RedisEndpoint;
  region: string;
  rules: FoldRules;
  observationDays: number;
  leaseMs: number;
  /** False while everything is built anew from an export. */
  decides?: boolean;
  log: Log & Parameters<typeof createRedis>[1]['log'];
  onDecided?: (decided: Decided) => void;
  /** The fencing token while this worker holds the lease of the region's engine, undefined when it is gone. */
  onLease?: (token: string | undefined) => void;
  now?: () => number;
}

/** What runs a region's engine. At most one decides at a time; the others wait for its lease. */
export interface EngineWorker {
  start(): void;
  /** Finishes the batch at hand and gives the lease back. */
  stop(): Promise<void>;
}

export function createEngineWorker(parts: EngineWorkerParts): EngineWorker {
  const { redis, endpoint, region, rules, observationDays, leaseMs, decides = true, log } = parts;
  const reducer = createEngineReducer({
    region,
    redis,
    rules: createRuleStore(redis, region),
    foldRules: rules,
    observationDays,
    decides,
    now: parts.now ?? (() => Date.now()),
    log,
    onDecided: parts.onDecided ?? (() => undefined),
  });
  return new ReducerWorker({
    redis,
    openReader: () =>
      createStreamReader(
        createRedis(endpoint, { role: 'blocking', log, name: `wagewatch-signals-${region}` }),
        reducer.inputs.map(({ stream }) => stream),
      ),
    reducer,
    leaseKeys: engineKeys(region),
    leaseMs,
    entryEvents: CHUNK_EVENTS,
    log,
    onLease: parts.onLease ?? (() => undefined),
  });
}
