import { MEASURES, type WindowName } from '../../contract/codes.ts';
import { ExactSums } from '../../common/exactSums.ts';
import { MEASURE_SHIFT } from './bucketCodec.ts';
import type { Column } from './columns.ts';
import { townOf } from './dictionary.ts';
import type { Grain, Range } from './grains.ts';
import type { HeldView, NetByCell } from './heldCube.ts';
import { MEASURE_INDEX } from './increments.ts';
import { OpenCounts } from './openCounts.ts';
import type { SlidingSum } from './sliding.ts';
import { WINDOW_RULES } from './windows.ts';
import { WindowSums } from './windowSums.ts';

/** The sums of a frame of the past, as they move through time. All are of one scope: a town, or the whole where none is given. */

const { raised: RAISED, closed: CLOSED } = MEASURE_INDEX;

/** What lies in the window. */
export class MainSum implements SlidingSum {
  readonly coarsest: Grain;
  readonly sums: WindowSums;
  private readonly held: HeldView;
  private readonly town: number | undefined;

  /** @param begun sums to begin with */
  constructor(held: HeldView, window: WindowName, town: number | undefined, begun?: WindowSums) {
    this.held = held;
    this.town = town;
    const { step } = WINDOW_RULES[window];
    // A step of the series must not lie within a bucket.
    this.coarsest = step === 'minute' || step === 'hour' ? step : 'day';
    this.sums = begun ?? new WindowSums(held.dictionary, step, town);
  }

  clear(): void {
    this.sums.clear();
  }

  *read(grain: Grain, range: Range, sign: 1 | -1): Generator<undefined, void> {
    for (const { start, columns } of this.held.columns(grain, range, { town: this.town })) {
      this.sums.addBucket(start, columns, sign);
      yield;
    }
  }
}

/** The nine totals of a comparison. */
export class TotalsSum implements SlidingSum {
  readonly coarsest = 'day';
  readonly totals = new ExactSums(MEASURES.length);
  private readonly held: HeldView;
  private readonly town: number | undefined;

  constructor(held: HeldView, town: number | undefined) {
    this.held = held;
    this.town = town;
  }

  clear(): void {
    this.totals.clear();
  }

  *read(grain: Grain, range: Range, sign: 1 | -1): Generator<undefined, void> {
    for (const totals of this.held.totals(grain, range, this.town)) {
      this.totals.addAll(totals, sign);
      yield;
    }
  }
}

/** Alerts that are open: raised less closed. */
export class OpenSum implements SlidingSum {
  readonly coarsest = 'day';
  counts: OpenCounts;
  private readonly held: HeldView;
  private readonly town: number | undefined;
  /** Of all that is older than what moves. */
  private readonly older: NetByCell[] = [];

  constructor(held: HeldView, town: number | undefined) {
    this.held = held;
    this.town = town;
    this.counts = new OpenCounts(held.dictionary);
  }

  /** Takes in what is older than all that moves. */
  begin(each: NetByCell): void {
    this.older.push(each);
    this.add(each);
  }

  private add(each: NetByCell): void {
    const { counts, town } = this;
    each((cell, net) => {
      if (town === undefined || townOf(cell) === town) counts.add(cell, net);
    });
  }

  clear(): void {
    this.counts = new OpenCounts(this.held.dictionary);
    for (const each of this.older) this.add(each);
  }

  *read(grain: Grain, range: Range, sign: 1 | -1): Generator<undefined, void> {
    for (const { columns } of this.held.columns(grain, range, { town: this.town, cellsOnly: true })) {
      this.addCells(columns.cells, sign);
      yield;
    }
  }

  /** By hand, as it is read at each step of a replay. */
  private addCells({ keys, values, length }: Column, sign: 1 | -1): void {
    const { counts, town } = this;
    for (let i = 0; i < length; i++) {
      const key = keys[i]! - 1;
      const measure = key & 15;
      if (key < 0 || (measure !== RAISED && measure !== CLOSED)) continue;
      const cell = key >>> MEASURE_SHIFT;
      if (town === undefined || townOf(cell) === town)
        counts.add(cell, measure === RAISED ? sign * values[i]! : -sign * values[i]!);
    }
  }
}
