import { setTimeout as sleep } from 'node:timers/promises';
import type { RegionPack } from '../../../contract/region.ts';
import { termsOf, type Terms } from '../../alerts/fold.ts';
import { LeaseLost, OffsetMoved, type RegionStore, type StreamEntry } from '../store/regionStore.ts';
import { closedBy, type StreamReader } from '../store/streamReader.ts';
import { BatchPipeline } from '../counting/batchPipeline.ts';
import { CHUNK_EVENTS, decodeChunk, type Accepted } from '../intake/chunk.ts';
import { DocumentCache } from '../counting/documentCache.ts';
import type { Log, StreamTelemetry } from '../telemetry.ts';

/** After a failure, and while another worker holds the lease: a quarter of its time, but not more than this. */
const RETRY_MS = 1_000;
/** Events that one commit takes, about: enough to spread its cost, few enough that Redis is held for a few ms. */
const BATCH_EVENTS = 1_500;
/** Batches read at once: the more, the seldomer the pipeline runs dry between two reads. */
const READ_BATCHES = 3;
const BLOCK_MS = 1_000;
/** Far more than the alerts of the batches that are on their way at one time. */
const CACHED_ALERTS = 10_000;

export interface WorkerParts {
  store: RegionStore;
  /** Opens a reader of the region's events on a connection of its own. */
  openReader: () => StreamReader;
  pack: RegionPack;
  /** A dead worker's lease is free after so many ms; a living one renews it three times in that. */
  leaseMs: number;
  log: Log;
  telemetry: StreamTelemetry;
}

/**
 * Counts the events of one region: reads the stream in order, folds, commits. At most one worker of a region can
 * commit at a time (invariants 2 and 4): whoever does not hold the lease waits for it.
 */
export class RegionWorker {
  private readonly parts: WorkerParts;
  private readonly terms: Terms;
  private readonly cache = new DocumentCache(CACHED_ALERTS);
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private held: string | undefined;

  constructor(parts: WorkerParts) {
    this.parts = parts;
    this.terms = termsOf(parts.pack.tiers);
  }

  /** The fencing token while this worker holds the lease. */
  get token(): string | undefined {
    return this.held;
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
    const { store, log, telemetry, leaseMs } = this.parts;
    const retryMs = Math.min(RETRY_MS, leaseMs / 4);
    while (!this.stopping.signal.aborted) {
      try {
        this.held = await store.lease(undefined, leaseMs);
        if (this.held === undefined) {
          await this.pause(retryMs);
          continue;
        }
        log.info({ region: store.keys.region, token: this.held }, 'worker: lease taken');
        telemetry.lease(store.keys.region, true);
        await this.count(this.held);
      } catch (error) {
        if (error instanceof LeaseLost || error instanceof OffsetMoved)
          log.warn({ reason: error.message }, 'worker: gave way');
        else log.error({ error }, 'worker: failed, and tries again');
        await this.pause(retryMs);
      } finally {
        if (this.held !== undefined) {
          telemetry.lease(store.keys.region, false);
          const token = this.held;
          this.held = undefined;
          await store.release(token).catch(() => undefined);
        }
        // Another worker may have counted meanwhile: what is cached may be old.
        this.cache.clear();
      }
    }
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private async count(token: string): Promise<void> {
    const { store, log, leaseMs, telemetry } = this.parts;
    const reader = this.parts.openReader();
    const { signal } = this.stopping;
    const close = closedBy(signal, reader);
    let lost = false;
    const renewal = setInterval(() => {
      store.lease(token, leaseMs).then(
        (now) => {
          if (now !== token) lost = true;
        },
        (error: unknown) => log.warn({ error }, 'worker: lease could not be renewed'),
      );
    }, leaseMs / 3);
    let pipeline: BatchPipeline | undefined;
    try {
      const { offset } = await store.meta();
      pipeline = new BatchPipeline({ store, cache: this.cache, terms: this.terms, telemetry, token, offset });
      // At first as if entries were full: a long backlog must not come in one piece that outlasts the lease.
      let perEntry = CHUNK_EVENTS;
      const next = (after: string) => {
        const entries = reader.read(
          after,
          Math.max(4, Math.min(500, Math.ceil((READ_BATCHES * BATCH_EVENTS) / perEntry))),
          BLOCK_MS,
        );
        // Awaited a round later: until then a failure is nobody's, and must not end the process.
        entries.catch(() => undefined);
        return entries;
      };
      let reading = next(offset);
      let read = offset;
      while (!signal.aborted) {
        // A commit that fails must be heard of now, not when the next event comes.
        const entries = await Promise.race([reading, pipeline.settled().then(() => reading)]).catch(
          (error: unknown) => {
            if (signal.aborted) return undefined;
            throw error;
          },
        );
        if (!entries) break;
        if (lost) throw new LeaseLost('the lease went to another worker');
        if (!entries.length) {
          reading = next(read);
          continue;
        }
        // The next entries come while these are counted.
        read = entries[entries.length - 1]!.id;
        reading = next(read);
        let events = 0;
        for (const { to, batch } of batches(entries, log)) {
          if (lost) throw new LeaseLost('the lease went to another worker');
          await pipeline.push(to, batch);
          events += batch.length;
        }
        await pipeline.flush();
        perEntry = Math.max(1, events / entries.length);
      }
      await pipeline.settled();
    } finally {
      clearInterval(renewal);
      close();
      // The lease is not given back under a commit that is still on its way.
      await pipeline?.settled().catch(() => undefined);
    }
  }
}

/** The entries in batches of about `BATCH_EVENTS`, never an entry in two. */
function* batches(entries: StreamEntry[], log: Log): Iterable<{ to: string; batch: Accepted[] }> {
  let batch: Accepted[] = [];
  for (const { id, payload } of entries) {
    try {
      for (const accepted of decodeChunk(payload)) batch.push(accepted);
    } catch (error) {
      // Only this program writes here, so this is damage from outside; one bad entry must not stop the region.
      log.error({ error, entry: id }, 'worker: an entry of the stream cannot be read, and is passed over');
    }
    if (batch.length >= BATCH_EVENTS || id === entries[entries.length - 1]!.id) {
      yield { to: id, batch };
      batch = [];
    }
  }
}
