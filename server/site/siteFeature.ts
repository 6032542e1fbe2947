import type { Feature, Platform } from '../feature.ts';
import { siteRoutes } from './siteRoutes.ts';
import { createSiteStore, SITE_TAG } from './siteStore.ts';

/** What a region adds to its walls: duty line, announcement, emblem, watermark. Where the process has the role `push`. */
export function siteFeature({ config, redis }: Platform, known: (region: string) => boolean): Feature {
  return {
    name: 'site',
    backup: { owns: (tag) => tag === SITE_TAG },
    routes: config.roles.has('push') ? [siteRoutes(createSiteStore(redis), known)] : [],
  };
}
