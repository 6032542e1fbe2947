import { setTimeout as sleep } from 'node:timers/promises';
import { closedBy, type StreamReader } from '../streamReader.ts';
import { compareStreamIds } from '../streamIds.ts';
import type { Log } from '../telemetry.ts';
import { assertFollows, FeedGap, UnreadableEntry } from './feedGap.ts';

const BLOCK_MS = 1_000;
const RETRY_MS = 500;
const AT_ONCE = 64;
/** For so long entries are applied before other work gets its turn, so that catching up never starves the screens, ms. */
const TURN_MS = 4;
/** A clock that goes back by less is being adjusted, and the figures are wrong for less than that, ms. */
const CLOCK_BACK_MS = 2_000;
/** Buckets go for good with the minute: a clock that was ahead by more may have cost some, ms. */
const BUCKETS_LOST_MS = 60_000;

/**
 * Where the feed is written by another version of the program, no entry of it can be read, and what is stored is read anew instead:
 * no more than a tenth of the time, and at least this often, ms. Both are of one version again soon, when an upgrade is through.
 */
const LOADING_SHARE = 0.1;
const LONGEST_REST_MS = 30_000;

/** What a follower keeps up to date: a sum of the entries of the feed. */
export interface Followed {
  /** The latest `now` that was handed in, epoch ms; −∞ before the first. */
  readonly now: number;
  /** How many alerts or subjects it holds, for the log. */
  readonly size: number;
  /** From here on, changes are news. */
  caughtUp(): void;
  /** Does a little of its upkeep; returns whether there is more to do. */
  keepOrders(): boolean;
}

/** What was loaded, complete up to the feed entry `position`; `applied`: payload of the feed in it, characters. */
export interface Loaded<State> {
  situation: State;
  position: string;
  applied: number;
}

/** How the situation of a region is loaded and changed: the follower knows when, the situation how. */
export interface Source<State extends Followed, News> {
  /** Before anything is loaded. */
  empty(): State;
  /** @param from what to begin with; where a checkpoint is of no use, it goes on to the documents */
  load(from: 'checkpoint' | 'documents'): Promise<Loaded<State>>;
  /** Applies an entry; what is new by it. */
  apply(situation: State, payload: string, feedId: string, now: number): News[];
}

export interface FollowerParts<State extends Followed, News> {
  region: string;
  /** What it holds, for the log: a region has a follower of each. */
  what: 'alerts' | 'subjects';
  source: Source<State, News>;
  openReader: () => StreamReader;
  now: () => number;
  log: Log;
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
export class Follower<State extends Followed, News> {
  /** Replaced as a whole when all is read anew. */
  situation: State;
  /** Feed entry up to which `situation` is complete. */
  position = '0-0';
  /** Payload applied since the start, characters: tells a checkpoint when it is due. */
  applied = 0;
  ready = false;
  private readonly parts: FollowerParts<State, News>;
  private readonly stopping = new AbortController();
  private readonly listeners = new Set<(news: News[]) => void>();
  private running: Promise<void> | undefined;
  private ahead: string | undefined;
  /** When it was last loaded, and how long that took, ms of `performance.now`. */
  private loaded = { at: 0, tookMs: 0 };

  constructor(parts: FollowerParts<State, News>) {
    this.parts = parts;
    this.situation = parts.source.empty();
  }

  /** Calls back with what each change has brought that is new. */
  onNews(listener: (news: News[]) => void): () => void {
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
    if (compareStreamIds(positionBefore, newest) > 0) this.ahead = newest;
  }

  private async load(from: 'checkpoint' | 'documents'): Promise<void> {
    const { region, what, source, log } = this.parts;
    const started = performance.now();
    const loaded = await source.load(from);
    loaded.situation.caughtUp();
    this.situation = loaded.situation;
    this.position = loaded.position;
    this.applied += loaded.applied;
    this.ready = true;
    const at = performance.now();
    this.loaded = { at, tookMs: at - started };
    log.info({ region, what, size: loaded.situation.size, ms: Math.round(this.loaded.tookMs) }, 'follower: loaded');
    this.orderSoon(loaded.situation);
  }

  /** Has the orders of lists built in between all else, so that the first question need not wait for them. */
  private orderSoon(situation: State): void {
    setImmediate(() => {
      if (this.situation === situation && !this.stopping.signal.aborted && situation.keepOrders())
        this.orderSoon(situation);
    });
  }

  private async run(): Promise<void> {
    const { log, region, what } = this.parts;
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
          log.warn({ region, what, reason: error.message, from: anew }, 'follower: all is read anew');
          if (error instanceof UnreadableEntry) await this.restFromLoading();
        } else {
          log.error({ region, what, error }, 'follower: failed, and tries again');
          await sleep(RETRY_MS);
        }
      } finally {
        close();
      }
    }
  }

  private async restFromLoading(): Promise<void> {
    const { at, tookMs } = this.loaded;
    const restMs = Math.min(LONGEST_REST_MS, tookMs / LOADING_SHARE) - (performance.now() - at);
    if (restMs > 0) await sleep(restMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private async follow(reader: StreamReader): Promise<void> {
    const { source } = this.parts;
    while (!this.stopping.signal.aborted) {
      const [entries = []] = await reader.read([this.position], AT_ONCE, BLOCK_MS);
      const back = this.situation.now - this.parts.now();
      if (back > CLOCK_BACK_MS) throw new ClockWentBack(back);
      if (this.ahead !== undefined) {
        const end = this.ahead;
        this.ahead = undefined;
        throw new FeedGap(`feed ends at ${end}, before ${this.position}`);
      }
      let turn = performance.now();
      for (const entry of entries) {
        assertFollows(entry, this.position);
        const news = source.apply(this.situation, entry.payload, entry.id, this.parts.now());
        this.position = entry.id;
        this.applied += entry.payload.length;
        if (news.length) for (const listener of this.listeners) listener(news);
        if (performance.now() - turn > TURN_MS) {
          await new Promise((resolve) => setImmediate(resolve));
          turn = performance.now();
        }
      }
    }
  }
}
