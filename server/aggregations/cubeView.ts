import type { WindowName } from '../../contract/codes.ts';
import type { Grain, Range } from './grains.ts';
import type { OpenView } from './openView.ts';
import type { BucketSource, Roll } from './roll.ts';
import type { ScopeGauges } from './gauges.ts';
import type { HeldView } from './heldCube.ts';
import type { WindowSums } from './windowSums.ts';

/** A cube as frames and series read it: that of one region, or the sum of several. */
export interface CubeView extends BucketSource {
  /** The latest `now` handed in; −∞ before the first. */
  readonly now: number;
  /** Number of the area that a scope is; `undefined` for the whole. Throws `UnknownScopeError`. */
  townOfScope(scope: string): number | undefined;
  /** The running aggregate of a scope and window as it stands at `now`. Throws `UnknownScopeError`. */
  roll(scope: string, window: WindowName, now: number): Roll;
  /** Start of the oldest bucket of a grain that is kept. */
  keptFrom(grain: Grain): number;
  /** Number of buckets in a range, about. */
  count(grain: Grain, range: Range): number;
  /** Hands over raised less closed by cell, in parts that add up, of all days before `month`, the start of a month. */
  visitOpenBefore(month: number, use: (cell: number, net: number) => void): void;
  /** Start of the first day of which anything is known; undefined while nothing is. */
  beginning(): number | undefined;
  /** Makes, in small parts, what a held view needs to know of all that is older; nothing where that has been done. */
  prepare(): Generator<undefined, void>;
  /** The cube as it stands, to be read while it goes on to change; to be released. */
  hold(): HeldView;
  /** All that ever was of a scope, where somebody watches that: a copy. Throws `UnknownScopeError`. */
  everything(scope: string): WindowSums | undefined;
}

/** The gauges of a region, or the sum of those of several. */
export interface GaugesView {
  advance(now: number): void;
  /** Those of a town, or of the whole when none is given. To be read, not kept. */
  scope(town?: string): Readonly<Omit<ScopeGauges, 'open' | 'days'>> & { readonly open: OpenView };
  /** Alerts raised by date in a town: of the 30 days up to `now`, epoch ms, those with something in them. To be read, not kept. */
  days(town: string, now: number): Record<string, number>;
}
