import type { Feature, Platform } from '../feature.ts';
import { createFileStore } from '../platform/files/fileStore.ts';
import type { Regions } from '../region/region.ts';
import { briefingRoutes } from './briefingRoutes.ts';
import { BRIEFINGS_TAG, createBriefingStore } from './briefingStore.ts';
import { loadDecks } from './decks.ts';

/** Situations that are kept as they stood, to be presented page by page (docs/briefing.md). Where the process has the role `push`. */
export function briefingFeature({ config, redis, log, now }: Platform, { regions }: { regions: Regions }): Feature {
  const serves = config.roles.has('push');
  const files = createFileStore(config.filesDir, 'briefings');
  const store = createBriefingStore(redis, files, log);
  return {
    name: 'briefing',
    backup: { owns: (tag) => tag === BRIEFINGS_TAG },
    routes: serves ? [briefingRoutes({ regions, store, decks: loadDecks(), defaultScope: config.region, now })] : [],
    start() {
      if (!serves) return;
      // Nobody waits for it, and what is left over harms nobody.
      store.tidy(regions.list().map(({ code }) => code)).then(
        (removed) => {
          if (removed > 0) log.info({ removed }, 'briefings: files that belong to none were removed');
        },
        (error: unknown) => {
          log.warn({ error }, 'briefings: what is left over could not be removed');
        },
      );
    },
  };
}
