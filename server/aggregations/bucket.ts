import { totalsOf, type Sums } from './bucketCodec.ts';
import { decodeSums, readHeader } from './bucketDecode.ts';
import { encodeSums } from './bucketEncode.ts';
import type { ExactSums } from '../../common/exactSums.ts';
import { Column, eachSum, newColumns, type Columns, type Wanted } from './columns.ts';
import type { Dictionary } from './dictionary.ts';
import { isAfter, type FeedId } from './feedId.ts';
import { bucketNumber, startOfNumber, type Grain, GRAINS } from './grains.ts';
import { SparseSum } from './sparseSum.ts';

/** Where frozen buckets are decoded to: one reader at a time, always within one call. */
const scratch = newColumns();
/** What was decoded last, and how much of it: a replay reads a bucket for one sum, and then for the next. */
let decoded: { content: Buffer; dictionary: Dictionary; wanted: Wanted } | undefined;

/** The sums of a bucket as they were at one moment. */
export class HeldBucket {
  readonly start: number;
  private readonly content: Sums | Buffer;
  private known: ExactSums | undefined;

  constructor(start: number, content: Sums | Buffer, known: ExactSums | undefined) {
    this.start = start;
    this.content = content;
    this.known = known;
  }

  /** As `Bucket.columns`. */
  columns(dictionary: Dictionary, wanted: Wanted): Columns {
    return columnsOf(this.content, dictionary, wanted);
  }

  /** The nine totals, of all towns. */
  totals(): ExactSums {
    const { content } = this;
    return (this.known ??= Buffer.isBuffer(content) ? readHeader(content).totals : totalsOf(content.cells));
  }
}

function columnsOf(content: Sums | Buffer, dictionary: Dictionary, wanted: Wanted): Columns {
  if (Buffer.isBuffer(content)) return decodedOf(content, dictionary, wanted);
  return { cells: columnOf(content.cells), heat: columnOf(content.heat), paid: columnOf(content.paid) };
}

/** The bytes of a bucket are never changed, so what was decoded of them is still right. */
function decodedOf(content: Buffer, dictionary: Dictionary, wanted: Wanted): Columns {
  const isThere =
    decoded?.content === content &&
    decoded.dictionary === dictionary &&
    decoded.wanted.town === wanted.town &&
    (!decoded.wanted.cellsOnly || wanted.cellsOnly);
  if (!isThere) {
    // Not known to hold anything while it is written: decoding may fail.
    decoded = undefined;
    decodeSums(content, dictionary, scratch, wanted);
    decoded = { content, dictionary, wanted };
  }
  return scratch;
}

/**
 * One bucket of the cube. It is either open (hash tables, written to) or frozen (the bytes of its checkpoint, a
 * tenth of the memory, read by decoding); writing thaws it.
 */
export class Bucket {
  readonly grain: Grain;
  /** Start, epoch ms. */
  readonly start: number;
  /** Changed since it was last marked clean. */
  dirty = false;
  /** A store may hold a copy. */
  stored = false;
  /** Time of the last write, by the clock that `Cube.apply` was handed. */
  touchedAt = -Infinity;
  /** The last feed entry that is included. */
  feed: FeedId | undefined;
  private sums: Sums | undefined;
  private bytes: Buffer | undefined;
  /** Somebody holds the sums as they stand: they are copied before they change. */
  private lent = false;
  /** The totals, while they are known. */
  private known: ExactSums | undefined;
  /** The call of `apply` that last came here, and whether it was let in. */
  private call = 0;
  private letIn = true;

  constructor(grain: Grain, start: number) {
    this.grain = grain;
    this.start = start;
  }

  static fromBytes(grain: Grain, start: number, blob: Buffer): Bucket {
    const bucket = new Bucket(grain, start);
    const header = readHeader(blob);
    bucket.feed = header.feed;
    bucket.known = header.totals;
    // A copy: the caller's may be a slice of a much larger buffer, which would stay in memory with it.
    bucket.bytes = Buffer.from(blob);
    bucket.stored = true;
    return bucket;
  }

