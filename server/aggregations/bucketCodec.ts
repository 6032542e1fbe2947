import { crc32 } from 'node:zlib';
import { MEASURES } from '../../contract/codes.ts';
import { ByteReader, ByteWriter } from '../../common/bytes.ts';
import { ExactSums } from '../../common/exactSums.ts';
import {
  channelOf,
  industryOf,
  tierOf,
  townOf,
  cellOf,
  type Dictionary,
  type Names,
  CELLS_PER_TOWN,
} from './dictionary.ts';
import { Column, eachSum, type Columns, type Wanted } from './columns.ts';
import type { FeedId } from './feedId.ts';
import type { SparseSum } from './sparseSum.ts';

/**
 * Buckets as bytes: what a checkpoint stores, and how a bucket that nobody writes to rests in memory.
 *
 *     version, crc32 of the rest, feed id (two numbers, each + 1; 0 when there is none)
 *     totals of the nine measures: as those of a cell
 *     codes used: towns, tiers, industries, channels (count, then texts each)
 *     for every town: its number, length in bytes of what follows, then
 *       cells: count, then each: step to the cell, mask of measures, [mask of negative ones], [mask of wide ones],
 *              values: the low lane and, of a wide one, the high lane (common/exactSums.ts)
 *       heat:  count, then each: step to the 31-bit H3 number, alerts (zigzag)
 *     paid: enterprises (count, texts), entries (count, then town, enterprise, recoveries (zigzag) each)
 *
 * A blob explains itself: it carries its own codes, so that any process can read it whatever numbers it gives
 * them. Entries are sorted and stored as differences; a cell of a usual day takes about eight bytes. Towns come
 * apart, so that reading one of them skips the others.
 */

/** Version 2 had one lane, whose sums were wrong once they had passed 2⁵³: such a checkpoint is computed anew from the documents. */
export const CODEC_VERSION = 3;
/** Cell and measure in one key of a `SparseSum`. */
export const MEASURE_SHIFT = 4;
const MEASURE_COUNT = MEASURES.length;
/** In a mask of measures: a mask of those that are negative follows. */
const SIGNED = 1 << MEASURE_COUNT;
/** In a mask of measures: a mask of those with a high lane follows. */
const WIDE = SIGNED << 1;

/** What a bucket holds, by the numbers of a dictionary. */
export interface Sums {
  /** by `cell << 4 | measure` */
  cells: SparseSum;
  /** alerts raised, by pair of `Dictionary.heat` */
  heat: SparseSum;
  /** recoveries, by pair of `Dictionary.paid` */
  paid: SparseSum;
}

export class BadBlobError extends Error {
  override name = 'BadBlobError';
}

/** Beyond the 31 bits of an H3 number. */
const BITS = 2 ** 31;
const zigzag = (n: number) => (n >= 0 ? n * 2 : -n * 2 - 1);
const unzigzag = (n: number) => (n % 2 === 0 ? n / 2 : -(n + 1) / 2);

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

