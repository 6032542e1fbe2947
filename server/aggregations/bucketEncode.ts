import { crc32 } from 'node:zlib';
import { ByteWriter } from '../../common/bytes.ts';
import type { ExactSums } from '../../common/exactSums.ts';
import { CODEC_VERSION, MEASURE_COUNT, MEASURE_SHIFT, SIGNED, totalsOf, WIDE, type Sums } from './bucketCodec.ts';
import { channelOf, industryOf, tierOf, townOf, type Dictionary, type Names } from './dictionary.ts';
import type { FeedId } from './feedId.ts';
import type { SparseSum } from './sparseSum.ts';

/** The codes that a blob uses, numbered from 0 in the order of the dictionary's numbers. */
class Used {
  private readonly flags: boolean[] = [];
  /** By number of the dictionary. */
  readonly local: number[] = [];
  count = 0;

  mark(number: number): void {
    this.flags[number] = true;
  }

  write(out: ByteWriter, names: Names): void {
    const used: string[] = [];
    this.flags.forEach((_, number) => {
      this.local[number] = used.length;
      used.push(names.names[number]!);
    });
    this.count = used.length;
    out.number(used.length);
    for (const name of used) out.text(name);
  }
}

const out = new ByteWriter();
/** The measures of one cell. */
const lows = new Float64Array(MEASURE_COUNT);
const highs = new Float64Array(MEASURE_COUNT);

/** Encodes a bucket (bucketCodec.ts) together with the id of the last feed entry it includes. */
export function encodeSums(sums: Sums, feed: FeedId | undefined, dictionary: Dictionary): Buffer {
  const keys: Keys = {
    cells: sums.cells.sortedKeys(),
    heat: sortHeat(sums.heat.sortedKeys(), dictionary),
    paid: sums.paid.sortedKeys(),
  };
  const used = usedBy(keys, dictionary);
  out.length = 0;
  out.number(CODEC_VERSION);
  out.fixed32(0);
  out.number(feed ? feed.ms + 1 : 0);
  out.number(feed ? feed.n + 1 : 0);
  writeTotals(totalsOf(sums.cells));
  used.towns.write(out, dictionary.towns);
  used.tiers.write(out, dictionary.tiers);
  used.industries.write(out, dictionary.industries);
  used.channels.write(out, dictionary.channels);

  const { heat } = dictionary;
  let cellAt = 0;
  let heatAt = 0;
  for (const [town, local] of used.towns.local.entries()) {
    if (local === undefined) continue;
    const cellEnd = endOf(keys.cells, cellAt, (key) => townOf(key >>> MEASURE_SHIFT) === town);
    const heatEnd = endOf(keys.heat, heatAt, (pair) => heat.town[pair] === town);
    out.number(local);
    out.sized(() => {
      writeCells(sums.cells, keys.cells.subarray(cellAt, cellEnd), used);
      writeHeat(sums.heat, keys.heat.subarray(heatAt, heatEnd), dictionary);
    });
    cellAt = cellEnd;
    heatAt = heatEnd;
  }
  writePaid(sums.paid, keys.paid, used, dictionary);

  const blob = out.take();
  blob.writeUInt32LE(crc32(blob.subarray(5)), 1);
  return blob;
}

/** The keys of what is not zero, in the order in which it is written. */
interface Keys {
  cells: Int32Array;
  heat: Int32Array;
  paid: Int32Array;
}

type UsedCodes = Record<'towns' | 'tiers' | 'industries' | 'channels', Used>;

function usedBy(keys: Keys, { heat, paid }: Dictionary): UsedCodes {
  const used = { towns: new Used(), tiers: new Used(), industries: new Used(), channels: new Used() };
  for (const key of keys.cells) {
    const cell = key >>> MEASURE_SHIFT;
    used.towns.mark(townOf(cell));
    used.tiers.mark(tierOf(cell));
    used.industries.mark(industryOf(cell));
    used.channels.mark(channelOf(cell));
  }
  for (const pair of keys.heat) used.towns.mark(heat.town[pair]!);
  for (const pair of keys.paid) used.towns.mark(paid.town[pair]!);
  return used;
}

/** Where those that belong together end. */
function endOf(keys: Int32Array, from: number, belongs: (key: number) => boolean): number {
  let end = from;
  while (end < keys.length && belongs(keys[end]!)) end++;
  return end;
}

