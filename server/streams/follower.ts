import { setTimeout as sleep } from 'node:timers/promises';
import { termsOf } from '../alerts/fold.ts';
import { CHUNK } from '../alerts/table/store.ts';
import { toRow, type AlertRow } from '../alerts/row.ts';
import { decodeChange } from '../aggregations/change.ts';
import { IncrementSum } from '../aggregations/contributions.ts';
import { Situation } from '../aggregations/situation.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { RegionStore, StreamEntry } from '../redis/regionStore.ts';
import type { StreamReader } from '../redis/streamReader.ts';
import { knownFrom } from './foldBatch.ts';
import type { Log } from './telemetry.ts';

const BLOCK_MS = 1_000;
const RETRY_MS = 500;
const AT_ONCE = 64;
/** A checkpoint can change while it is read, but not again and again. */
const LOAD_ATTEMPTS = 10;
const DOCUMENTS_LEASE_MS = 10_000;
/** Rows applied before other work gets its turn, so that catching up never starves the screens. */
const ROWS_A_TURN = 2_000;

export interface FollowerParts {
  store: RegionStore;
  openReader: () => StreamReader;
  pack: RegionPack;
  now: () => number;
  log: Log;
}

interface Loaded { situation: Situation; position: string }

/** A part of a checkpoint that this program cannot read; `cause` says why. */
class UselessBlob extends Error {}

function useBlob(load: () => void): void {
  try {
    load();
  } catch (error) {
    throw new UselessBlob('a blob of the checkpoint cannot be read', { cause: error });
  }
}

/** Thrown when the feed does not go on where we are: trimmed, or lost in a failover. Then all is read anew. */
class FeedGap extends Error {}

/**
 * Keeps the situation of one region in memory: reads the checkpoint once, then follows the change feed. Any number
 * of processes can; none of them writes.
 */
export class Follower {
  /** Replaced as a whole when the feed had a gap. */
  situation: Situation;
  /** Feed entry up to which `situation` is complete. */
  position = '0-0';
  /** Payload applied since the start, characters: tells a checkpoint when it is due. */
  applied = 0;
  ready = false;
  private readonly parts: FollowerParts;
  private readonly stopping = new AbortController();
  private readonly listeners = new Set<(raised: AlertRow[]) => void>();
  private running: Promise<void> | undefined;

  constructor(parts: FollowerParts) {
    this.parts = parts;
    this.situation = new Situation(parts.pack);
  }

