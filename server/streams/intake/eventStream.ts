import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript, runScriptReplicated } from '../../platform/redis/script.ts';
import { streamKeys } from '../keys.ts';

const accept = loadScript('server/streams/intake/scripts/accept.lua');

/** The stream of a region's accepted events, for whoever writes to it. */
export interface EventStream {
  /** Appends a chunk; resolves when Redis has it. @throws ReplicasMissing */
  accept(chunk: string, count: number): Promise<{ id: string; standing: Standing }>;
  standing(): Promise<Standing>;
  /** The marks of alerts that take no more events (fullAlerts.ts), in the order in which they were made, from one on. */
  fullAlerts(from: number): Promise<string[]>;
}

/** `backlog`: accepted events not yet counted; `offset`: last counted entry; `marks`: how many alerts take no more events. */
export interface Standing {
  backlog: number;
  offset: string;
  marks: number;
}

/** Fewer replicas than wanted have confirmed an accepted chunk in time: it may be counted, but a failover could lose it. */
export class ReplicasMissing extends Error {}

/** How many replicas must have a chunk before it counts as accepted. `redis` is a connection of its own, because waiting holds it. */
export interface ReplicaAck {
  redis: RedisClient;
  replicas: number;
  timeoutMs: number;
}

/**
 * @param redis a connection for commands (never a blocking one)
 * @param replicaAck if given, a chunk counts as accepted only when so many replicas have it
 */
export function createEventStream(redis: RedisClient, region: string, replicaAck?: ReplicaAck): EventStream {
  const keys = streamKeys(region);
  const named = [keys.events, keys.meta, keys.full];
  return {
    async accept(chunk, count) {
      if (!replicaAck) return accepted(await runScript(redis, accept, named, [chunk, count]));
      const { answer, replicas } = await runScriptReplicated(
        replicaAck.redis,
        accept,
        named,
        [chunk, count],
        replicaAck,
      );
      if (replicas < replicaAck.replicas)
        throw new ReplicasMissing(
          `${replicas} of the ${replicaAck.replicas} replicas wanted confirmed the events within ${replicaAck.timeoutMs} ms`,
        );
      return accepted(answer);
    },
    async standing() {
      const [[accepted, counted, offset], marks] = await Promise.all([
        redis.hmget(keys.meta, 'accepted', 'counted', 'offset'),
        redis.zcard(keys.full),
      ]);
      return { backlog: Number(accepted ?? 0) - Number(counted ?? 0), offset: offset ?? '0-0', marks };
    },
    fullAlerts: (from) => redis.zrange(keys.full, String(from), '-1'),
  };
}

function accepted(answer: unknown): { id: string; standing: Standing } {
  const [id, backlog, offset, marks] = answer as [string, number, string, number];
  return { id, standing: { backlog, offset, marks } };
}