  get id(): string {
    return `${this.grain[0]}:${bucketNumber(this.grain, this.start)}`;
  }

  /**
   * The sums to write an increment of feed entry `feed` to, or `undefined` if the bucket includes that entry
   * already. `call` tells entries apart: all increments of one entry are treated alike.
   */
  open(call: number, feed: FeedId | undefined, now: number, dictionary: Dictionary): Sums | undefined {
    if (this.call !== call) {
      this.call = call;
      this.letIn = !feed || !this.feed || isAfter(feed, this.feed);
      if (this.letIn) {
        if (feed) this.feed = feed;
        this.dirty = true;
        this.touchedAt = now;
        this.thaw(dictionary);
        this.bytes = this.known = undefined;
      }
    }
    return this.letIn ? this.sums : undefined;
  }

  private thaw(dictionary: Dictionary): void {
    if (this.sums && !this.lent) return;
    const sums: Sums = { cells: new SparseSum(), heat: new SparseSum(), paid: new SparseSum() };
    if (this.sums) {
      sums.cells.copyFrom(this.sums.cells);
      sums.heat.copyFrom(this.sums.heat);
      sums.paid.copyFrom(this.sums.paid);
      this.lent = false;
    } else if (this.bytes) {
      const { cells, heat, paid } = decodedOf(this.bytes, dictionary, {});
      pour(cells, sums.cells);
      pour(heat, sums.heat);
      pour(paid, sums.paid);
    }
    this.sums = sums;
  }

  /** The sums as they stand, whatever is written to the bucket afterwards; undefined if it is empty. */
  hold(): HeldBucket | undefined {
    const { bytes, sums } = this;
    if (bytes) return new HeldBucket(this.start, bytes, this.known);
    if (!sums) return undefined;
    this.lent = true;
    return new HeldBucket(this.start, sums, this.known);
  }

  /** The bytes of the bucket as it stands. They are never changed afterwards. */
  encode(dictionary: Dictionary): Buffer {
    this.bytes ??= encodeSums(this.sums!, this.feed, dictionary);
    return this.bytes;
  }

  /** A store holds the blob that `encode` last gave. */
  markClean(): void {
    this.stored = true;
    if (this.bytes) this.dirty = false;
  }

  get frozen(): boolean {
    return this.sums === undefined;
  }

  /** Lets go of the hash tables. Returns whether there was anything to encode for it. */
  freeze(dictionary: Dictionary): boolean {
    const work = this.bytes === undefined;
    this.encode(dictionary);
    this.totals();
    this.sums = undefined;
    this.lent = false;
    return work;
  }

  /**
   * The bucket's sums as columns, at least those that are wanted; to be read before anything else is done with any
   * bucket.
   */
  columns(dictionary: Dictionary, wanted: Wanted): Columns {
    return columnsOf(this.sums ?? this.bytes!, dictionary, wanted);
  }

  /** The nine totals, of all towns. */
  totals(): ExactSums {
    // Without tables there are bytes, and with them the totals were read or made.
    return (this.known ??= totalsOf(this.sums!.cells));
  }
}

function pour(column: Column, into: SparseSum): void {
  eachSum(column, (key, low, high) => into.add(key, low, high));
}

function columnOf(sum: SparseSum): Column {
  return new Column(sum.keys, sum.values, sum.keys.length, sum.highs);
}

/** Grain and start of a bucket from its id; throws a `RangeError` when it is none. */
export function parseBucketId(id: string): { grain: Grain; start: number } {
  const match = /^([mhd]):(-?\d{1,12})$/.exec(id);
  const grain = GRAINS.find((name) => name[0] === match?.[1]);
  if (!match || !grain) throw new RangeError(`not a bucket id: ${id}`);
  return { grain, start: startOfNumber(grain, Number(match[2])) };
}
