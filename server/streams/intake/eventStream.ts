import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript, runScriptReplicated } from '../../platform/redis/script.ts';
import { streamKeys } from '../keys.ts';

const accept = loadScript('server/streams/intake/scripts/accept.lua');

/** The stream of a region's accepted events, for whoever writes to it. */
export interface EventStream {
  /** Appends a chunk; resolves when Redis has it. `backlog`: accepted events not yet counted. @throws ReplicasMissing */
  accept(chunk: string, count: number): Promise<{ id: string; backlog: number }>;
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
  const named = [keys.events, keys.meta];
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
  };
}

function accepted(answer: unknown): { id: string; backlog: number } {
  const [id, backlog] = answer as [string, number];
  return { id, backlog };
}
