import { isUpper } from '../../common/divisions.ts';
import type { Feature, Platform } from '../feature.ts';
import type { RegionPacks } from '../region/packs.ts';
import { createRegions, type Regions } from '../region/region.ts';
import type { RulesBook } from '../region/rulesBook.ts';
import { isHistory, UNFINISHED_REBUILD } from '../streams/rebuilding.ts';
import type { StreamTelemetry } from '../streams/telemetry.ts';
import type { Monitored } from './monitored.ts';
import { createRegionRuntime } from './regionRuntime.ts';
import { createUpperRuntime } from './upperRuntime.ts';

export interface RegionsFeature extends Feature {
  readonly regions: Regions;
  /** Age in ms of the oldest accepted event that the figures here do not include yet, over all regions. */
  lag(): number;
}

/**
 * The regions as this process knows them: follows those that are counted, and adds them up to cities and provinces.
 * @param monitored what is watched in a region, for its frames
 * @param token the fencing token while this process counts a region; the last checkpoint, at the stop, needs it
 */
export function regionsFeature(
  { config, redis, endpoint, log, metrics, now }: Platform,
  packs: RegionPacks,
  {
    rules,
    telemetry,
    token,
    monitored,
  }: {
    rules: RulesBook;
    telemetry: StreamTelemetry;
    token: (region: string) => string | undefined;
    monitored: (region: string) => Monitored | undefined;
  },
): RegionsFeature {
  const counted = packs.counted().map((pack) =>
    createRegionRuntime({
      pack,
      rules,
      redis,
      endpoint,
      log,
      telemetry,
      now,
      roles: config.roles,
      token: () => token(pack.code),
      monitored: monitored(pack.code),
    }),
  );
  const upper = packs
    .list()
    .filter(isUpper)
    .map((pack) => createUpperRuntime(pack, rules, counted));
  metrics.gauge('lag_seconds', 'Age of the oldest accepted event not yet counted', ['region'], (gauge) => {
    for (const region of counted) gauge.set({ region: region.code }, region.lag() / 1000);
  });
  metrics.gauge('positions_outside', 'Alerts whose position lies outside their region', ['region'], (gauge) => {
    for (const { code, view } of counted) gauge.set({ region: code }, view()?.lists.positionsOutside ?? 0);
  });
  return {
    name: 'regions',
    regions: createRegions([...counted, ...upper]),
    lag: () => Math.max(0, ...counted.map((region) => region.lag())),
    readiness: async () => {
      const standing = async (region: (typeof counted)[number]) => {
        if (!region.ready()) return 'still being loaded';
        // Figures agree with themselves then, and are wrong. Whether Redis answers is told by a check of its own.
        const part = await isHistory(redis, region.code).catch(() => false);
        return part ? UNFINISHED_REBUILD : 'ok';
      };
      return Object.fromEntries(
        await Promise.all(counted.map(async (region) => [`region ${region.code}`, await standing(region)] as const)),
      );
    },
    start: () => Promise.all(counted.map((region) => region.start())).then(() => undefined),
    stop: () => Promise.all(counted.map((region) => region.stop())),
  };
}
