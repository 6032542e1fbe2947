import { MEASURES, type WindowName } from '../../contract/codes.ts';
import { ExactSums } from '../../common/exactSums.ts';
import { floorTo, MINUTE_MS } from '../../common/regionTime.ts';
import type { Columns, Wanted } from './columns.ts';
import type { Dictionary } from './dictionary.ts';
import { GRAIN_MS, GRAINS, type Grain, type Range } from './grains.ts';
import type { MeasureVector } from './increments.ts';
import { WINDOW_RULES, windowRanges, type WindowRanges } from './windows.ts';
import { WindowSums } from './windowSums.ts';

const N = MEASURES.length;
const DAY = GRAINS.indexOf('day');

/** Where a roll finds the buckets that come into its ranges and leave them. */
export interface BucketSource {
  readonly dictionary: Dictionary;
  /** Hands over every bucket with `lo ≤ start < hi`, at least those sums of it that are wanted. */
  visit(grain: Grain, range: Range, wanted: Wanted, use: (start: number, columns: Columns) => void): void;
  /** Hands over the nine totals of every such bucket, those of `town` if one is given. */
  visitTotals(grain: Grain, range: Range, town: number | undefined, use: (totals: ExactSums) => void): void;
  /** Start of the latest bucket of a grain; −∞ when there is none. */
  latest(grain: Grain): number;
}

/** An increment's place in the three grains: bucket starts by index of `GRAINS`, and bits of those that took it. */
export interface Placed {
  starts: Float64Array;
  taken: number;
}

/** Totals over a range of buckets, without marginals: all that a comparison needs. */
class RangeTotals {
  readonly totals = new ExactSums(N);
  readonly grain: Grain;
  range: Range = { lo: 0, hi: 0 };
  private readonly town: number | undefined;

  constructor(grain: Grain, town: number | undefined) {
    this.grain = grain;
    this.town = town;
  }

  add(start: number, measures: MeasureVector): void {
    if (start < this.range.lo || start >= this.range.hi) return;
    for (let i = 0; i < N; i++) this.totals.add(i, measures[i]!);
  }

  move(to: Range, source: BucketSource): void {
    moveRange(this.range, to, source.latest(this.grain), GRAIN_MS[this.grain], {
      clear: () => this.totals.clear(),
      scan: (range, sign) =>
        source.visitTotals(this.grain, range, this.town, (totals) => this.totals.addAll(totals, sign)),
    });
    this.range = to;
  }
}

interface Mover {
  clear: () => void;
  scan: (range: Range, sign: 1 | -1) => void;
}

/**
 * Brings a sum over the buckets of one range to another: takes away what leaves and adds what enters, or begins
 * anew where that reads fewer buckets (the turn of a month or year, a long sleep).
 */
function moveRange(from: Range, to: Range, latest: number, size: number, mover: Mover): void {
  if (from.lo === to.lo && from.hi === to.hi) return;
  const end = latest + size;
  const length = ({ lo, hi }: Range) => Math.max(0, (Math.min(hi, end) - lo) / size);
  const parts = [
    { range: { lo: from.lo, hi: Math.min(from.hi, to.lo) }, sign: -1 },
    { range: { lo: Math.max(from.lo, to.hi), hi: from.hi }, sign: -1 },
    { range: { lo: to.lo, hi: Math.min(to.hi, from.lo) }, sign: 1 },
    { range: { lo: Math.max(to.lo, from.hi), hi: to.hi }, sign: 1 },
  ] as const;
  const apart = from.hi <= to.lo || to.hi <= from.lo;
  if (apart || parts.reduce((sum, part) => sum + length(part.range), 0) > length(to)) {
    mover.clear();
    mover.scan(to, 1);
    return;
  }
  for (const { range, sign } of parts) if (range.lo < range.hi) mover.scan(range, sign);
}

/**
 * The running aggregate of one (scope, window). It holds at all times the sum of the buckets in its ranges as they
 * were when the clock was last moved on: increments in range are added as they come, and when the clock moves on,
 * buckets that leave are taken away and those that enter are added. So a tick costs what has changed since the one
 * before, whatever the history (invariant 5).
 */
export class Roll {
  readonly window: WindowName;
  /** Number of the scope's town; `undefined` for the whole region. */
  readonly town: number | undefined;
  /** Time of the last question, by the clock handed in. */
  askedAt = -Infinity;
  private readonly dictionary: Dictionary;
  private readonly grain: Grain;
  private readonly grainIndex: number;
  private main: WindowSums;
  private range: Range = { lo: 0, hi: 0 };
  private minute = NaN;
  private previousTotals: RangeTotals | undefined;
  private lastYearTotals: RangeTotals | undefined;

  constructor(dictionary: Dictionary, window: WindowName, town: number | undefined) {
    this.dictionary = dictionary;
    this.window = window;
    this.town = town;
    this.grain = WINDOW_RULES[window].grain;
    this.grainIndex = GRAINS.indexOf(this.grain);
    this.main = this.newSums();
  }

  get sums(): WindowSums {
    return this.main;
  }

  /** Nine totals of the window before, where contract §3 has one. */
  get previous(): ExactSums | undefined {
    return this.previousTotals?.totals;
  }

  /** Nine totals of a year ago, where contract §3 has them. */
  get lastYear(): ExactSums | undefined {
    return this.lastYearTotals?.totals;
  }

  private newSums(): WindowSums {
    return new WindowSums(this.dictionary, WINDOW_RULES[this.window].step, this.town);
  }

  private inMain({ starts, taken }: Placed): boolean {
    const start = starts[this.grainIndex]!;
    return (taken & (1 << this.grainIndex)) !== 0 && start >= this.range.lo && start < this.range.hi;
  }

  /** Takes in an increment of a cell in scope. */
  add(cell: number, placed: Placed, measures: MeasureVector): void {
    const { starts, taken } = placed;
    if (this.inMain(placed)) this.main.add(cell, starts[this.grainIndex]!, measures);
    else if (taken & (1 << this.grainIndex)) this.previousTotals?.add(starts[this.grainIndex]!, measures);
    if (taken & (1 << DAY)) this.lastYearTotals?.add(starts[DAY]!, measures);
  }

  addHeat(cell: number, placed: Placed, count: number): void {
    if (this.inMain(placed)) this.main.heat.add(cell, count);
  }

  addPaid(enterprise: number, placed: Placed, count: number): void {
    if (this.inMain(placed)) this.main.addPaid(enterprise, count);
  }

  /** Moves the ranges to where they are at `now`. */
  advance(now: number, source: BucketSource): void {
    // No bound of any window moves within a minute.
    const minute = floorTo(now, MINUTE_MS);
    if (minute === this.minute) return;
    this.minute = minute;
    const ranges: WindowRanges = windowRanges(this.window, now);
    moveRange(this.range, ranges.main, source.latest(this.grain), GRAIN_MS[this.grain], {
      clear: () => {
        this.main = this.newSums();
      },
      scan: (range, sign) =>
        source.visit(this.grain, range, { town: this.town }, (start, columns) => {
          this.main.addBucket(start, columns, sign);
        }),
    });
    this.range = ranges.main;
    if (ranges.previous) (this.previousTotals ??= new RangeTotals(this.grain, this.town)).move(ranges.previous, source);
    if (ranges.lastYear) (this.lastYearTotals ??= new RangeTotals('day', this.town)).move(ranges.lastYear, source);
  }
}
