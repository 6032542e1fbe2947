import { randomUUID } from 'node:crypto';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript } from '../../platform/redis/script.ts';

const take = loadScript('server/streams/worker/scripts/lease.lua');
const release = loadScript('server/streams/worker/scripts/release.lua');

/** The lease under which something was to be written has gone to somebody else. */
export class LeaseLost extends Error {}

/** Something that one process may do at a time, for as long as it renews. Its token fences what is written under it. */
export interface Lease {
  /** Takes or renews the lease (`held`: the token so far); the token, or undefined when somebody else has it. */
  take(held: string | undefined, ttlMs: number, force?: boolean): Promise<string | undefined>;
  /** Gives it back, if it is still held. */
  release(token: string): Promise<void>;
  taken(): Promise<boolean>;
}

/** @param keys `lease`: holds the token; `fence`: counter from which tokens come, which several leases may share */
export function createLease(redis: RedisClient, keys: { lease: string; fence: string }): Lease {
  return {
    async take(held, ttlMs, force = false) {
      const token = await runScript(
        redis,
        take,
        [keys.lease, keys.fence],
        [held ?? '', ttlMs, force ? '1' : '0', randomUUID().slice(0, 8)],
      );
      return token === '' ? undefined : String(token);
    },
    async release(token) {
      await runScript(redis, release, [keys.lease], [token]);
    },
    taken: async () => (await redis.exists(keys.lease)) === 1,
  };
}
