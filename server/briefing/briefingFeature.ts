import type { AccessServices } from '../access/services.ts';
import type { Accounts } from '../../contract/briefingChanges.ts';
import type { Feature, Platform } from '../feature.ts';
import { createFileStore } from '../platform/files/fileStore.ts';
import { createRedis } from '../platform/redis/connect.ts';
import type { Mask } from '../privacy/mask.ts';
import type { LineService } from '../push/screens.ts';
import type { Regions } from '../region/region.ts';
import { createStreamReader } from '../streams/streamReader.ts';
import { briefingRoutes } from './briefingRoutes.ts';
import { BRIEFINGS_TAG, createBriefingStore } from './briefingStore.ts';
import { loadDecks } from './decks.ts';
import { createLooks } from './looks.ts';
import { ownDeckRoutes } from './ownDeckRoutes.ts';
import { createOwnDeckStore } from './ownDeckStore.ts';
import type { Kept } from './past.ts';
import { createPresentationStore, SAID } from './presenting/presentationStore.ts';
import { createPresentingLines } from './presenting/presentingLines.ts';
import { createSaidReader } from './presenting/saidReader.ts';
import { sinceRoutes } from './sinceRoutes.ts';
import { createSituations } from './situations.ts';

/**
 * Situations that are kept as they stood, to be presented page by page (docs/briefing.md). Where the process has the role `push`.
 * `lines`: what is said about presentations over the lines of screens.
 * @param kept the frame that was kept of a moment, as it was shown then
 * @param accounts sites and wage accounts of a scope, with the towns of its region; undefined where nothing is known of them. `fresh`: not what was reckoned a moment ago
 */
export function briefingFeature(
  { config, redis, endpoint, log, now }: Platform,
  {
    regions,
    mask,
    access,
    kept,
    accounts,
  }: {
    regions: Regions;
    mask: Mask;
    access: Pick<AccessServices, 'access' | 'trail'>;
    kept: Kept;
    accounts: (scope: string, towns: readonly string[], fresh: boolean) => Promise<Accounts | undefined>;
  },
): { feature: Feature; lines: LineService } {
  const serves = config.roles.has('push');
  const files = createFileStore(config.filesDir, 'briefings');
  const store = createBriefingStore(redis, files, log);
  const situations = createSituations({ regions, store, kept, accounts, now });
  const presentations = createPresentationStore(redis);
  const said = createSaidReader({
    redis,
    openReader: () =>
      createStreamReader(createRedis(endpoint, { role: 'blocking', log, name: 'wagewatch-presentations' }), [SAID]),
    hear: (one) => lines.tell(one),
    log,
  });
  const lines = createPresentingLines({
    access: access.access,
    trail: access.trail,
    briefings: store,
    watched: (scope) => regions.of(scope) !== undefined,
    presentations,
    listening: () => said.start(),
    log,
    now,
  });
  const parts = {
    regions,
    mask,
    store,
    situations,
    presentations,
    decks: loadDecks(),
    ownDecks: createOwnDeckStore(redis),
    defaultScope: config.region,
    now,
  };
  const feature: Feature = {
    name: 'briefing',
    backup: { owns: (tag) => tag === BRIEFINGS_TAG },
    routes: serves
      ? [briefingRoutes(parts), ownDeckRoutes(parts), sinceRoutes({ ...parts, looks: createLooks(redis) })]
      : [],
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
    stop: () => said.stop(),
  };
  return { feature, lines };
}
