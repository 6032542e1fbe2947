import type { WindowName } from '../../contract/codes.ts';
import type { CellFilter } from './cellFilter.ts';
import { sumWhere } from './cellFilter.ts';
import type { Cube } from './cube.ts';
import type { Gauges } from './gauges.ts';

export interface CountQuery extends CellFilter {
  /** Region (6 digits) or town (9). */
  scope: string;
  window: WindowName;
  /** Epoch ms. */
  now: number;
}

/**
 * Alerts raised in a window, and open now, for any combination of tier, town, industry and channel: what the list
 * behind a pressed figure must add up to. Throws `UnknownScopeError`.
 */
export function countAlerts(cube: Cube, gauges: Gauges, query: CountQuery): { raised: number; open: number } {
  const { scope, window, now, town, tier, industry, channel } = query;
  const { sums } = cube.roll(scope, window, now);
  const ofScope = cube.townOfScope(scope) === undefined ? undefined : scope;
  // A town outside the scope has nothing in it.
  if (ofScope !== undefined && town !== undefined && town !== ofScope) return { raised: 0, open: 0 };
  const filter: CellFilter = {};
  const within = town ?? ofScope;
  if (within !== undefined) filter.town = within;
  if (tier !== undefined) filter.tier = tier;
  if (industry !== undefined) filter.industry = industry;
  if (channel !== undefined) filter.channel = channel;
  return { raised: sumWhere(sums.raisedByCell, cube.dictionary, filter), open: gauges.open(filter) };
}