/** The cells of one town. */
function writeCells(cells: SparseSum, keys: Int32Array, { tiers, industries, channels }: UsedCodes): void {
  let count = 0;
  for (let at = 0; at < keys.length; at++)
    if (at === 0 || keys[at]! >>> MEASURE_SHIFT !== keys[at - 1]! >>> MEASURE_SHIFT) count++;
  out.number(count);
  let last = -1;
  for (let at = 0; at < keys.length;) {
    const cell = keys[at]! >>> MEASURE_SHIFT;
    const code =
      (tiers.local[tierOf(cell)]! * industries.count + industries.local[industryOf(cell)]!) * channels.count +
      channels.local[channelOf(cell)]!;
    out.number(code - last - 1);
    last = code;
    at = writeMeasures(cells, keys, at, cell);
  }
}

/** The H3 cells of one town. */
function writeHeat(counts: SparseSum, pairs: Int32Array, { heat }: Dictionary): void {
  out.number(pairs.length);
  let last = 0;
  for (const pair of pairs) {
    const bits = heat.bits[heat.item[pair]!]!;
    out.number(bits - last);
    last = bits;
    out.signed(counts.get(pair));
  }
}

function writePaid(counts: SparseSum, pairs: Int32Array, { towns }: UsedCodes, { paid }: Dictionary): void {
  const enterprises = new Map<number, number>();
  for (const pair of pairs) {
    const item = paid.item[pair]!;
    if (!enterprises.has(item)) enterprises.set(item, enterprises.size);
  }
  out.number(enterprises.size);
  for (const item of enterprises.keys()) out.text(paid.names.names[item]!);
  out.number(pairs.length);
  for (const pair of pairs) {
    out.number(towns.local[paid.town[pair]!]!);
    out.number(enterprises.get(paid.item[pair]!)!);
    out.signed(counts.get(pair));
  }
}

/** Beyond the 31 bits of an H3 number. */
const BITS = 2 ** 31;

/** Pairs by town and then by the H3 number, so that both can be stored as differences. */
function sortHeat(pairs: Int32Array, { heat }: Dictionary): Int32Array {
  const order = Float64Array.from(pairs, (pair) => heat.town[pair]! * BITS + heat.bits[heat.item[pair]!]!).sort();
  return Int32Array.from(order, (place) => heat.pair(Math.floor(place / BITS), heat.byBits(place % BITS)));
}

/** Writes the measures of one cell, which begin at `at`; returns where the next cell begins. */
function writeMeasures(cells: SparseSum, keys: Int32Array, at: number, cell: number): number {
  let mask = 0;
  let end = at;
  for (; end < keys.length && keys[end]! >>> MEASURE_SHIFT === cell; end++) {
    const measure = keys[end]! & 15;
    const slot = cells.find(keys[end]!);
    mask |= 1 << measure;
    lows[measure] = cells.values[slot]!;
    highs[measure] = cells.highs?.[slot] ?? 0;
  }
  writeVector(mask);
  return end;
}

/** Writes those of `lows` and `highs` that are in the mask. */
function writeVector(mask: number): void {
  let negative = 0;
  let wide = 0;
  for (let measure = 0; measure < MEASURE_COUNT; measure++) {
    const bit = 1 << measure;
    if (!(mask & bit)) continue;
    if (lows[measure]! < 0 || highs[measure]! < 0) negative |= bit;
    if (highs[measure] !== 0) wide |= bit;
  }
  out.number(mask | (negative && SIGNED) | (wide && WIDE));
  if (negative) out.number(negative);
  if (wide) out.number(wide);
  for (let measure = 0; measure < MEASURE_COUNT; measure++) {
    if (!(mask & (1 << measure))) continue;
    out.number(Math.abs(lows[measure]!));
    if (wide & (1 << measure)) out.number(Math.abs(highs[measure]!));
  }
}

function writeTotals(totals: ExactSums): void {
  let mask = 0;
  for (let measure = 0; measure < MEASURE_COUNT; measure++) {
    if (totals.isZero(measure)) continue;
    mask |= 1 << measure;
    lows[measure] = totals.low[measure]!;
    highs[measure] = totals.high?.[measure] ?? 0;
  }
  writeVector(mask);
}