/** Encodes a bucket together with the id of the last feed entry it includes. */
export function encodeSums(sums: Sums, feed: FeedId | undefined, dictionary: Dictionary): Buffer {
  const cellKeys = sums.cells.sortedKeys();
  const heatKeys = sortHeat(sums.heat.sortedKeys(), dictionary);
  const paidKeys = sums.paid.sortedKeys();
  const { heat, paid } = dictionary;

  const towns = new Used(),
    tiers = new Used(),
    industries = new Used(),
    channels = new Used();
  for (const key of cellKeys) {
    const cell = key >>> MEASURE_SHIFT;
    towns.mark(townOf(cell));
    tiers.mark(tierOf(cell));
    industries.mark(industryOf(cell));
    channels.mark(channelOf(cell));
  }
  for (const pair of heatKeys) towns.mark(heat.town[pair]!);
  for (const pair of paidKeys) towns.mark(paid.town[pair]!);

  out.length = 0;
  out.number(CODEC_VERSION);
  out.fixed32(0);
  out.number(feed ? feed.ms + 1 : 0);
  out.number(feed ? feed.n + 1 : 0);
  writeTotals(totalsOf(sums.cells));
  towns.write(out, dictionary.towns);
  tiers.write(out, dictionary.tiers);
  industries.write(out, dictionary.industries);
  channels.write(out, dictionary.channels);

  let cellAt = 0;
  let heatAt = 0;
  for (const [town, local] of towns.local.entries()) {
    if (local === undefined) continue;
    out.number(local);
    out.sized(() => {
      let end = cellAt;
      let count = 0;
      for (; end < cellKeys.length && townOf(cellKeys[end]! >>> MEASURE_SHIFT) === town; end++) {
        if (end === cellAt || cellKeys[end]! >>> MEASURE_SHIFT !== cellKeys[end - 1]! >>> MEASURE_SHIFT) count++;
      }
      out.number(count);
      let last = -1;
      while (cellAt < end) {
        const cell = cellKeys[cellAt]! >>> MEASURE_SHIFT;
        const code =
          (tiers.local[tierOf(cell)]! * industries.count + industries.local[industryOf(cell)]!) * channels.count +
          channels.local[channelOf(cell)]!;
        out.number(code - last - 1);
        last = code;
        cellAt = writeMeasures(sums.cells, cellKeys, cellAt, cell);
      }
      end = heatAt;
      while (end < heatKeys.length && heat.town[heatKeys[end]!] === town) end++;
      out.number(end - heatAt);
      let lastBits = 0;
      for (; heatAt < end; heatAt++) {
        const pair = heatKeys[heatAt]!;
        const bits = heat.bits[heat.item[pair]!]!;
        out.number(bits - lastBits);
        lastBits = bits;
        out.number(zigzag(sums.heat.get(pair)));
      }
    });
  }

  const enterprises = new Map<number, number>();
  for (const pair of paidKeys) {
    const item = paid.item[pair]!;
    if (!enterprises.has(item)) enterprises.set(item, enterprises.size);
  }
  out.number(enterprises.size);
  for (const item of enterprises.keys()) out.text(paid.names.names[item]!);
  out.number(paidKeys.length);
  for (const pair of paidKeys) {
    out.number(towns.local[paid.town[pair]!]!);
    out.number(enterprises.get(paid.item[pair]!)!);
    out.number(zigzag(sums.paid.get(pair)));
  }

  const blob = out.take();
  blob.writeUInt32LE(crc32(blob.subarray(5)), 1);
  return blob;
}

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

/** Reads the measures of the cell whose first key is `key`. */
function readVector(reader: ByteReader, key: number, into: Column): void {
  const mask = reader.number();
  const negative = mask & SIGNED ? reader.number() : 0;
  const wide = mask & WIDE ? reader.number() : 0;
  for (let measure = 0; measure < MEASURE_COUNT; measure++) {
    const bit = 1 << measure;
    if (!(mask & bit)) continue;
    const low = reader.number();
    const high = wide & bit ? reader.number() : 0;
    if (negative & bit) into.push(key | measure, -low, -high);
    else into.push(key | measure, low, high);
  }
}

