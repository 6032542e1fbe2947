import { MEASURES, type WindowName } from '../../contract/codes.ts';
import type { RegionPack } from '../../contract/region.ts';
import { ExactSums } from '../../common/exactSums.ts';
import { floorTo, MINUTE_MS, REGION_OFFSET_MS } from '../../common/regionTime.ts';
import { Bucket, parseBucketId } from './bucket.ts';
import { MEASURE_SHIFT, type Sums } from './bucketCodec.ts';
import { eachSum, type Columns, type Wanted } from './columns.ts';
import type { CubeView } from './cubeView.ts';
import { Dictionary, townOf } from './dictionary.ts';
import { parseFeedId, type FeedId } from './feedId.ts';
import {
  bucketNumber,
  EVER,
  GRAIN_MS,
  GRAINS,
  keptFrom,
  numbersOf,
  startOfNumber,
  type Grain,
  type Range,
} from './grains.ts';
import { Holds, type HeldCube } from './heldCube.ts';
import type { Increments } from './increments.ts';
import { LiveRolls, type IncrementSink } from './liveRolls.ts';
import { netOf, OpenHistory } from './openHistory.ts';
import type { Placed, Roll } from './roll.ts';
import type { WindowSums } from './windowSums.ts';

const N = MEASURES.length;
const DAY = GRAINS.indexOf('day');
/** A bucket that nobody wrote to for this long is frozen, ms. */
const BUCKET_IDLE_MS = MINUTE_MS;
/** At most so many buckets are encoded in one sweep, so that it never holds up a tick (a day of 900 alerts takes half a millisecond). */
const FREEZE_AT_ONCE = 8;
/** Sweeping more often than this finds nothing to do, ms. */
const SWEEP_MS = 1000;

/** A scope that is neither the region nor one of its towns. */
export class UnknownScopeError extends Error {
  override name = 'UnknownScopeError';
  readonly scope: string;

  constructor(scope: string, region: string) {
    super(`${scope} is neither region ${region} nor one of its towns`);
    this.scope = scope;
  }
}

/**
 * The cube of one region: all increments, in buckets of three grains (contract §3), with the running aggregates
 * (rolls) that somebody looks at. No clock and no store: `now` is handed in, and buckets go to and come from a
 * checkpoint as blobs.
 *
 * Its clock is the latest `now` it was ever handed; retention goes by that, and never back.
 */
export class Cube implements CubeView {
  readonly dictionary: Dictionary;
  private readonly region: string;
  /** By grain and bucket number. */
  private readonly buckets = GRAINS.map(() => new Map<number, Bucket>());
  private readonly lastUsed: (Bucket | undefined)[] = GRAINS.map(() => undefined);
  private readonly lastNumber = GRAINS.map(() => NaN);
  private readonly latestNumber = GRAINS.map(() => -Infinity);
  private readonly rolls = new LiveRolls(this);
  /** Who else is told of every increment as it falls: the rolls here, and those of the regions above. */
  private sinks: readonly IncrementSink[] = [this.rolls];
  private readonly removed = new Set<string>();
  private readonly holds = new Holds();
  private openHistory = new OpenHistory();
  private clock = -Infinity;
  private sweptAt = -Infinity;
  /** Start of the oldest kept bucket, by grain. */
  private readonly kept = GRAINS.map(() => -Infinity);
  private calls = 0;
  private readonly placed: Placed = { starts: new Float64Array(GRAINS.length), taken: 0 };
  private readonly opened: (Sums | undefined)[] = GRAINS.map(() => undefined);

  constructor(pack: RegionPack) {
    this.region = pack.code;
    this.dictionary = new Dictionary(pack.towns.map((town) => town.code));
  }

  /** The latest `now` handed in; −∞ before the first. */
  get now(): number {
    return this.clock;
  }

  /**
   * Adds one entry of the change feed, at once and to all grains and rolls. An increment older than a grain keeps is
   * not put there. With the entry's `feedId` (`ms-n`), buckets that include that entry already leave it out: so
   * replaying a feed over loaded checkpoints, from any point before them, ends in the same cube.
   */
  apply(increments: Increments, now: number, feedId?: string): void {
    this.moveClock(now);
    const feed = feedId === undefined ? undefined : parseFeedId(feedId);
    this.calls++;
    const { dictionary, opened, placed, sinks } = this;
    for (const [key, minute, measures] of increments.cells) {
      const cell = dictionary.cell(key);
      this.place(minute, feed);
      for (const sums of opened) {
        if (!sums) continue;
        const first = cell << MEASURE_SHIFT;
        for (let i = 0; i < N; i++) {
          const value = measures[i]!;
          if (value !== 0) sums.cells.add(first | i, value);
        }
      }
      if (opened[DAY]) this.addOpen(cell, placed.starts[DAY]!, netOf(measures));
      for (const sink of sinks) sink.add(townOf(cell), cell, placed, measures);
    }
    for (const [townCode, h3, minute, count] of increments.heat) {
      const town = dictionary.towns.number(townCode);
      const pair = dictionary.heat.byText(town, h3);
      this.place(minute, feed);
      for (const sums of opened) sums?.heat.add(pair, count);
      for (const sink of sinks) sink.addHeat(town, dictionary.heat.item[pair]!, placed, count);
    }
    for (const [townCode, enterprise, minute, count] of increments.paid) {
      const town = dictionary.towns.number(townCode);
      const item = dictionary.paid.names.number(enterprise);
      const pair = dictionary.paid.pair(town, item);
      this.place(minute, feed);
      for (const sums of opened) sums?.paid.add(pair, count);
      for (const sink of sinks) sink.addPaid(town, item, placed, count);
    }
  }

