import type { Site } from '../../contract/site.ts';
import type { RedisClient } from '../platform/redis/connect.ts';

export const SITE_TAG = 'site';
/** Hash region → settings as JSON. */
const KEY = `{${SITE_TAG}}:settings`;

export interface SiteStore {
  /** Empty where nothing has been set. */
  read(region: string): Promise<Site>;
  write(region: string, site: Site): Promise<void>;
}

export function createSiteStore(redis: RedisClient): SiteStore {
  return {
    async read(region) {
      const text = await redis.hget(KEY, region);
      return text === null ? {} : (JSON.parse(text) as Site);
    },
    async write(region, site) {
      await redis.hset(KEY, region, JSON.stringify(site));
    },
  };
}
