import { ExactSums } from '../../common/exactSums.ts';
import { startOfMonth } from '../../common/regionTime.ts';
import { MEASURES } from '../../contract/codes.ts';
import type { Bucket, HeldBucket } from './bucket.ts';
import { MEASURE_SHIFT } from './bucketCodec.ts';
import { eachSum, type Columns, type Wanted } from './columns.ts';
import { townOf, type Dictionary } from './dictionary.ts';
import { GRAINS, numbersOf, type Grain, type Range } from './grains.ts';
import { eachNet, type OpenHistory } from './openHistory.ts';
import { SparseSum } from './sparseSum.ts';

/** Hands over raised less closed by cell. */
export type NetByCell = (use: (cell: number, net: number) => void) => void;

/**
 * A cube, or the sum of several, as it was at one moment, to be read in many small parts while it goes on to change. What a
 * generator yields is to be used before it is asked for more.
 */
export interface HeldView {
  readonly dictionary: Dictionary;
  /** Start of the oldest bucket of a grain that was kept then. */
  keptFrom(grain: Grain): number;
  /** Every bucket of a range: its start and at least those sums of it that are wanted. */
  columns(grain: Grain, range: Range, wanted: Wanted): Generator<{ start: number; columns: Columns }, void>;
  /** The nine totals of every bucket of a range, those of `town` if one is given. */
  totals(grain: Grain, range: Range, town: number | undefined): Generator<ExactSums, void>;
  /** Raised less closed by cell, in parts that add up, of all days before `month`, the start of a month; once that is prepared (`CubeView.prepare`). */
  openBefore(month: number): Generator<NetByCell, void>;
  /** To be called when nobody reads any more. */
  release(): void;
}

/** What a held cube reads of the living one. */
export interface HeldSource {
  readonly dictionary: Dictionary;
  readonly buckets: readonly ReadonlyMap<number, Bucket>[];
  readonly kept: readonly number[];
  readonly openHistory: OpenHistory;
}

/** All who hold a cube now. What is about to change is handed to each of them first, so that holding costs nothing at the start. */
export class Holds {
  private readonly held = new Set<HeldCube>();

  get size(): number {
    return this.held.size;
  }

  add(source: HeldSource): HeldCube {
    const held = new HeldCube(source, () => this.held.delete(held));
    this.held.add(held);
    return held;
  }

  /** A bucket is about to be written to, or to be removed. */
  beforeChange(grain: number, number: number, bucket: Bucket): void {
    for (const held of this.held) held.keep(grain, number, bucket);
  }

  /** A day has taken so many more open alerts of a cell. */
  opened(cell: number, day: number, net: number): void {
    for (const held of this.held) held.opened(cell, day, net);
  }
}

/** One region's cube as it was when it was made. */
export class HeldCube implements HeldView {
  readonly dictionary: Dictionary;
  private readonly source: HeldSource;
  private readonly kept: readonly number[];
  /** By grain and number: buckets that have changed since, as they were; undefined for those that were not there. */
  private readonly before = GRAINS.map(() => new Map<number, HeldBucket | undefined>());
  /** By month: open alerts by cell that came since. */
  private readonly since = new Map<number, SparseSum>();
  private readonly done: () => void;

  constructor(source: HeldSource, done: () => void) {
    this.source = source;
    this.dictionary = source.dictionary;
    this.kept = [...source.kept];
    this.done = done;
  }

  release(): void {
    this.done();
  }

  keep(grain: number, number: number, bucket: Bucket): void {
    const before = this.before[grain]!;
    if (!before.has(number)) before.set(number, bucket.hold());
  }

  opened(cell: number, day: number, net: number): void {
    const month = startOfMonth(day);
    let sums = this.since.get(month);
    if (!sums) this.since.set(month, (sums = new SparseSum()));
    sums.add(cell, net);
  }

  keptFrom(grain: Grain): number {
    return this.kept[GRAINS.indexOf(grain)]!;
  }

  *columns(grain: Grain, range: Range, wanted: Wanted): Generator<{ start: number; columns: Columns }, void> {
    for (const bucket of this.in(grain, range))
      yield { start: bucket.start, columns: bucket.columns(this.dictionary, wanted) };
  }

  *totals(grain: Grain, range: Range, town: number | undefined): Generator<ExactSums, void> {
    if (town === undefined) {
      for (const bucket of this.in(grain, range)) yield bucket.totals();
      return;
    }
    const totals = new ExactSums(MEASURES.length);
    for (const { columns } of this.columns(grain, range, { town, cellsOnly: true })) {
      totals.clear();
      eachSum(columns.cells, (key, low, high) => {
        if (townOf(key >>> MEASURE_SHIFT) === town) totals.add(key & 15, low, high);
      });
      yield totals;
    }
  }

  /** The buckets of a range, in no order. */
  private *in(grain: Grain, range: Range): Generator<HeldBucket | Bucket, void> {
    const at = GRAINS.indexOf(grain);
    const now = this.source.buckets[at]!;
    const before = this.before[at]!;
    const find = (number: number) => (before.has(number) ? before.get(number) : now.get(number));
    const { first, end } = numbersOf(grain, range);
    if (end - first > now.size + before.size) {
      for (const number of [...new Set([...now.keys(), ...before.keys()])]) {
        const bucket = number >= first && number < end ? find(number) : undefined;
        if (bucket) yield bucket;
      }
      return;
    }
    for (let number = first; number < end; number++) {
      const bucket = find(number);
      if (bucket) yield bucket;
    }
  }

  *openBefore(month: number): Generator<NetByCell, void> {
    const { openHistory } = this.source;
    for (const start of openHistory.monthsBefore(month)) {
      yield (use) => {
        openHistory.visitMonth(start, use);
        // Looked up each time: what is handed out may be asked again later, when more has come.
        const since = this.since.get(start);
        if (since) eachNet(since, (cell, net) => use(cell, -net));
      };
    }
  }

  /** Open alerts by cell that came since, of each month. */
  *cameSince(): Generator<{ month: number; each: NetByCell }, void> {
    for (const [month, sums] of this.since) yield { month, each: (use) => eachNet(sums, use) };
  }
}
