import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisClient } from '../../platform/redis/connect.ts';
import type { StreamEntry } from '../entries.ts';
import { closedBy, type StreamReader } from '../streamReader.ts';
import type { Log } from '../telemetry.ts';
import { BatchPipeline } from './batchPipeline.ts';
import { commitBatch, OffsetMoved, type Span } from './commit.ts';
import { createLease, LeaseLost, type Lease } from './lease.ts';
import type { Reducer } from './reducer.ts';

/** After a failure, and while another worker holds the lease: a quarter of its time, but not more than this. */
const RETRY_MS = 1_000;
/**
 * A worker that could not renew in time, because the machine is too busy, takes the lease for twice as long next time: up to so many
 * times its usual time. Otherwise two workers on such a machine would take it from each other for ever, and each would only load.
 */
const LONGEST_TERM = 15;
/** After so many renewals in a row the time is halved again. */
const CALM_RENEWALS = 30;
/** Events that one commit takes, about: enough to spread its cost, few enough that Redis is held for a few ms. */
const BATCH_EVENTS = 1_500;
/** Batches read at once: the more, the less often the pipeline runs dry between two reads. */
const READ_BATCHES = 3;
/** Entries of a stream read at once: at least, at most. */
const MIN_ENTRIES = 4;
const MAX_ENTRIES = 500;
const BLOCK_MS = 1_000;

/** Nothing of any input, after all that has come by now had its turn. */
const nothingYet = () => new Promise<StreamEntry[][]>((resolve) => setImmediate(resolve, []));

export interface WorkerParts<Event, Read, Folded> {
  /** A connection for commands. */
  redis: RedisClient;
  /** Opens a reader of the reducer's inputs on a connection of its own. */
  openReader: () => StreamReader;
  reducer: Reducer<Event, Read, Folded>;
  /** Keys of the lease under which it commits. */
  leaseKeys: { lease: string; fence: string };
  /** A dead worker's lease is free after so many ms; a living one renews it three times in that. */
  leaseMs: number;
  /** Events that an entry may hold at most: how many entries are read at first. */
  entryEvents: number;
  log: Log;
  /** Called when the lease is taken (with its token) and when it is gone. */
  onLease: (token: string | undefined) => void;
}

/**
 * Runs a reducer: reads its streams in order, folds, commits. At most one worker of a reducer and region can commit at a
 * time (invariants 2 and 4): whoever does not hold the lease waits for it.
 */
export class ReducerWorker<Event, Read, Folded> {
  private readonly parts: WorkerParts<Event, Read, Folded>;
  private readonly lease: Lease;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  /** For how long the lease is taken, ms. */
  private termMs: number;
  private calm = 0;

