import type { OpenView } from './openView.ts';
import {
  channelOf,
  channelRow,
  industryOf,
  industryRow,
  tierOf,
  tierRow,
  TOTAL_ROW,
  townOf,
  townRow,
  type Dictionary,
} from './dictionary.ts';

/** Open alerts of a scope: in all, by tier, town, industry, channel, and by tier within a town. */
export class OpenCounts implements OpenView {
  readonly dictionary: Dictionary;
  private readonly rows: number[] = [];
  private readonly byTownAndTier: number[] = [];

  constructor(dictionary: Dictionary) {
    this.dictionary = dictionary;
  }

  add(cell: number, count: number): void {
    const town = townOf(cell);
    const tier = tierOf(cell);
    bump(this.rows, TOTAL_ROW, count);
    bump(this.rows, tierRow(tier), count);
    bump(this.rows, industryRow(industryOf(cell)), count);
    bump(this.rows, channelRow(channelOf(cell)), count);
    bump(this.rows, townRow(town), count);
    bump(this.byTownAndTier, town * this.dictionary.tiers.names.length + tier, count);
  }

  get total(): number {
    return this.rows[TOTAL_ROW] ?? 0;
  }

  tier(code: string): number {
    return this.row(this.dictionary.tiers.find(code), tierRow);
  }

  town(code: string): number {
    return this.row(this.dictionary.towns.find(code), townRow);
  }

  industry(code: string): number {
    return this.row(this.dictionary.industries.find(code), industryRow);
  }

  channel(code: string): number {
    return this.row(this.dictionary.channels.find(code), channelRow);
  }

  townTier(townCode: string, tierCode: string): number {
    const town = this.dictionary.towns.find(townCode);
    const tier = this.dictionary.tiers.find(tierCode);
    if (town === undefined || tier === undefined) return 0;
    return this.byTownAndTier[town * this.dictionary.tiers.names.length + tier] ?? 0;
  }

  private row(number: number | undefined, rowOf: (number: number) => number): number {
    return number === undefined ? 0 : (this.rows[rowOf(number)] ?? 0);
  }
}

function bump(counts: number[], at: number, by: number): void {
  while (counts.length <= at) counts.push(0);
  counts[at]! += by;
}
