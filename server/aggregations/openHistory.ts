import { startOfMonth } from '../../common/regionTime.ts';
import { MEASURE_SHIFT } from './bucketCodec.ts';
import { EVER } from './grains.ts';
import { MEASURE_INDEX, type MeasureVector } from './increments.ts';
import type { BucketSource } from './roll.ts';
import { SparseSum } from './sparseSum.ts';

const { raised: RAISED, closed: CLOSED } = MEASURE_INDEX;

/**
 * Alerts raised less alerts closed, by month and cell, so that the open alerts of a past moment are found without
 * reading all days since the beginning. Made on the first question and kept up to date from then on.
 */
export class OpenHistory {
  private months: Map<number, SparseSum> | undefined;
  private lastDay = NaN;
  private lastMonth: SparseSum | undefined;

  /** Follows an increment that a day bucket has taken. */
  add(cell: number, day: number, measures: MeasureVector): void {
    if (!this.months) return;
    const net = measures[RAISED]! - measures[CLOSED]!;
    if (net !== 0) this.monthOf(day, this.months).add(cell, net);
  }

  private monthOf(day: number, months: Map<number, SparseSum>): SparseSum {
    if (day !== this.lastDay) {
      const start = startOfMonth(day);
      let sums = months.get(start);
      if (!sums) months.set(start, (sums = new SparseSum()));
      this.lastDay = day;
      this.lastMonth = sums;
    }
    return this.lastMonth!;
  }

  /** Hands over raised less closed by cell, in parts, of all months that begin before `month`. */
  visitBefore(month: number, source: BucketSource, use: (cell: number, net: number) => void): void {
    for (const [start, { keys, values }] of (this.months ??= this.build(source))) {
      if (start >= month) continue;
      for (let slot = 0; slot < keys.length; slot++) {
        if (values[slot] !== 0) use(keys[slot]! - 1, values[slot]!);
      }
    }
  }

  private build(source: BucketSource): Map<number, SparseSum> {
    const months = new Map<number, SparseSum>();
    source.visit('day', EVER, { cellsOnly: true }, (day, { cells }) => {
      const sums = this.monthOf(day, months);
      for (let i = 0; i < cells.length; i++) {
        const key = cells.keys[i]! - 1;
        if (key < 0) continue;
        const measure = key & 15;
        if (measure === RAISED) sums.add(key >>> MEASURE_SHIFT, cells.values[i]!);
        else if (measure === CLOSED) sums.add(key >>> MEASURE_SHIFT, -cells.values[i]!);
      }
    });
    return months;
  }
}
