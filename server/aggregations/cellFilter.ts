import type { Channel, Industry, Tier } from '../../contract/codes.ts';
import { channelOf, industryOf, tierOf, townOf, type Dictionary } from './dictionary.ts';
import type { SparseSum } from './sparseSum.ts';

/** Some of a cell's dimensions; what is left out matches everything. */
export interface CellFilter {
  tier?: Tier;
  town?: string;
  industry?: Industry;
  channel?: Channel;
}

const ANY = -1;

/** The sum over those cells of a table that match. */
export function sumWhere(sums: SparseSum, dictionary: Dictionary, filter: CellFilter): number {
  const number = (names: { find: (name: string) => number | undefined }, code: string | undefined) =>
    code === undefined ? ANY : names.find(code);
  const town = number(dictionary.towns, filter.town);
  const tier = number(dictionary.tiers, filter.tier);
  const industry = number(dictionary.industries, filter.industry);
  const channel = number(dictionary.channels, filter.channel);
  // A code that has never been seen has no cells.
  if (town === undefined || tier === undefined || industry === undefined || channel === undefined) return 0;
  let sum = 0;
  for (let slot = 0; slot < sums.keys.length; slot++) {
    const cell = sums.keys[slot]! - 1;
    if (cell < 0) continue;
    if (town !== ANY && townOf(cell) !== town) continue;
    if (tier !== ANY && tierOf(cell) !== tier) continue;
    if (industry !== ANY && industryOf(cell) !== industry) continue;
    if (channel !== ANY && channelOf(cell) !== channel) continue;
    sum += sums.values[slot]!;
  }
  return sum;
}
