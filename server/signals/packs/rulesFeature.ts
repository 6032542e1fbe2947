import { join } from 'node:path';
import { toRfc3339 } from '../../../common/regionTime.ts';
import type { Feature, Platform } from '../../feature.ts';
import { PROJECT_ROOT } from '../../platform/paths.ts';
import type { Principal } from '../../platform/http/principal.ts';
import type { RegionPacks } from '../../region/packs.ts';
import type { IndicatorChannels } from '../../streams/intake/signalRecord.ts';
import { IndicatorDirectory } from './knownIndicators.ts';
import { RegionRules, type Trial } from './rules.ts';
import { createRuleStore } from './ruleStore.ts';
import { rulesRoutes } from './rulesRoutes.ts';
import { shippedPack } from './shipped.ts';
import { activeVersion } from './versions.ts';

export interface RulesFeature extends Feature {
  /** The indicators that the stored versions of a region know; undefined for a region without any. */
  indicators(region: string): IndicatorChannels | undefined;
  /** The rule versions of a region that is counted here. */
  of(region: string): RegionRules | undefined;
  /**
   * Puts the newest version of a region in force where none is, taking all that is known as dealt with: for the
   * demonstration, which alone activates rules by itself (signals §2).
   */
  activateByItself(region: string): Promise<void>;
}

/** Who makes the versions that are shipped, and who activates those of the demonstration, in the history. */
const PROGRAM = 'WageWatch';

/** The rule versions of all regions that are counted here (signals §2, §5). */
export function rulesFeature(
  { redis, log, now }: Platform,
  packs: RegionPacks,
  { otherAdmin, trial }: { otherAdmin: (than: Principal) => boolean; trial?: Trial },
): RulesFeature {
  const regions = packs.counted();
  const stores = new Map(regions.map(({ code }) => [code, createRuleStore(redis, code)]));
  let troubled = false;
  const directory = new IndicatorDirectory([...stores.values()], (error) => {
    if (!troubled)
      log.warn({ reason: (error as Error).message }, 'rules: new versions cannot be read, those known stay in force');
    troubled = true;
  });
  const rules = new Map(
    regions.map((region) => [
      region.code,
      new RegionRules({ store: stores.get(region.code)!, region, trial, onAdded: () => directory.read(), now }),
    ]),
  );
  const of = (region: string) => rules.get(region);
  return {
    name: 'rules',
    routes: [rulesRoutes({ of, otherAdmin })],
    indicators: (region) => directory.of(region),
    of,
    async activateByItself(region) {
      const store = stores.get(region)!;
      const changes = await store.log();
      const newest = changes.at(-1);
      if (!newest || activeVersion(changes) !== undefined) return;
      const change = {
        version: newest.version,
        by: PROGRAM,
        at: toRfc3339(now()),
        why: '演示：启用随程序发布的规则',
        settle: true,
      };
      await store.activate(changes, change, now());
    },
    async start() {
      for (const region of regions) {
        const store = stores.get(region.code)!;
        const shipped = shippedPack(join(PROJECT_ROOT, 'assets/rules'), region, await store.indicators());
        if (!shipped || (await store.pack(shipped.version))) continue;
        const added = await store.add(shipped, { by: PROGRAM, at: toRfc3339(now()), why: 'shipped with the program' });
        if (added === 'added')
          log.info({ region: region.code, version: shipped.version }, 'rules: a version is there as a draft');
      }
      await directory.start();
    },
    stop: () => directory.stop(),
  };
}
