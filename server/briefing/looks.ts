import { regionOfCode } from '../../common/divisions.ts';
import { MINUTE_MS } from '../../common/regionTime.ts';
import type { RedisClient } from '../platform/redis/connect.ts';
import { loadScript, runScript } from '../platform/redis/script.ts';
import { BRIEFINGS_TAG } from './briefingStore.ts';

/** Who looked before this is still on the same visit: a page that is loaded again does not end what one has not read yet. */
export const VISIT_MS = 30 * MINUTE_MS;
/** Hash who and scope → when they looked last, and before this visit; by region. */
const keyOf = (region: string) => `{${BRIEFINGS_TAG}}:looks:${region}`;
const LOOK = loadScript('server/briefing/scripts/look.lua');

/** When each person last looked at the briefing of a scope. Moments in epoch ms. */
export interface Looks {
  /** Somebody looks. @returns when they did before this visit; undefined the first time */
  look(who: string, scope: string, now: number): Promise<number | undefined>;
  /** When they looked before the visit that goes on; undefined where there was none. */
  before(who: string, scope: string, now: number): Promise<number | undefined>;
}

/** @param who as `actorIdOf` names somebody: letters, digits and what their names hold; the scope comes first, which has none of it */
const fieldOf = (who: string, scope: string) => `${scope} ${who}`;

export function createLooks(redis: RedisClient): Looks {
  return {
    async look(who, scope, now) {
      const before = await runScript(
        redis,
        LOOK,
        [keyOf(regionOfCode(scope))],
        [fieldOf(who, scope), Math.floor(now), VISIT_MS],
      );
      return Number(before) || undefined;
    },
    async before(who, scope, now) {
      const kept = await redis.hget(keyOf(regionOfCode(scope)), fieldOf(who, scope));
      const [last = 0, before = 0] = (kept ?? '').split(' ').map(Number);
      return (now - last > VISIT_MS ? last : before) || undefined;
    },
  };
}
