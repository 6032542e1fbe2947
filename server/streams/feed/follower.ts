import { setTimeout as sleep } from 'node:timers/promises';
import type { RegionRow } from '../../alerts/row.ts';
import { Situation } from '../../situation/situation.ts';
import { compareIds } from '../store/regionStore.ts';
import { closedBy, type StreamReader } from '../store/streamReader.ts';
import { applyEntry, FeedGap, loadCheckpoint, loadDocuments, type LoadParts } from '../../situation/loadSituation.ts';

const BLOCK_MS = 1_000;
const RETRY_MS = 500;
const AT_ONCE = 64;
/** Rows applied before other work gets its turn, so that catching up never starves the screens. */
const ROWS_A_TURN = 2_000;
/** A clock that goes back by less is being adjusted, and the figures are wrong for less than that, ms. */
const CLOCK_BACK_MS = 2_000;
/** Buckets go for good with the minute: a clock that was ahead by more may have cost some, ms. */
const BUCKETS_LOST_MS = 60_000;

export interface FollowerParts extends LoadParts {
  openReader: () => StreamReader;
}

/** Thrown when the clock went back: what ended only by the wrong clock (terms, buckets) has not ended. */
class ClockWentBack extends Error {
  readonly ms: number;
  constructor(ms: number) {
    super(`the clock went back by ${Math.round(ms / 1000)} s`);
    this.ms = ms;
  }
}

/**
 * Keeps the situation of one region in memory: reads the checkpoint once, then follows the change feed. Any number
 * of processes can.
 */
export class Follower {
  /** Replaced as a whole when all is read anew. */
  situation: Situation;
  /** Feed entry up to which `situation` is complete. */
  position = '0-0';
  /** Payload applied since the start, characters: tells a checkpoint when it is due. */
  applied = 0;
  ready = false;
  private readonly parts: FollowerParts;
  private readonly stopping = new AbortController();
  private readonly listeners = new Set<(raised: RegionRow[]) => void>();
  private running: Promise<void> | undefined;
  private ahead: string | undefined;

  constructor(parts: FollowerParts) {
    this.parts = parts;
    this.situation = new Situation(parts.pack);
  }

  /** Calls back with the alerts newly raised by each change. */
  onRaised(listener: (raised: RegionRow[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Loads, then follows until stopped; resolves when the situation is complete for the first time. */
  async start(): Promise<void> {
    await this.load('checkpoint');
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /**
   * Tells that the feed ends at `newest`, as somebody has just read. If this process has seen more than that, a failover
   * has taken the end of the feed back: what was seen will be counted once more, so all is read anew.
   */
  endsAt(newest: string, positionBefore: string): void {
    if (compareIds(positionBefore, newest) > 0) this.ahead = newest;
  }

  /** @param from what to begin with; from a checkpoint that is of no use it goes on to the documents */
  private async load(from: 'checkpoint' | 'documents'): Promise<void> {
    const { pack, log } = this.parts;
    const started = performance.now();
    let loaded = from === 'checkpoint' ? await loadCheckpoint(this.parts) : undefined;
    while (!loaded) loaded = (await loadDocuments(this.parts)) ?? (await loadCheckpoint(this.parts));
    loaded.situation.caughtUp();
    this.situation = loaded.situation;
    this.position = loaded.position;
    this.applied += loaded.applied;
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
      if (this.situation === situation && !this.stopping.signal.aborted && situation.keepOrders())
        this.orderSoon(situation);
    });
  }

  private async run(): Promise<void> {
    const { log, pack } = this.parts;
    let anew: 'checkpoint' | 'documents' | undefined;
    while (!this.stopping.signal.aborted) {
      const reader = this.parts.openReader();
      const close = closedBy(this.stopping.signal, reader);
      try {
        if (anew) await this.load(anew);
        anew = undefined;
        await this.follow(reader);
      } catch (error) {
        if (this.stopping.signal.aborted) break;
        if (error instanceof FeedGap || error instanceof ClockWentBack) {
          anew = error instanceof ClockWentBack && error.ms > BUCKETS_LOST_MS ? 'documents' : 'checkpoint';
          log.warn({ region: pack.code, reason: error.message, from: anew }, 'follower: all is read anew');
        } else {
          log.error({ region: pack.code, error }, 'follower: failed, and tries again');
          await sleep(RETRY_MS);
        }
      } finally {
        close();
      }
    }
  }

  private async follow(reader: StreamReader): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const entries = await reader.read(this.position, AT_ONCE, BLOCK_MS);
      const back = this.situation.now - this.parts.now();
      if (back > CLOCK_BACK_MS) throw new ClockWentBack(back);
      if (this.ahead !== undefined) {
        const end = this.ahead;
        this.ahead = undefined;
        throw new FeedGap(`feed ends at ${end}, before ${this.position}`);
      }
      let rows = 0;
      for (const entry of entries) {
        const raised = applyEntry(this.situation, entry, this.position, this.parts.now());
        this.position = entry.id;
        this.applied += entry.payload.length;
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
