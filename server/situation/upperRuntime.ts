import { contains } from '../../common/divisions.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { RegionRow } from '../alerts/row.ts';
import type { Situation } from './situation.ts';
import { UpperSituation } from './upperSituation.ts';

/** What an upper region needs of a region below it. */
interface Below {
  readonly code: string;
  situation(): Situation | undefined;
  onRaised(listener: (raised: RegionRow[]) => void): () => void;
}

/** A city or province as this process shows it: the sum of the regions in it that this process follows. */
export interface UpperRuntime {
  readonly code: string;
  readonly pack: RegionPack;
  /** Undefined until all of the regions below have been loaded. */
  situation(): UpperSituation | undefined;
  onRaised(listener: (raised: RegionRow[]) => void): () => void;
}

/** @param all every region this process follows */
export function createUpperRuntime(pack: RegionPack, all: readonly Below[]): UpperRuntime {
  const below = all.filter(({ code }) => contains(pack.code, code));
  let current: UpperSituation | undefined;
  return {
    code: pack.code,
    pack,
    situation() {
      const parts = below.map((region) => region.situation());
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
  };
}
