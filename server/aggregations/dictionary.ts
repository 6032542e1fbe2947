import { CHANNELS, INDUSTRIES, TIERS } from '../../contract/codes.ts';
import { cellKey, type CellKey } from './increments.ts';

/**
 * Gives every string a small number, in order of first appearance. `number` throws a `RangeError` once `limit`
 * names are known: at a vocabulary's own length that means "unknown code".
 */
export class Names {
  readonly names: string[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly encoded: Buffer[] = [];
  private readonly limit: number;

  constructor(initial: readonly string[], limit: number) {
    this.limit = limit;
    for (const name of initial) this.number(name);
  }

  number(name: string): number {
    const known = this.numbers.get(name);
    if (known !== undefined) return known;
    const number = this.names.length;
    if (number >= this.limit) throw new RangeError(`unknown code: ${name}`);
    this.names.push(name);
    this.numbers.set(name, number);
    return number;
  }

  /** A name in UTF-8. */
  bytes(number: number): Buffer {
    return (this.encoded[number] ??= Buffer.from(this.names[number]!));
  }

  /** The number of a name that has been seen, else `undefined`. */
  find(name: string): number | undefined {
    return this.numbers.get(name);
  }
}

const NONE = -1;

/** Pairs of a town and something else, each as one small number. */
export class TownPairs {
  readonly names = new Names([], 2 ** 30);
  readonly town: number[] = [];
  /** Number in `names` of the pair's other half. */
  readonly item: number[] = [];
  /** By item, then by town: short arrays, so that they stay plain ones. */
  private readonly ids: number[][] = [];

  pair(town: number, item: number): number {
    while (this.ids.length <= item) this.ids.push([]);
    const byTown = this.ids[item]!;
    while (byTown.length <= town) byTown.push(NONE);
    let id = byTown[town]!;
    if (id === NONE) {
      id = this.town.length;
      this.town.push(town);
      this.item.push(item);
      byTown[town] = id;
    }
    return id;
  }

  get size(): number {
    return this.town.length;
  }
}

const H3_RES_8 = /^88[0-9a-f]{8}fffff$/;

/**
 * An H3 cell of resolution 8 as 31 bits: what remains of its 64 when mode, resolution and the seven unused
 * digits are taken away. Throws a `RangeError` on anything else.
 */
export function h3Number(cell: string): number {
  const bits = H3_RES_8.test(cell) ? Number.parseInt(cell.slice(2, 10), 16) : 0;
  if (bits % 2 === 0) throw new RangeError(`not an H3 cell of resolution 8: ${cell}`);
  return (bits - 1) / 2;
}

/** The inverse of `h3Number`. */
export function h3Text(number: number): string {
  return `88${(number * 2 + 1).toString(16).padStart(8, '0')}fffff`;
}

/** Pairs of town and H3 cell, with the cells' 31-bit numbers beside their texts. */
export class HeatPairs extends TownPairs {
  /** `h3Number` by item. */
  readonly bits: number[] = [];
  private readonly items = new Map<number, number>();

  byText(town: number, cell: string): number {
    return this.pair(town, this.names.find(cell) ?? this.byBits(h3Number(cell)));
  }

  /** Number in `names` of a cell given as 31 bits. */
  byBits(bits: number): number {
    let item = this.items.get(bits);
    if (item === undefined) {
      item = this.names.number(h3Text(bits));
      this.bits.push(bits);
      this.items.set(bits, item);
    }
    return item;
  }
}

const MAX_TOWNS = 4096;
const MAX_TIERS = 16;
const MAX_INDUSTRIES = 32;
const MAX_CHANNELS = 32;
/** Bits of a cell number below the town: 4 of the tier, 5 of the industry, 5 of the channel. */
const TOWN_SHIFT = 14;

/** Cells of one town: all combinations of tier, industry and channel. */
export const CELLS_PER_TOWN = 1 << TOWN_SHIFT;
export const townOf = (cell: number) => cell >>> TOWN_SHIFT;
export const tierOf = (cell: number) => (cell >>> 10) & 15;
export const industryOf = (cell: number) => (cell >>> 5) & 31;
export const channelOf = (cell: number) => cell & 31;
export function cellOf(town: number, tier: number, industry: number, channel: number): number {
  return (town << TOWN_SHIFT) | (tier << 10) | (industry << 5) | channel;
}

/**
 * Rows of a table that holds the total and the marginal sums of a cell: one for everything, one a tier, an
 * industry, a channel, a town.
 */
export const TOTAL_ROW = 0;
export const tierRow = (tier: number) => 1 + tier;
export const industryRow = (industry: number) => 1 + MAX_TIERS + industry;
export const channelRow = (channel: number) => 1 + MAX_TIERS + MAX_INDUSTRIES + channel;
export const townRow = (town: number) => 1 + MAX_TIERS + MAX_INDUSTRIES + MAX_CHANNELS + town;

/**
 * The codes of one region as numbers, so that everything hot works on integers. Towns given at the start come first, in
 * their order; those that only old buckets know (a town that has left the pack) get numbers as they turn up.
 */
export class Dictionary {
  readonly tiers = new Names(TIERS, TIERS.length);
  readonly industries = new Names(INDUSTRIES, INDUSTRIES.length);
  readonly channels = new Names(CHANNELS, CHANNELS.length);
  readonly towns: Names;
  /** (town, H3 cell) */
  readonly heat = new HeatPairs();
  /** (town, enterprise) */
  readonly paid = new TownPairs();
  private readonly cells = new Map<CellKey, number>();
  private readonly keys = new Map<number, CellKey>();

  constructor(towns: readonly string[]) {
    this.towns = new Names(towns, MAX_TOWNS);
  }

  /** Number of rows that a table of totals and marginals needs now; grows with the towns. */
  get rows(): number {
    return townRow(this.towns.names.length);
  }

  /** Number of a cell from its four codes. */
  number(tier: string, town: string, industry: string, channel: string): number {
    return cellOf(
      this.towns.number(town),
      this.tiers.number(tier),
      this.industries.number(industry),
      this.channels.number(channel),
    );
  }

  /** Number of a cell from its key. */
  cell(key: CellKey): number {
    let cell = this.cells.get(key);
    if (cell === undefined) {
      const [tier, town, industry, channel, ...rest] = key.split('|');
      if (!tier || !town || !industry || !channel || rest.length > 0) throw new RangeError(`not a cell: ${key}`);
      cell = this.number(tier, town, industry, channel);
      this.cells.set(key, cell);
    }
    return cell;
  }

  /** Key of a cell that `number` or `cell` has given. */
  key(cell: number): CellKey {
    let key = this.keys.get(cell);
    if (key === undefined) {
      key = cellKey(
        this.tiers.names[tierOf(cell)]!,
        this.towns.names[townOf(cell)]!,
        this.industries.names[industryOf(cell)]!,
        this.channels.names[channelOf(cell)]!,
      );
      this.keys.set(cell, key);
    }
    return key;
  }
}