  private addOpen(cell: number, day: number, net: number): void {
    this.openHistory.add(cell, day, net);
    if (this.holds.size > 0) this.holds.opened(cell, day, net);
  }

  /** Finds the three buckets of a minute: their starts in `placed`, the sums of those that take it in `opened`. */
  private place(minute: number, feed: FeedId | undefined): void {
    const { placed, opened } = this;
    placed.taken = 0;
    for (let grain = 0; grain < GRAINS.length; grain++) {
      const size = GRAIN_MS[GRAINS[grain]!];
      const number = Math.floor((minute + REGION_OFFSET_MS) / size);
      const start = number * size - REGION_OFFSET_MS;
      placed.starts[grain] = start;
      opened[grain] = undefined;
      if (start < this.kept[grain]!) continue;
      const bucket = this.lastNumber[grain] === number ? this.lastUsed[grain]! : this.bucketAt(grain, number);
      if (this.holds.size > 0) this.holds.beforeChange(grain, number, bucket);
      const sums = bucket.open(this.calls, feed, this.clock, this.dictionary);
      if (!sums) continue;
      opened[grain] = sums;
      placed.taken |= 1 << grain;
    }
  }

  private bucketAt(grain: number, number: number): Bucket {
    let bucket = this.buckets[grain]!.get(number);
    if (!bucket) {
      const name = GRAINS[grain]!;
      bucket = new Bucket(name, startOfNumber(name, number));
      this.put(grain, number, bucket);
    }
    this.lastNumber[grain] = number;
    this.lastUsed[grain] = bucket;
    return bucket;
  }

  private put(grain: number, number: number, bucket: Bucket): void {
    this.buckets[grain]!.set(number, bucket);
    this.lastNumber[grain] = NaN;
    if (number > this.latestNumber[grain]!) this.latestNumber[grain] = number;
  }

  private moveClock(now: number): void {
    if (now <= this.clock) return;
    this.clock = now;
    GRAINS.forEach((grain, i) => {
      this.kept[i] = keptFrom(grain, now);
    });
  }

  /** Start of the oldest bucket of a grain that is kept by the cube's clock. */
  keptFrom(grain: Grain): number {
    return this.kept[GRAINS.indexOf(grain)]!;
  }

  latest(grain: Grain): number {
    return startOfNumber(grain, this.latestNumber[GRAINS.indexOf(grain)]!);
  }

  visit(grain: Grain, range: Range, wanted: Wanted, use: (start: number, columns: Columns) => void): void {
    this.forEach(grain, range, (bucket) => use(bucket.start, bucket.columns(this.dictionary, wanted)));
  }

  visitTotals(grain: Grain, range: Range, town: number | undefined, use: (totals: ExactSums) => void): void {
    if (town === undefined) {
      this.forEach(grain, range, (bucket) => use(bucket.totals()));
      return;
    }
    const totals = new ExactSums(N);
    this.visit(grain, range, { town, cellsOnly: true }, (_, { cells }) => {
      totals.clear();
      eachSum(cells, (key, low, high) => {
        if (townOf(key >>> MEASURE_SHIFT) === town) totals.add(key & 15, low, high);
      });
      use(totals);
    });
  }

  /** Number of buckets in a range. */
  count(grain: Grain, range: Range): number {
    let count = 0;
    this.forEach(grain, range, () => count++);
    return count;
  }

  /**
   * Hands over raised less closed by cell, in parts that add up, of all days before `month`, the start of a month.
   */
  visitOpenBefore(month: number, use: (cell: number, net: number) => void): void {
    this.openHistory.visitBefore(month, this, use);
  }

  beginning(): number | undefined {
    let first = Infinity;
    for (const number of this.buckets[DAY]!.keys()) if (number < first) first = number;
    return first === Infinity ? undefined : startOfNumber('day', first);
  }

  *prepare(): Generator<undefined, void> {
    if (this.openHistory.built) return;
    const held = this.hold();
    try {
      yield* this.openHistory.make(held.columns('day', EVER, { cellsOnly: true }), () => held.cameSince());
    } finally {
      held.release();
    }
  }

