import { hash } from 'node:crypto';
import type { SavedFilters } from '../../../contract/deskFilters.ts';
import { DAY_MS } from '../../../common/regionTime.ts';
import { declareRegionKeys } from '../../platform/redis/keys.ts';
import type { RedisClient } from '../../platform/redis/connect.ts';
import { loadScript, runScript } from '../../platform/redis/script.ts';

const filterKeys = declareRegionKeys('casework/filters', {
  /** Prefix of what the desk keeps for a person; a digest of who they are follows. */
  filters: 'desk-filters:',
});
const change = loadScript('server/casework/desk/scripts/change.lua');

/** What nobody has looked at for so long goes, such as that of somebody who left. */
export const KEPT_MS = 400 * DAY_MS;
const NONE: SavedFilters = { version: 0, items: [] };

/** The saved filters of people, of a region. */
export interface FilterStore {
  get(who: string): Promise<SavedFilters>;
  /** @returns whether it was kept: not where there is another version than `filters.version` by now; the version then grows */
  set(who: string, filters: SavedFilters, keptMs: number): Promise<boolean>;
}

export function createFilterStore(redis: RedisClient, region: string): FilterStore {
  const { filters } = filterKeys(region);
  const key = (who: string) => filters + hash('sha256', who, 'base64url').slice(0, 22);
  const read = (raw: string | null) => (raw === null ? NONE : (JSON.parse(raw) as SavedFilters));
  return {
    get: async (who) => read(await redis.get(key(who))),
    async set(who, { version, items }, keptMs) {
      const raw = await redis.get(key(who));
      if (read(raw).version !== version) return false;
      const next = JSON.stringify({ version: version + 1, items } satisfies SavedFilters);
      return raw === null
        ? (await redis.set(key(who), next, 'PX', keptMs, 'NX')) === 'OK'
        : Number(await runScript(redis, change, [key(who)], [raw, next, keptMs])) === 1;
    },
  };
}
