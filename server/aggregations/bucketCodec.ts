import { ExactSums } from '../../common/exactSums.ts';
import { MEASURES } from '../../contract/codes.ts';
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
export const MEASURE_COUNT = MEASURES.length;
/** In a mask of measures: a mask of those that are negative follows. */
export const SIGNED = 1 << MEASURE_COUNT;
/** In a mask of measures: a mask of those with a high lane follows. */
export const WIDE = SIGNED << 1;

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

/** The nine totals of a bucket's cells. */
export function totalsOf({ keys, values, highs }: SparseSum): ExactSums {
  const totals = new ExactSums(MEASURE_COUNT);
  for (let slot = 0; slot < keys.length; slot++) {
    if (keys[slot] !== 0) totals.add((keys[slot]! - 1) & 15, values[slot]!, highs === undefined ? 0 : highs[slot]!);
  }
  return totals;
}
