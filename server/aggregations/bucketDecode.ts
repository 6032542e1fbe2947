import { crc32 } from 'node:zlib';
import { ByteReader } from '../../common/bytes.ts';
import { ExactSums } from '../../common/exactSums.ts';
import { BadBlobError, CODEC_VERSION, MEASURE_COUNT, MEASURE_SHIFT, SIGNED, WIDE } from './bucketCodec.ts';
import { Column, eachSum, type Columns, type Wanted } from './columns.ts';
import { cellOf, type Dictionary, type Names } from './dictionary.ts';
import type { FeedId } from './feedId.ts';

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

/** How many names are looked at for the one that comes next: more than there are, but for towns. */
const NEXT = 32;

/** Local numbers of a blob → numbers of the dictionary. */
function readCodes(reader: ByteReader, names: Names): number[] {
  const count = reader.number();
  const numbers: number[] = [];
  let next = 0;
  for (let i = 0; i < count; i++) {
    // A blob names its codes in the order of the dictionary that it was made with, and nearly always this one has the same: so the
    // code is one of the next, and to compare bytes is a twentieth of the work of making a string and looking it up.
    const end = Math.min(names.names.length, next + NEXT);
    while (next < end && !reader.passText(names.bytes(next))) next++;
    const number = next < end ? next : names.number(reader.text());
    numbers.push(number);
    next = number + 1;
  }
  return numbers;
}

/** As `readCodes`, of names that hardly ever repeat. */
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
  const reader = new ByteReader(blob, 5);
  reader.number();
  reader.number();
  // The totals are passed over.
  readVector(reader, 0, into.cells);
  into.cells.clear();
  into.heat.clear();
  into.paid.clear();
  const towns = readCodes(reader, dictionary.towns);
  const codes: Codes = {
    tiers: readCodes(reader, dictionary.tiers),
    industries: readCodes(reader, dictionary.industries),
    channels: readCodes(reader, dictionary.channels),
  };
  const { paid } = dictionary;

  for (let section = 0; section < towns.length; section++) {
    const town = towns[reader.number()]!;
    const size = reader.fixed32();
    const end = reader.at + size;
    if (onlyTown === undefined || town === onlyTown) {
      decodeCells(reader, codes, town, into.cells);
      if (!cellsOnly) decodeHeat(reader, dictionary, town, into.heat);
    }
    reader.at = end;
  }
  if (cellsOnly) return;

  const enterprises = readNames(reader, paid.names);
  for (let left = reader.number(); left > 0; left--) {
    const town = towns[reader.number()]!;
    const enterprise = enterprises[reader.number()]!;
    const count = reader.signed();
    if (onlyTown === undefined || town === onlyTown) into.paid.push(paid.pair(town, enterprise), count);
  }
}

function decodeHeat(reader: ByteReader, { heat }: Dictionary, town: number, into: Column): void {
  let bits = 0;
  for (let left = reader.number(); left > 0; left--) {
    bits += reader.number();
    into.push(heat.pair(town, heat.byBits(bits)), reader.signed());
  }
}

/** By local number of a blob: numbers of the dictionary. */
interface Codes {
  tiers: readonly number[];
  industries: readonly number[];
  channels: readonly number[];
}

/** The cells of one town. */
function decodeCells(reader: ByteReader, { tiers, industries, channels }: Codes, town: number, into: Column): void {
  let code = -1;
  for (let left = reader.number(); left > 0; left--) {
    code += reader.number() + 1;
    // Codes count channels, then industries, then tiers. Most of a blob's combinations have no cell: a table of all took longer.
    const row = Math.floor(code / channels.length);
    const tier = Math.floor(row / industries.length);
    const cell = cellOf(
      town,
      tiers[tier]!,
      industries[row - tier * industries.length]!,
      channels[code - row * channels.length]!,
    );
    readVector(reader, cell << MEASURE_SHIFT, into);
  }
}

/** Reads the measures of the cell whose first key is `key`. */
function readVector(reader: ByteReader, key: number, into: Column): void {
  const mask = reader.number();
  const negative = mask & SIGNED ? reader.number() : 0;
  const wide = mask & WIDE ? reader.number() : 0;
  // Only those that are there, lowest first: most cells of an hour have two or three of nine.
  for (let left = mask & (SIGNED - 1); left !== 0; left &= left - 1) {
    const bit = left & -left;
    const measure = 31 - Math.clz32(bit);
    const low = reader.number();
    const high = wide & bit ? reader.number() : 0;
    if (negative & bit) into.push(key | measure, -low, -high);
    else into.push(key | measure, low, high);
  }
}

function readTotals(reader: ByteReader): ExactSums {
  const totals = new ExactSums(MEASURE_COUNT);
  const column = new Column(new Int32Array(MEASURE_COUNT), new Float64Array(MEASURE_COUNT));
  readVector(reader, 0, column);
  eachSum(column, (measure, low, high) => totals.add(measure, low, high));
  return totals;
}
