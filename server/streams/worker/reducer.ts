import type { Script, ScriptTail } from '../../platform/redis/script.ts';
import type { StreamEntry } from '../entries.ts';

/** A stream that a reducer reads. */
export interface Input {
  /** Key of the stream. */
  stream: string;
  /** Field of the reducer's state hash that holds the last entry it has committed. */
  offsetField: string;
  /** Whether committed entries are removed: only for a stream that nobody else reads. */
  trim: boolean;
}

/**
 * Something that turns the entries of some streams into a state of its own in Redis, and perhaps into entries of other
 * streams, each entry exactly once. The harness (worker.ts) reads, keeps the lease, and commits; the reducer says what an
 * entry means. All keys must carry the hash tag of one region.
 *
 * The methods are called in this order: `begin` once; then for each batch, in the order of the batches, `readForBatch`,
 * `fold`, and the commit. Batches overlap: `readForBatch` of a batch is called before the batch before it is folded, and
 * while the one before that is being committed. What is read may therefore lack the last two batches that were folded: the
 * reducer keeps what it has folded at least that long. When a commit fails, nothing after it can succeed; the harness drops
 * all that is on its way and calls `begin` again.
 */
export interface Reducer<Event, Read, Folded> {
  /** For the log and the names of connections. */
  readonly name: string;
  readonly inputs: readonly Input[];
  /** Hash that holds the offsets (and whatever else the reducer keeps in it). */
  readonly stateKey: string;
  /**
   * Writes a batch: the body of a commit script (`commitScript` in commit.ts, which tells what it may use). `keys` are handed
   * to it.
   */
  readonly script: Script;
  readonly keys: readonly string[];
  /**
   * Entries that come within so many ms are taken together: for what nobody waits for by the second, each batch costs more than
   * what is in it. Without it, each is taken as it comes. Of a backlog nothing is waited for.
   */
  readonly gatherMs?: number;
  /** The events of an entry. @throws when it cannot be read: then it is logged and passed over */
  decode(entry: StreamEntry, input: number): readonly Event[];
  /**
   * A tenure begins. Others may have committed since the last one: what is kept in memory is to be dropped or read anew.
   * @param token of this tenure, for what is to be written before its first batch
   */
  begin(token: string): Promise<void> | void;
  /** The tenure that began has ended, also where it failed. Nothing is to go on by itself. */
  end?(): void;
  /** Reads what a batch needs. What it takes from memory it takes at once, before it awaits anything. */
  readForBatch(events: readonly Event[]): Promise<Read>;
  /** What the batch comes to. Apart from the reducer's own memory it is pure. */
  fold(events: readonly Event[], read: Read): Folded;
  /** The arguments that the script gets. */
  commitArguments(folded: Folded): (string | number | Buffer)[];
  /** Those after them, as Redis is sent them. They must be good until the batch is in Redis. */
  commitTail?(folded: Folded): ScriptTail;
  /** The batch is in Redis; `answer` is what the script returned. */
  committed?(folded: Folded, answer: unknown, commitMs: number): void;
  /**
   * Events that come from no stream: what the clock has brought about. Asked for between batches, at least once a second. They
   * go through a batch like any others; should its commit fail, they are to be given again.
   */
  clockEvents?(): readonly Event[];
  /**
   * Whether `clockEvents` has more to give at once. Then it is asked again as soon as what it gave has been folded, and entries that
   * come meanwhile are taken in between: a long work in small pieces that holds nothing up.
   */
  hasOwnWork?(): boolean;
}
