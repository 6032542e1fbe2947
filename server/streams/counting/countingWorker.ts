import type { RegionPack } from '../../../contract/region.ts';
import type { FoldRules } from '../../alerts/fold.ts';
import { createRedis, type RedisClient } from '../../platform/redis/connect.ts';
import type { RedisEndpoint } from '../../platform/redis/target.ts';
import { CHUNK_EVENTS } from '../intake/chunk.ts';
import { streamKeys } from '../keys.ts';
import { createStreamReader } from '../streamReader.ts';
import type { Log } from '../telemetry.ts';
import { ReducerWorker } from '../worker/worker.ts';
import { createAlertReducer, createAsk } from './alertReducer.ts';
import { noteBox } from './noteBox.ts';
import { RefoldSweep } from './refoldSweep.ts';

const SCANNED_AT_ONCE = 100;

export interface CountingWorkerParts {
  /** A connection for commands. */
  redis: RedisClient;
  /** Where connections for blocking reads are opened. */
  endpoint: RedisEndpoint;
  region: string;
  /** As they are now. */
  rules: () => FoldRules;
  /** By whose rules alerts are dispatched as they are counted; without it none is. */
  dispatches?: Pick<RegionPack, 'units' | 'dispatch'> | undefined;
  leaseMs: number;
  log: Log & Parameters<typeof createRedis>[1]['log'];
  onCounted?: (events: number, duplicates: number, commitMs: number) => void;
  /** The fencing token while this worker holds the region's lease, undefined when it is gone. */
  onLease?: (token: string | undefined) => void;
}

/** What runs a region's counting. */
export interface CountingWorker {
  start(): void;
  /** Finishes the batch at hand and gives the lease back. */
  stop(): Promise<void>;
}

export function createCountingWorker(parts: CountingWorkerParts): CountingWorker {
  const { redis, endpoint, region, rules, dispatches, leaseMs, log } = parts;
  const keys = streamKeys(region);
  return new ReducerWorker({
    redis,
    openReader: () =>
      createStreamReader(createRedis(endpoint, { role: 'blocking', log, name: `wagewatch-worker-${region}` }), [
        keys.events,
      ]),
    reducer: createAlertReducer({
      region,
      rules,
      sweep: createSweep(parts),
      async onBegin(token) {
        if (await noteBox(redis, region, token, rules().box))
          log.warn(
            { region },
            'worker: positions may have been judged by another box than that of now: figures are computed from the documents',
          );
      },
      dispatches: dispatches && { pack: dispatches, now: () => Date.now() },
      ask: createAsk(redis, region),
      onCounted: parts.onCounted ?? (() => undefined),
    }),
    leaseKeys: keys,
    leaseMs,
    entryEvents: CHUNK_EVENTS,
    log,
    onLease: parts.onLease ?? (() => undefined),
  });
}

function createSweep({ redis, region, rules, log }: CountingWorkerParts): RefoldSweep {
  const { alerts, meta } = streamKeys(region);
  return new RefoldSweep({
    region,
    rules,
    log,
    noted: async () => (await redis.hget(meta, 'rules')) ?? undefined,
    async *ids() {
      let cursor = '0';
      do {
        const [next, flat] = await redis.hscan(alerts, cursor, 'COUNT', SCANNED_AT_ONCE);
        cursor = next;
        yield flat.filter((_, i) => i % 2 === 0);
      } while (cursor !== '0');
    },
  });
}
