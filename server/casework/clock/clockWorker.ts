import type { RegionPack } from '../../../contract/region.ts';
import type { FoldRules } from '../../alerts/fold.ts';
import { createRedis, type RedisClient } from '../../platform/redis/connect.ts';
import type { RedisEndpoint } from '../../platform/redis/target.ts';
import { CHUNK_EVENTS } from '../../streams/intake/chunk.ts';
import { createStreamReader } from '../../streams/streamReader.ts';
import type { Log } from '../../streams/telemetry.ts';
import { ReducerWorker } from '../../streams/worker/worker.ts';
import { createClockReducer, type Spoken } from './clockReducer.ts';
import { clockKeys } from './keys.ts';

export interface ClockWorkerParts {
  /** A connection for commands. */
  redis: RedisClient;
  /** Where connections for blocking reads are opened. */
  endpoint: RedisEndpoint;
  /** With units and terms. */
  pack: RegionPack;
  /** As they are now. */
  rules: () => FoldRules;
  leaseMs: number;
  log: Log & Parameters<typeof createRedis>[1]['log'];
  onSpoken?: (spoken: Spoken) => void;
  /** How many open cases are watched. */
  onHeld?: (cases: number) => void;
  /** The fencing token while this worker holds the lease of the region's clock, undefined when it is gone. */
  onLease?: (token: string | undefined) => void;
  now?: () => number;
}

/** What runs a region's clock. At most one speaks at a time; the others wait for its lease. */
export interface ClockWorker {
  start(): void;
  /** Finishes the batch at hand and gives the lease back. */
  stop(): Promise<void>;
}

export function createClockWorker(parts: ClockWorkerParts): ClockWorker {
  const { redis, endpoint, pack, rules, leaseMs, log } = parts;
  const reducer = createClockReducer({
    pack,
    redis,
    rules,
    now: parts.now ?? (() => Date.now()),
    log,
    onSpoken: parts.onSpoken ?? (() => undefined),
    onHeld: parts.onHeld ?? (() => undefined),
  });
  return new ReducerWorker({
    redis,
    openReader: () =>
      createStreamReader(
        createRedis(endpoint, { role: 'blocking', log, name: `wagewatch-clock-${pack.code}` }),
        reducer.inputs.map(({ stream }) => stream),
      ),
    reducer,
    leaseKeys: clockKeys(pack.code),
    leaseMs,
    entryEvents: CHUNK_EVENTS,
    log,
    onLease: parts.onLease ?? (() => undefined),
  });
}
