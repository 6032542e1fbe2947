import { regionOfCode } from '../../common/divisions.ts';
import type { WindowName } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { CubeView } from '../aggregations/cubeView.ts';
import type { ReplaySpan } from '../aggregations/replay.ts';
import type { FoldRules } from '../alerts/fold.ts';
import type { RegionRow } from '../alerts/row.ts';
import type { StoredEvent } from '../alerts/state.ts';
import type { AlertLists } from '../lists/alertLists.ts';
import type { AlertTable } from '../lists/alertTable.ts';

/** All figures of a region as they stand, whether it is counted itself or is the sum of others. `now` in epoch ms. */
export interface RegionView {
  readonly pack: RegionPack;
  readonly cube: CubeView;
  /** Its alerts as lists. */
  readonly lists: AlertLists;
  /** Its own alerts, for what needs one region's; a region that is the sum of others has none. */
  readonly table?: AlertTable;
  /** Codes of the regions in it that have an alert of this id. */
  holders(alertId: string): string[];
  /** Differs when a frame may: after a change, and when a term has ended by the clock. Windows slide besides, with the minute. */
  readonly stamp: string;
  /** Lets the clock move on: buckets and terms that end without any event. */
  advance(now: number): void;
  /** The situation now (contract §4). */
  frame(scope: string, window: WindowName, now: number, seq: number): Frame;
  /** The situation as it stood at `at`, in today's facts (contract §4). */
  pastFrame(scope: string, window: WindowName, at: number, seq: number): Frame;
  /**
   * The situation as it stood at one moment after another, each as `pastFrame` would give it now (aggregations/replay.ts). Yields undefined
   * where others may have their turn; to be read to its end, or ended by `return`.
   */
  replay(scope: string, window: WindowName, span: ReplaySpan, seq: number): Generator<Frame | undefined, void>;
}

/** A region that this process shows: counted itself, or the sum of others. */
export interface Region {
  readonly code: string;
  readonly pack: RegionPack;
  /** Undefined until it has been loaded. Another object after all has been read anew. */
  view(): RegionView | undefined;
  /** Calls back with the alerts newly raised by each change. Returns how to stop that. */
  onRaised(listener: (raised: RegionRow[]) => void): () => void;
  /** By which its alerts are folded now. */
  rules(): FoldRules;
  /** The distinct events of an alert, in no order; undefined if there is no such alert, and where a region is the sum of others. */
  events(alertId: string): Promise<StoredEvent[] | undefined>;
}

/** The regions that this process shows. */
export interface Regions {
  list(): readonly Region[];
  /** The region that a scope is, or whose town it is. Upper regions have regions for towns, and those answer for themselves. */
  of(scope: string): Region | undefined;
}

export function createRegions(regions: readonly Region[]): Regions {
  const byCode = new Map(regions.map((region) => [region.code, region]));
  return {
    list: () => regions,
    of(scope) {
      const region = byCode.get(scope) ?? byCode.get(regionOfCode(scope));
      return region && (scope === region.code || region.pack.towns.some(({ code }) => code === scope))
        ? region
        : undefined;
    },
  };
}
