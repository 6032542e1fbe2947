import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript, runScriptReplicated } from '../../platform/redis/script.ts';
import { ReplicasMissing, type ReplicaAck } from '../intake/eventStream.ts';
import { encodeEntry, type ObservationEntry } from './entry.ts';
import { observationKeys } from './keys.ts';

const accept = loadScript('server/streams/observations/scripts/accept.lua');

/** The stream of a region's observations, for whoever writes to it. */
export interface ObservationStream {
  /** Appends an entry; resolves when Redis has it. @throws ReplicasMissing */
  accept(entry: ObservationEntry): Promise<{ id: string; backlog: number }>;
  /** `offset`: last entry that is decided; records. */
  progress(): Promise<{ offset: string; accepted: number; counted: number }>;
}

/**
 * @param redis a connection for commands (never a blocking one)
 * @param replicaAck if given, an entry counts as accepted only when so many replicas have it
 */
export function createObservationStream(
  redis: RedisClient,
  region: string,
  replicaAck?: ReplicaAck,
): ObservationStream {
  const { observations, meta } = observationKeys(region);
  const keys = [observations, meta];
  return {
    async accept(entry) {
      const args = [encodeEntry(entry), entry.records.length];
      if (!replicaAck) return accepted(await runScript(redis, accept, keys, args));
      const { answer, replicas } = await runScriptReplicated(replicaAck.redis, accept, keys, args, replicaAck);
      if (replicas < replicaAck.replicas)
        throw new ReplicasMissing(
          `${replicas} of the ${replicaAck.replicas} replicas wanted confirmed the observations within ${replicaAck.timeoutMs} ms`,
        );
      return accepted(answer);
    },
    async progress() {
      const [offset, taken, counted] = await redis.hmget(meta, 'offset', 'accepted', 'counted');
      return { offset: offset ?? '0-0', accepted: Number(taken ?? 0), counted: Number(counted ?? 0) };
    },
  };
}

function accepted(answer: unknown): { id: string; backlog: number } {
  const [id, backlog] = answer as [string, number];
  return { id, backlog };
}
