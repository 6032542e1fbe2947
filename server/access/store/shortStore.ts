import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript } from '../../platform/redis/script.ts';
import { ACCESS_KEYS as KEYS } from './keys.ts';

const attempt = loadScript('server/access/store/scripts/attempt.lua');
const refund = loadScript('server/access/store/scripts/refund.lua');

/** What of access ends by itself: waiting pairings, sign-ins under way, counts of attempts, who is online. */
export interface ShortStore {
  /** @returns false when there is one of that name already */
  put(kind: 'pairing' | 'oidc', name: string, value: string, ms: number): Promise<boolean>;
  /** Overwrites, keeping when it ends; false when there is none. */
  replace(kind: 'pairing' | 'oidc', name: string, value: string): Promise<boolean>;
  get(kind: 'pairing' | 'oidc', name: string): Promise<string | undefined>;
  /** Gets it, and it is gone: good once. */
  take(kind: 'pairing' | 'oidc', name: string): Promise<string | undefined>;
  /** Counts an attempt; 0, or the ms until another may be made. */
  attempt(counts: readonly { name: string; limit: number }[], windowMs: number): Promise<number>;
  /** Attempts counted so far. */
  attempts(name: string): Promise<number>;
  /** Takes attempts back that turned out well, or of which nothing came. */
  refund(names: readonly string[]): Promise<void>;
  /** Remembers for `ms` who signed in from where. */
  remember(names: readonly string[], ms: number): Promise<void>;
  remembers(name: string): Promise<boolean>;
  /** Keeps that a display is online for the next `ms`, and its status as JSON. */
  online(display: string, status: string, ms: number): Promise<void>;
  offline(display: string, status: string): Promise<void>;
  statuses(displays: readonly string[]): Promise<{ online: boolean; status: string | undefined }[]>;
  forget(display: string): Promise<void>;
  /** Keeps for `ms` who is signed in at a display, as JSON. */
  setClerk(display: string, clerk: string, ms: number): Promise<void>;
  clerk(display: string): Promise<string | undefined>;
  /** It holds for `ms` from now. */
  keepClerk(display: string, ms: number): Promise<void>;
  endClerk(display: string): Promise<void>;
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
    attempts: async (name) => Number((await redis.get(KEYS.attempts + name)) ?? 0),
    async refund(names) {
      await runScript(
        redis,
        refund,
        names.map((name) => KEYS.attempts + name),
        [],
      );
    },
    async remember(names, ms) {
      await Promise.all(names.map((name) => redis.set(KEYS.known + name, '1', 'PX', ms)));
    },
    remembers: async (name) => (await redis.exists(KEYS.known + name)) === 1,
    async online(display, status, ms) {
      await Promise.all([redis.set(KEYS.online + display, '1', 'PX', ms), redis.hset(KEYS.statuses, display, status)]);
    },
    async offline(display, status) {
      await Promise.all([redis.unlink(KEYS.online + display), redis.hset(KEYS.statuses, display, status)]);
    },
    async statuses(displays) {
      if (!displays.length) return [];
      const [online, statuses] = await Promise.all([
        redis.mget(...displays.map((id) => KEYS.online + id)),
        redis.hmget(KEYS.statuses, ...displays),
      ]);
      return displays.map((_id, i) => ({ online: online[i] !== null, status: statuses[i] ?? undefined }));
    },
    async forget(display) {
      await Promise.all([
        redis.unlink(KEYS.online + display),
        redis.unlink(KEYS.clerk + display),
        redis.hdel(KEYS.statuses, display),
      ]);
    },
    async setClerk(display, clerk, ms) {
      await redis.set(KEYS.clerk + display, clerk, 'PX', ms);
    },
    clerk: async (display) => (await redis.get(KEYS.clerk + display)) ?? undefined,
    async keepClerk(display, ms) {
      await redis.pexpire(KEYS.clerk + display, ms);
    },
    async endClerk(display) {
      await redis.unlink(KEYS.clerk + display);
    },
  };
}
