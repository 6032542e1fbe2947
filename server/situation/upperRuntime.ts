import { contains } from '../../common/divisions.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { Region } from '../region/region.ts';
import type { RulesBook } from '../region/rulesBook.ts';
import type { Situation } from './situation.ts';
import { UpperSituation } from './upperSituation.ts';

/** A region that counts its own events. */
export interface CountedRegion extends Region {
  view(): Situation | undefined;
}

/**
 * A city or province: the sum of the regions in it that this process follows. It has no view until all of them have one.
 * @param all every counted region that this process follows
 */
export function createUpperRuntime(pack: RegionPack, rules: RulesBook, all: readonly CountedRegion[]): Region {
  const below = all.filter(({ code }) => contains(pack.code, code));
  let current: UpperSituation | undefined;
  return {
    code: pack.code,
    pack,
    view() {
      const parts = below.map((region) => region.view());
      if (!parts.every((part) => part !== undefined)) return undefined;
      // A region that was read anew has another situation.
      if (!current?.isOf(parts)) {
        current?.close();
        current = new UpperSituation(pack, parts);
      }
      return current;
    },
    onRaised(listener) {
      const stops = below.map((region) => region.onRaised(listener));
      return () => {
        for (const stop of stops) stop();
      };
    },
    rules: () => rules(pack),
    events: () => Promise.resolve(undefined),
  };
}