  constructor(parts: WorkerParts<Event, Read, Folded>) {
    this.parts = parts;
    this.termMs = parts.leaseMs;
    this.lease = createLease(parts.redis, parts.leaseKeys);
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Finishes the batch at hand and gives the lease back. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { reducer, log, leaseMs, onLease } = this.parts;
    const retryMs = Math.min(RETRY_MS, leaseMs / 4);
    while (!this.stopping.signal.aborted) {
      let token: string | undefined;
      try {
        token = await this.lease.take(undefined, this.termMs);
        if (token === undefined) {
          await this.pause(retryMs);
          continue;
        }
        log.info({ reducer: reducer.name, token }, 'worker: lease taken');
        onLease(token);
        await this.whileHeld(token, (lost) => this.reduce(token!, lost));
      } catch (error) {
        if (error instanceof LeaseLost || error instanceof OffsetMoved)
          log.warn({ reason: error.message }, 'worker: gave way');
        else log.error({ reducer: reducer.name, error }, 'worker: failed, and tries again');
        await this.pause(retryMs);
      } finally {
        if (token !== undefined) {
          onLease(undefined);
          await this.lease.release(token).catch(() => undefined);
        }
      }
    }
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  /** Renews the lease while `work` runs; `lost` tells it that the lease has gone to another worker. */
  private async whileHeld(token: string, work: (lost: () => boolean) => Promise<void>): Promise<void> {
    const { log, leaseMs } = this.parts;
    let lost = false;
    const renewal = setInterval(() => {
      this.renew(token).then(
        (held) => {
          if (!held) lost = true;
        },
        (error: unknown) => log.warn({ error }, 'worker: lease could not be renewed'),
      );
    }, leaseMs / 3);
    try {
      await work(() => lost);
    } finally {
      clearInterval(renewal);
    }
  }

  /** @returns false when the lease has gone to another worker; one that only ran out is held again */
  private async renew(token: string): Promise<boolean> {
    const { leaseMs } = this.parts;
    if ((await this.lease.take(token, this.termMs)) !== token) {
      this.calm = 0;
      this.termMs = Math.min(this.termMs * 2, leaseMs * LONGEST_TERM);
      return false;
    }
    if (++this.calm >= CALM_RENEWALS) {
      this.calm = 0;
      this.termMs = Math.max(leaseMs, this.termMs / 2);
    }
    return true;
  }

  /** Commits; if the lease has run out meanwhile and nobody has taken it, once more. */
  private async commit(token: string, span: Span, folded: Folded): Promise<unknown> {
    const { redis, reducer, leaseKeys } = this.parts;
    const commit = () => commitBatch(redis, leaseKeys.lease, reducer, token, span, folded);
    try {
      return await commit();
    } catch (error) {
      if (!(error instanceof LeaseLost) || !(await this.renew(token))) throw error;
      return commit();
    }
  }

  private async reduce(token: string, lost: () => boolean): Promise<void> {
    const { reducer } = this.parts;
    const { signal } = this.stopping;
    const reader = this.parts.openReader();
    const close = closedBy(signal, reader);
    let pipeline: BatchPipeline<Event, Read, Folded> | undefined;
    try {
      await reducer.begin(token);
      const offsets = await this.offsets();
      pipeline = new BatchPipeline({
        reducer,
        offsets,
        commit: (span, folded) => this.commit(token, span, folded),
      });
      await this.readAndPush(reader, offsets, pipeline, lost);
      await pipeline.settled();
    } finally {
      close();
      // The lease is not given back under a commit that is still on its way.
      await pipeline?.settled().catch(() => undefined);
      reducer.end?.();
    }
  }

  private async offsets(): Promise<string[]> {
    const { redis, reducer } = this.parts;
    const stored = await redis.hmget(reducer.stateKey, ...reducer.inputs.map(({ offsetField }) => offsetField));
    return stored.map((offset) => offset ?? '0-0');
  }

  /** Reads until stopped; the next entries come while those before are counted. */
  private async readAndPush(
    reader: StreamReader,
    offsets: readonly string[],
    pipeline: BatchPipeline<Event, Read, Folded>,
    lost: () => boolean,
  ): Promise<void> {
    const { reducer, entryEvents } = this.parts;
    const { signal } = this.stopping;
    // At first as if entries were full: a long backlog must not come in one piece that outlasts the lease.
    let perEntry = entryEvents;
    const mostEntries = () =>
      Math.max(MIN_ENTRIES, Math.min(MAX_ENTRIES, Math.ceil((READ_BATCHES * BATCH_EVENTS) / perEntry)));
    let most = mostEntries();
    const next = (after: readonly string[], waitMs = 0) => {
      const count = (most = mostEntries());
      const read = () => reader.read(after, count, BLOCK_MS);
      const entries = waitMs > 0 ? sleep(waitMs, undefined, { signal }).then(read) : read();
      // Awaited a round later: until then a failure is nobody's, and must not end the process.
      entries.catch(() => undefined);
      return entries;
    };
    let at = offsets;
    let reading = next(at);
    while (!signal.aborted) {
      // A commit that fails must be heard of now, not when the next event comes.
      const coming = Promise.race([reading, pipeline.settled().then(() => reading)]).catch((error: unknown) => {
        if (signal.aborted) return undefined;
        throw error;
      });
      const read = await (reducer.hasOwnWork?.() ? Promise.race([coming, nothingYet()]) : coming);
      if (!read) return;
      const before = at;
      if (read.length) {
        at = before.map((id, input) => read[input]!.at(-1)?.id ?? id);
        const isBacklog = read.some((entries) => entries.length >= most);
        reading = next(at, isBacklog ? 0 : reducer.gatherMs);
      }
      let events = 0;
      let entries = 0;
      for (const batch of this.batches(before, read)) {
        if (lost()) throw new LeaseLost('the lease went to another worker');
        await pipeline.push(batch.to, batch.events);
        events += batch.events.length;
        entries += batch.entries;
      }
      const own = reducer.clockEvents?.() ?? [];
      if (lost()) throw new LeaseLost('the lease went to another worker');
      if (own.length) await pipeline.push(at, own);
      await pipeline.flush();
      if (entries) perEntry = Math.max(1, events / entries);
    }
  }

  /** The entries in batches of about `BATCH_EVENTS`, never an entry in two. @param before offsets before the entries */
  private *batches(
    before: readonly string[],
    read: readonly StreamEntry[][],
  ): Iterable<{ to: readonly string[]; events: Event[]; entries: number }> {
    const { reducer, log } = this.parts;
    const to = [...before];
    let events: Event[] = [];
    let entries = 0;
    for (let input = 0; input < read.length; input++) {
      for (const entry of read[input]!) {
        try {
          for (const event of reducer.decode(entry, input)) events.push(event);
        } catch (error) {
          // Only this program writes here, so this is damage from outside; one bad entry must not stop the region.
          log.error({ error, entry: entry.id }, 'worker: an entry of the stream cannot be read, and is passed over');
        }
        to[input] = entry.id;
        entries++;
        if (events.length < BATCH_EVENTS) continue;
        yield { to: [...to], events, entries };
        events = [];
        entries = 0;
      }
    }
    if (entries) yield { to, events, entries };
  }
}