  hold(): HeldCube {
    const { dictionary, buckets, kept, openHistory } = this;
    return this.holds.add({ dictionary, buckets, kept, openHistory });
  }

  everything(scope: string): WindowSums | undefined {
    return this.rolls.known(this.townOfScope(scope), 'all')?.sums.copy();
  }

  private forEach(grain: Grain, { lo, hi }: Range, visit: (bucket: Bucket) => void): void {
    const buckets = this.buckets[GRAINS.indexOf(grain)]!;
    if ((hi - lo) / GRAIN_MS[grain] > buckets.size) {
      for (const bucket of buckets.values()) if (bucket.start >= lo && bucket.start < hi) visit(bucket);
      return;
    }
    const { first, end } = numbersOf(grain, { lo, hi });
    for (let number = first; number < end; number++) {
      const bucket = buckets.get(number);
      if (bucket) visit(bucket);
    }
  }

  /**
   * The running aggregate of a scope and window as it stands at `now`; made on the first question by reading the
   * window's buckets. Throws `UnknownScopeError`.
   */
  roll(scope: string, window: WindowName, now: number): Roll {
    return this.rolls.ask(this.townOfScope(scope), window, now, Math.max(now, this.clock));
  }

  /** Tells `sink` of every increment from now on, in this cube's numbers; returns how to stop that. */
  follow(sink: IncrementSink): () => void {
    this.sinks = [...this.sinks, sink];
    return () => {
      this.sinks = this.sinks.filter((other) => other !== sink);
    };
  }

  /** Number of the town that a scope is; `undefined` for the region. Throws `UnknownScopeError`. */
  townOfScope(scope: string): number | undefined {
    if (scope === this.region) return undefined;
    const town = this.dictionary.towns.find(scope);
    if (town === undefined) throw new UnknownScopeError(scope, this.region);
    return town;
  }

  /**
   * Housekeeping; may be called at every tick, works once a second. Drops rolls that nobody asked for during 10 minutes and
   * buckets past their retention, by the clock and not by events, and freezes buckets that are at rest.
   */
  sweep(now: number): void {
    this.moveClock(now);
    if (this.clock < this.sweptAt + SWEEP_MS && floorTo(this.clock, MINUTE_MS) === floorTo(this.sweptAt, MINUTE_MS))
      return;
    this.sweptAt = this.clock;
    // First, because a roll takes away what leaves it by reading it once more: those that stay are at most ten minutes
    // behind, and every bucket is kept two hours longer than any window reaches.
    this.rolls.sweep(this.clock);
    let room = FREEZE_AT_ONCE;
    this.buckets.forEach((buckets, grain) => {
      for (const [number, bucket] of buckets) {
        if (bucket.start < this.kept[grain]!) {
          this.holds.beforeChange(grain, number, bucket);
          buckets.delete(number);
          this.lastNumber[grain] = NaN;
          if (bucket.stored) this.removed.add(bucket.id);
        } else if (!bucket.frozen && room > 0 && bucket.touchedAt < this.clock - BUCKET_IDLE_MS) {
          if (bucket.freeze(this.dictionary)) room--;
        }
      }
    });
  }

  private find(id: string): Bucket | undefined {
    const { grain, start } = parseBucketId(id);
    return this.buckets[GRAINS.indexOf(grain)]!.get(bucketNumber(grain, start));
  }

  /** Ids (`d:20712`: grain and bucket number) of the buckets changed since they were last marked clean. */
  dirtyBuckets(): string[] {
    const ids: string[] = [];
    for (const buckets of this.buckets) for (const bucket of buckets.values()) if (bucket.dirty) ids.push(bucket.id);
    return ids;
  }

  /** The blob of a bucket, with the id of the last feed entry it includes. Throws a `RangeError` for a bucket that does not exist. */
  encodeBucket(id: string): Buffer {
    const bucket = this.find(id);
    if (!bucket) throw new RangeError(`no bucket ${id}`);
    return bucket.encode(this.dictionary);
  }

  /** Puts a bucket of a checkpoint in its place. Throws `BadBlobError` when the blob is damaged or of another version. */
  loadBucket(id: string, blob: Buffer): void {
    this.openHistory = new OpenHistory();
    if (this.rolls.size > 0) throw new Error('a bucket cannot be loaded while somebody watches: rolls would miss it');
    const { grain, start } = parseBucketId(id);
    this.put(GRAINS.indexOf(grain), bucketNumber(grain, start), Bucket.fromBytes(grain, start, blob));
  }

  /**
   * Says that the store has done what it was given: holds the blob that `encodeBucket` last gave, or has deleted a
   * bucket of `removedBuckets`. A bucket that has changed since its blob was made stays dirty.
   */
  markClean(id: string): void {
    this.removed.delete(id);
    this.find(id)?.markClean();
  }

  /** Ids of expired buckets that the store may still hold, until each is marked clean. */
  removedBuckets(): string[] {
    return [...this.removed];
  }
}