  /** Calls back with the alerts newly raised by each change. */
  onRaised(listener: (raised: AlertRow[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Loads, then follows until stopped; resolves when the situation is complete for the first time. */
  async start(): Promise<void> {
    await this.load();
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async load(): Promise<void> {
    const { pack, log } = this.parts;
    const started = performance.now();
    const loaded = (await this.loadCheckpoint()) ?? (await this.loadDocuments());
    loaded.situation.caughtUp();
    this.situation = loaded.situation;
    this.position = loaded.position;
    this.ready = true;
    log.info(
      { region: pack.code, alerts: loaded.situation.table.size, ms: Math.round(performance.now() - started) },
      'follower: situation loaded',
    );
    this.orderSoon(loaded.situation);
  }

  /** Has the orders of lists built in between all else, so that the first question need not wait for them. */
  private orderSoon(situation: Situation): void {
    setImmediate(() => {
      if (this.situation === situation && !this.stopping.signal.aborted && situation.keepOrders()) this.orderSoon(situation);
    });
  }

  /** The situation from the checkpoint and the feed after it; undefined if the checkpoint is of no use. */
  private async loadCheckpoint(): Promise<Loaded | undefined> {
    const { store, pack, log, now } = this.parts;
    for (let attempt = 1; attempt <= LOAD_ATTEMPTS; attempt++) {
      const { position, chunks } = (await store.checkpoint()) ?? { position: '0-0', chunks: 0 };
      const situation = new Situation(pack);
      try {
        for await (const [id, blob] of store.readBlobs('table')) useBlob(() => situation.table.loadChunk(Number(id), blob));
        for await (const [id, blob] of store.readBlobs('buckets')) useBlob(() => situation.cube.loadBucket(id, blob));
        if (situation.table.size <= (chunks - 1) * CHUNK) throw new UselessBlob('chunks of alerts are missing', { cause: `${chunks} expected` });
        situation.settle(now());
        return { situation, position: await this.catchUp(situation, position) };
      } catch (error) {
        if (error instanceof UselessBlob) {
          log.error({ region: pack.code, error: error.cause }, 'follower: the checkpoint cannot be read (damaged, or of another version)');
          return undefined;
        }
        if (!(error instanceof FeedGap)) throw error;
        log.warn({ region: pack.code, reason: error.message }, 'follower: the checkpoint changed while it was read, once more');
        await sleep(RETRY_MS);
      }
    }
    return undefined;
  }

  /**
   * The situation from the documents, which are the truth: slow, but it needs nothing else. Counting rests meanwhile,
   * because a document that changed during the reading would be counted again by its feed entry.
   */
  private async loadDocuments(): Promise<Loaded> {
    const { store, pack, log, now } = this.parts;
    log.warn({ region: pack.code }, 'follower: everything is computed from the documents; counting rests until that is done');
    const token = await store.lease(undefined, DOCUMENTS_LEASE_MS, true);
    if (token === undefined) throw new Error(`the lease of region ${pack.code} could not be taken`);
    const renewal = setInterval(() => void store.lease(token, DOCUMENTS_LEASE_MS).catch(() => undefined), DOCUMENTS_LEASE_MS / 4);
    try {
      const position = (await store.meta()).change;
      // First, so that nobody ever adds the old feed to what is computed here.
      await store.dropCheckpoint(token, position);
      const situation = new Situation(pack);
      const terms = termsOf(pack.tiers);
      // A scan may show a document twice: its increments must not come twice.
      const seen = new Set<string>();
      for await (const part of store.scanDocuments()) {
        const sum = new IncrementSum();
        const rows: AlertRow[] = [];
        for (const [alertId, document] of part) {
          if (seen.has(alertId)) continue;
          seen.add(alertId);
          const { state } = knownFrom(alertId, document, terms);
          if (!state) continue;
          sum.add(state, 1);
          rows.push(toRow(state));
        }
        situation.apply({ rows, increments: sum.take() }, undefined, now());
      }
      return { situation, position };
    } finally {
      clearInterval(renewal);
      await store.release(token).catch(() => undefined);
    }
  }

  /** Applies what the feed holds after `position`; the position reached. */
  private async catchUp(situation: Situation, position: string): Promise<string> {
    for (;;) {
      const entries = await this.parts.store.readChanges(position, AT_ONCE);
      if (!entries.length) return position;
      for (const entry of entries) {
        this.apply(situation, entry, position);
        position = entry.id;
      }
    }
  }

  private apply(situation: Situation, entry: StreamEntry, position: string): AlertRow[] {
    if (entry.previous !== position) throw new FeedGap(`feed goes on after ${entry.previous}, not after ${position}`);
    this.applied += entry.payload.length;
    return situation.apply(decodeChange(entry.payload), entry.id, this.parts.now());
  }

  private async run(): Promise<void> {
    const { log } = this.parts;
    while (!this.stopping.signal.aborted) {
      const reader = this.parts.openReader();
      try {
        await this.follow(reader);
      } catch (error) {
        if (this.stopping.signal.aborted) break;
        if (error instanceof FeedGap) {
          log.warn({ reason: error.message }, 'follower: gap in the change feed, all is read anew');
          await this.load().catch((failure: unknown) => log.error({ error: failure }, 'follower: could not load'));
        } else {
          log.error({ error }, 'follower: failed, and tries again');
        }
        await sleep(RETRY_MS);
      } finally {
        reader.close();
      }
    }
  }

  private async follow(reader: StreamReader): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const entries = await reader.read(this.position, AT_ONCE, BLOCK_MS);
      let rows = 0;
      for (const entry of entries) {
        const raised = this.apply(this.situation, entry, this.position);
        this.position = entry.id;
        if (raised.length) for (const listener of this.listeners) listener(raised);
        rows += raised.length;
        if (rows > ROWS_A_TURN) {
          rows = 0;
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
    }
  }
}