/** The nine totals of a bucket's cells. */
export function totalsOf({ keys, values, highs }: SparseSum): ExactSums {
  const totals = new ExactSums(MEASURE_COUNT);
  for (let slot = 0; slot < keys.length; slot++) {
    if (keys[slot] !== 0) totals.add((keys[slot]! - 1) & 15, values[slot]!, highs === undefined ? 0 : highs[slot]!);
  }
  return totals;
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

function readTotals(reader: ByteReader): ExactSums {
  const totals = new ExactSums(MEASURE_COUNT);
  const column = new Column(new Int32Array(MEASURE_COUNT), new Float64Array(MEASURE_COUNT));
  readVector(reader, 0, column);
  eachSum(column, (measure, low, high) => totals.add(measure, low, high));
  return totals;
}

/** What can be told of a blob without decoding its entries. */
export interface Header {
  /** The last feed entry that is included. */
  feed: FeedId | undefined;
  /** The nine totals. */
  totals: ExactSums;
}

/** The header of a blob. Throws `BadBlobError` when the blob is not one, or is not whole. */
export function readHeader(blob: Buffer): Header {
  if (blob.length < 8) throw new BadBlobError(`a bucket of ${blob.length} bytes is cut off`);
  if (blob[0] !== CODEC_VERSION)
    throw new BadBlobError(`a bucket of version ${blob[0]}; this program reads version ${CODEC_VERSION}`);
  if (crc32(blob.subarray(5)) !== blob.readUInt32LE(1)) throw new BadBlobError('a bucket does not match its checksum');
  const reader = new ByteReader(blob, 5);
  const ms = reader.number();
  const n = reader.number();
  return { feed: ms === 0 ? undefined : { ms: ms - 1, n: n - 1 }, totals: readTotals(reader) };
}

/** Local numbers of a blob → numbers of the dictionary. */
function readNames(reader: ByteReader, names: Names): number[] {
  const count = reader.number();
  const numbers: number[] = [];
  for (let i = 0; i < count; i++) numbers.push(names.number(reader.text()));
  return numbers;
}

/** Decodes a blob that `readHeader` has found whole, or what is wanted of it, into `into`. */
export function decodeSums(
  blob: Buffer,
  dictionary: Dictionary,
  into: Columns,
  { town: onlyTown, cellsOnly }: Wanted = {},
): void {
  into.cells.clear();
  into.heat.clear();
  into.paid.clear();
  const reader = new ByteReader(blob, 5);
  reader.number();
  reader.number();
  readTotals(reader);
  const towns = readNames(reader, dictionary.towns);
  const cellOfCode = readCells(reader, dictionary);
  const { paid } = dictionary;

  for (let section = 0; section < towns.length; section++) {
    const town = towns[reader.number()]!;
    const size = reader.fixed32();
    const end = reader.at + size;
    if (onlyTown === undefined || town === onlyTown) {
      decodeCells(reader, cellOfCode, town * CELLS_PER_TOWN, into.cells);
      if (!cellsOnly) decodeHeat(reader, dictionary, town, into.heat);
    }
    reader.at = end;
  }
  if (cellsOnly) return;

  const enterprises = readNames(reader, paid.names);
  for (let left = reader.number(); left > 0; left--) {
    const town = towns[reader.number()]!;
    const enterprise = enterprises[reader.number()]!;
    const count = unzigzag(reader.number());
    if (onlyTown === undefined || town === onlyTown) into.paid.push(paid.pair(town, enterprise), count);
  }
}

function decodeHeat(reader: ByteReader, { heat }: Dictionary, town: number, into: Column): void {
  let bits = 0;
  for (let left = reader.number(); left > 0; left--) {
    bits += reader.number();
    into.push(heat.pair(town, heat.byBits(bits)), unzigzag(reader.number()));
  }
}

/** The cell (of town 0) that each of a blob's cell codes stands for. */
function readCells(reader: ByteReader, dictionary: Dictionary): Int32Array {
  const tiers = readNames(reader, dictionary.tiers);
  const industries = readNames(reader, dictionary.industries);
  const channels = readNames(reader, dictionary.channels);
  const cells = new Int32Array(tiers.length * industries.length * channels.length);
  let code = 0;
  for (const tier of tiers) {
    for (const industry of industries) {
      for (const channel of channels) cells[code++] = cellOf(0, tier, industry, channel);
    }
  }
  return cells;
}

function decodeCells(reader: ByteReader, cellOfCode: Int32Array, firstCell: number, into: Column): void {
  let code = -1;
  for (let left = reader.number(); left > 0; left--) {
    code += reader.number() + 1;
    const key = (firstCell + cellOfCode[code]!) << MEASURE_SHIFT;
    readVector(reader, key, into);
  }
}
