import { setTimeout as sleep } from 'node:timers/promises';
import type { AlertRow } from '../alerts/row.ts';
import { decodeChange } from '../aggregations/change.ts';
import { Situation } from '../aggregations/situation.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { RegionStore, StreamEntry } from '../redis/regionStore.ts';
import type { StreamReader } from '../redis/streamReader.ts';
import type { Log } from './telemetry.ts';

const BLOCK_MS = 1_000;
const RETRY_MS = 500;
const AT_ONCE = 64;
/** A checkpoint can change while it is read, but not again and again. */
const LOAD_ATTEMPTS = 20;
/** Rows applied before other work gets its turn, so that catching up never starves the screens. */
const ROWS_A_TURN = 2_000;

export interface FollowerParts {
  store: RegionStore;
  openReader: () => StreamReader;
  pack: RegionPack;
  now: () => number;
  log: Log;
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
    const { store, pack, log, now } = this.parts;
    for (let attempt = 1; ; attempt++) {
      const started = performance.now();
      const position = (await store.checkpoint()) ?? '0-0';
      const situation = new Situation(pack);
      for await (const [id, blob] of store.readBlobs('table')) situation.table.loadChunk(Number(id), blob);
      for await (const [id, blob] of store.readBlobs('buckets')) situation.cube.loadBucket(id, blob);
      situation.settle(now());
      const checkpointMs = performance.now() - started;
      try {
        this.position = await this.catchUp(situation, position);
      } catch (error) {
        if (!(error instanceof FeedGap)) throw error;
        if (attempt === LOAD_ATTEMPTS) {
          throw new Error(`the checkpoint of region ${pack.code} does not fit its change feed; the documents are whole: ` +
            'write them out with npm run export and build all anew from them with npm run rebuild', { cause: error });
        }
        log.warn({ region: pack.code }, 'follower: the checkpoint changed while it was read, once more');
        await sleep(RETRY_MS);
        continue;
      }
      situation.caughtUp();
      this.situation = situation;
      this.ready = true;
      log.info(
        { region: pack.code, alerts: situation.table.size, checkpointMs: Math.round(checkpointMs), totalMs: Math.round(performance.now() - started) },
        'follower: situation loaded',
      );
      return;
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
