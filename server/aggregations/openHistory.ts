import { startOfMonth } from '../../common/regionTime.ts';
import { MEASURE_SHIFT } from './bucketCodec.ts';
import type { Columns } from './columns.ts';
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

  /** Whether it is made. */
  get built(): boolean {
    return this.months !== undefined;
  }

  /** Follows an increment that a day bucket has taken. */
  add(cell: number, day: number, net: number): void {
    if (this.months && net !== 0) this.monthOf(day, this.months).add(cell, net);
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
    if (!this.months) {
      const made = new OpenHistory();
      made.months = new Map();
      source.visit('day', EVER, { cellsOnly: true }, (day, columns) => made.addDay(day, columns));
      this.adopt(made);
    }
    for (const start of this.monthsBefore(month)) this.visitMonth(start, use);
  }

  /** Starts of the months that it has and that begin before `month`. */
  monthsBefore(month: number): number[] {
    return [...(this.months?.keys() ?? [])].filter((start) => start < month);
  }

  visitMonth(start: number, use: (cell: number, net: number) => void): void {
    const sums = this.months?.get(start);
    if (sums) eachNet(sums, use);
  }

  /**
   * Makes it from days as they were held, in parts; what came meanwhile comes on top.
   * @param days every day as it was when `cameSince` began
   */
  *make(
    days: Iterable<{ start: number; columns: Columns }>,
    cameSince: () => Iterable<{ month: number; each: (use: (cell: number, net: number) => void) => void }>,
  ): Generator<undefined, void> {
    const made = new OpenHistory();
    made.months = new Map();
    for (const { start, columns } of days) {
      made.addDay(start, columns);
      yield;
    }
    for (const { month, each } of cameSince()) each((cell, net) => made.add(cell, month, net));
    // Somebody who could not wait may have made it meanwhile.
    if (!this.months) this.adopt(made);
  }

  private addDay(day: number, { cells }: Columns): void {
    for (let i = 0; i < cells.length; i++) {
      const key = cells.keys[i]! - 1;
      if (key < 0) continue;
      const measure = key & 15;
      if (measure === RAISED) this.add(key >>> MEASURE_SHIFT, day, cells.values[i]!);
      else if (measure === CLOSED) this.add(key >>> MEASURE_SHIFT, day, -cells.values[i]!);
    }
  }

  private adopt({ months }: OpenHistory): void {
    this.months = months;
    this.lastDay = NaN;
  }
}

/** Raised less closed, of what an increment brings. */
export const netOf = (measures: MeasureVector): number => measures[RAISED]! - measures[CLOSED]!;

/** Hands over the sums that are not zero. */
export function eachNet({ keys, values }: SparseSum, use: (cell: number, net: number) => void): void {
  for (let slot = 0; slot < keys.length; slot++) if (values[slot] !== 0) use(keys[slot]! - 1, values[slot]!);
}
