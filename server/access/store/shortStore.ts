import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript } from '../../platform/redis/script.ts';
import { ACCESS_KEYS as KEYS } from './keys.ts';

const attempt = loadScript('server/access/store/scripts/attempt.lua');

/** What of access ends by itself: waiting pairings, sign-ins under way, counts of attempts, who is online. */
export interface ShortStore {
  /** @returns false when there is one of that name already */
  put(kind: 'pairing' | 'oidc', name: string, value: string, ms: number): Promise<boolean>;
  /** Overwrites, keeping its end; false when there is none. */
  replace(kind: 'pairing' | 'oidc', name: string, value: string): Promise<boolean>;
  get(kind: 'pairing' | 'oidc', name: string): Promise<string | undefined>;
  /** Gets it, and it is gone: good once. */
  take(kind: 'pairing' | 'oidc', name: string): Promise<string | undefined>;
  /** Counts an attempt; 0, or the ms until another may be made. */
  attempt(counts: readonly { name: string; limit: number }[], windowMs: number): Promise<number>;
  /** Takes attempts back that turned out well. */
  refund(names: readonly string[]): Promise<void>;
  /** Says that a display is online for the next `ms`, and what it told. */
  online(display: string, heard: string, ms: number): Promise<void>;
  offline(display: string, heard: string): Promise<void>;
  heard(displays: readonly string[]): Promise<{ online: boolean; heard: string | undefined }[]>;
  forget(display: string): Promise<void>;
}

export function createShortStore(redis: RedisClient): ShortStore {
  const key = (kind: 'pairing' | 'oidc', name: string) => KEYS[kind] + name;
  return {
    put: async (kind, name, value, ms) => (await redis.set(key(kind, name), value, 'PX', ms, 'NX')) === 'OK',
    replace: async (kind, name, value) => (await redis.set(key(kind, name), value, 'KEEPTTL', 'XX')) === 'OK',
    get: async (kind, name) => (await redis.get(key(kind, name))) ?? undefined,
    take: async (kind, name) => (await redis.getdel(key(kind, name))) ?? undefined,
    async attempt(counts, windowMs) {
      const names = counts.map(({ name }) => KEYS.attempts + name);
      return Number(await runScript(redis, attempt, names, [windowMs, ...counts.map(({ limit }) => limit)]));
    },
    async refund(names) {
      for (const name of names) {
        // One that has ended meanwhile must not begin anew below nothing.
        if (await redis.exists(KEYS.attempts + name)) await redis.decr(KEYS.attempts + name);
      }
    },
    async online(display, heard, ms) {
      await Promise.all([redis.set(KEYS.online + display, '1', 'PX', ms), redis.hset(KEYS.heard, display, heard)]);
    },
    async offline(display, heard) {
      await Promise.all([redis.unlink(KEYS.online + display), redis.hset(KEYS.heard, display, heard)]);
    },
    async heard(displays) {
      if (!displays.length) return [];
      const [online, heard] = await Promise.all([
        redis.mget(...displays.map((id) => KEYS.online + id)),
        redis.hmget(KEYS.heard, ...displays),
      ]);
      return displays.map((_id, i) => ({ online: online[i] !== null, heard: heard[i] ?? undefined }));
    },
    async forget(display) {
      await Promise.all([redis.unlink(KEYS.online + display), redis.hdel(KEYS.heard, display)]);
    },
  };
}
