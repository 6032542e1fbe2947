import { join } from 'node:path';
import type { Boundaries } from '../contract/boundaries.ts';
import type { RegionPack } from '../contract/region.ts';
import { MINUTE_MS, toRfc3339 } from '../common/regionTime.ts';
import { systemClock, type Clock } from './clock.ts';
import { Desk } from './desk.ts';
import { paceOf } from './feed.ts';
import { historyEvents, planHistory } from './history.ts';
import type { HistoryPlan } from './historyPlan.ts';
import { LiveSchedule, LiveSender, type Due } from './live.ts';
import type { Scenario } from './scenario.ts';
import { Office, type OtherSide } from './people/office.ts';
import { preparePapers } from './people/papers.ts';
import type { DemoPerson } from './people/staff.ts';
import { EventSender, type DemoLog } from './sender.ts';
import { StateFile, type DemoState } from './stateFile.ts';
import { resumesAt, timelineFrom, type Position } from './timeline.ts';
import { startWatching, type WatchOptions } from './watch.ts';
import type { Watched } from './year.ts';

export interface PlayerOptions {
  /** Where the server listens, without a path: `http://127.0.0.1:8080`. */
  url: string;
  /** Keeps `demo.json`. */
  dataDir: string;
  pack: RegionPack;
  /** How many times faster than usual the feed runs, in (0, 1000]; default 1. */
  speed?: number;
  log: DemoLog;
  /** Stops the demonstration. */
  signal: AbortSignal;
  fetch?: typeof fetch;
  /** Sent with every request, e.g. `authorization`. */
  headers?: Record<string, string>;
  /** The map's drawing, so that positions lie inside it. */
  boundaries?: Boundaries | undefined;
  /** Of a demonstration that begins; one that goes on keeps its own. */
  seed?: number;
  scale?: number;
  scenario?: Scenario;
  /** Who works on the alerts that are live; without them their steps are told as events. */
  workers?: Workers | undefined;
  /** Employers and sites are watched, and new alerts come of observations; without it they are told as alerts. */
  watch?: WatchOptions | undefined;
  clock?: Clock;
}

/** The people of a demonstration, as its server lets them in. */
export interface Workers {
  people: readonly DemoPerson[];
  /** Requests as one of them. */
  as: (who: DemoPerson) => typeof fetch;
  /** Requests as a source whose alerts the program dispatches by itself. */
  raises: typeof fetch;
  other?: OtherSide | undefined;
}

export interface DemoStatus {
  /** `failed`: it has given up, the log says why. */
  phase: 'starting' | 'history' | 'live' | 'stopped' | 'failed';
  /** Events that this process has sent and the server has taken. */
  sent: number;
}

const FASTEST = 1000;
const DEFAULT_SEED = 1;
/** Sleeping no longer than this, it notices soon when the machine was asleep. */
const LONGEST_SLEEP_MS = 15_000;
/** At high speed it sends what has come together in this time. */
const SHORTEST_SLEEP_MS = 100;
/** What was sent since is sent again after a crash, and counts once. */
const SAVE_EVERY_MS = 30_000;
/** The server refuses events from the future, but a clock that was set back a little is no reason to disorder lives. */
const CLOCK_SLACK_MS = 4 * MINUTE_MS;

/** Enters the demonstration by the public HTTP API: the history once, then the feed, for ever. */
export class DemoPlayer {
  /** Settles when the demonstration has stopped, by the signal or because it cannot go on; never rejects. */
  readonly done: Promise<void>;
  /** Settles when the history is in, or never will be. */
  readonly loaded: Promise<void>;
  readonly #options: PlayerOptions;
  readonly #clock: Clock;
  readonly #sender: EventSender;
  readonly #senderAs: (get: typeof fetch) => EventSender;
  readonly #file: StateFile;
  readonly #speed: number;
  #status: DemoStatus = { phase: 'starting', sent: 0 };
  #savedAt = -Infinity;
  #watched: (Watched & { since: number }) | undefined;

  /** @throws Error if the speed is out of range */
  constructor(options: PlayerOptions) {
    const { url, log, signal, dataDir, pack, speed = 1, headers = {}, clock = systemClock } = options;
    if (!(speed > 0 && speed <= FASTEST))
      throw new Error(`the speed of the demonstration must be above 0 and at most ${FASTEST}, it is ${speed}`);
    this.#options = options;
    this.#clock = clock;
    this.#speed = speed;
    this.#senderAs = (get) => new EventSender({ url, fetch: get, headers, log, clock, signal });
    this.#sender = this.#senderAs(options.fetch ?? fetch);
    this.#file = new StateFile(join(dataDir, 'demo.json'), pack.code);
    let settle = () => {};
    this.loaded = new Promise((resolve) => {
      settle = resolve;
    });
    this.done = this.#run(settle).finally(settle);
  }

  status(): Readonly<DemoStatus> {
    return this.#status;
  }

  async #run(loaded: () => void): Promise<void> {
    const { log, signal } = this.#options;
    try {
      const state = await this.#resume();
      const { pack, scenario, boundaries } = this.#options;
      const { seed, scale, anchor } = state;
      const plan = planHistory({ pack, seed, scale, anchor, boundaries, ...(scenario && { scenario }) });
      if (!state.historyDone) await this.#loadHistory(state, plan);
      loaded();
      const desk = this.#desk();
      // Both to their ends: what is noted last must be, before anybody takes the directory away.
      const ends = await Promise.allSettled([this.#playFeed(state, plan, desk), this.#watch(state, plan, desk)]);
      for (const end of ends) if (end.status === 'rejected') throw end.reason as Error;
    } catch (error) {
      if (signal.aborted) {
        this.#to('stopped');
      } else {
        log.error({ err: error }, `demonstration: stopped, ${(error as Error).message}`);
        this.#to('failed');
      }
    }
  }

  #to(phase: DemoStatus['phase']): void {
    this.#status = { ...this.#status, phase };
  }

  /** The state to go on from, or a new one. */
  async #resume(): Promise<DemoState> {
    const { seed = DEFAULT_SEED, scale = 1, log } = this.#options;
    const known = await this.#file.load();
    const raised = await this.#raisedSoFar(known?.historyDone === true);
    if (known && !(known.historyDone && raised === 0)) return known;
    if (known) log.warn({}, 'demonstration: the server has no alerts any more, loading anew');
    if (!known && raised) {
      throw new Error(
        'the server already has alerts that no demonstration has loaded: switch it off (DEMO=off), or use an empty database',
      );
    }
    const anchor = Math.floor(this.#clock.now());
    const state: DemoState = { seed, scale, anchor, historyDone: false, feed: { at: 0, wall: anchor } };
    await this.#file.save(state);
    return state;
  }

  /** How many alerts the server has; undefined if it does not say. */
  async #raisedSoFar(expected: boolean): Promise<number | undefined> {
    const path = `/api/v1/snapshot?scope=${this.#options.pack.code}&window=all`;
    for (let tries = expected ? 5 : 1; ; tries--) {
      const frame = (await this.#sender.read(path)) as { totals?: { raised?: number } } | undefined;
      const raised = frame?.totals?.raised;
      // A server that has just started may still be counting.
      if (raised !== 0 || tries <= 1) return raised;
      await this.#clock.sleep(1000, this.#options.signal);
    }
  }

  async #loadHistory(state: DemoState, plan: HistoryPlan): Promise<void> {
    const { log } = this.#options;
    this.#to('history');
    log.info({ anchor: toRfc3339(state.anchor), alerts: plan.raisedAt.length }, 'demonstration: loading its history');
    const began = this.#clock.now();
    // After a break in the middle everything is sent again: what has arrived already counts once.
    const accepted = await this.#sender.stream(() => historyEvents(plan));
    this.#count(accepted);
    state.historyDone = true;
    await this.#file.save(state);
    log.info({ events: accepted, ms: Math.round(this.#clock.now() - began) }, 'demonstration: history loaded');
  }

  #desk(): Desk {
    return new Desk({
      region: this.#options.pack.code,
      read: (path) => this.#sender.read(path),
      now: () => this.#clock.now(),
    });
  }

  /** Where people work, they at their work. */
  #office(): Office | undefined {
    const { workers, pack, log, signal } = this.#options;
    if (!workers) return undefined;
    const senders = new Map<string, EventSender>();
    return new Office({
      pack,
      people: workers.people,
      other: workers.other,
      read: (path) => this.#sender.read(path),
      post: (who, path, body) => {
        let sender = senders.get(who.id);
        if (!sender) senders.set(who.id, (sender = this.#senderAs(workers.as(who))));
        return sender.act(path, body);
      },
      clock: this.#clock,
      signal,
      log,
    });
  }

  /** Without anybody watched the feed goes on as alerts. */
  async #watch(state: DemoState, plan: HistoryPlan, desk: Desk): Promise<void> {
    const { watch, log, signal, boundaries } = this.#options;
    if (!watch) return;
    try {
      this.#watched = await startWatching({
        ...watch,
        plan,
        boundaries,
        sender: this.#sender,
        desk,
        file: this.#file,
        state,
        log,
        clock: this.#clock,
        signal,
        onSent: (events) => this.#count(events),
      });
    } catch (error) {
      if (signal.aborted) throw error;
      log.error({ err: error }, `demonstration: nobody is watched, ${(error as Error).message}`);
    }
    await this.#papers(state);
  }

  /** Once, when all that is watched is there to be told of. */
  async #papers(state: DemoState): Promise<void> {
    const { workers, pack, log } = this.#options;
    const leader = workers?.people.find(({ role }) => role === 'leader');
    if (!workers || !leader || state.papers) return;
    const sender = this.#senderAs(workers.as(leader));
    await preparePapers({
      region: pack.code,
      read: (path) => sender.read(path),
      post: (path, body) => sender.act(path, body),
      now: () => this.#clock.now(),
      log,
    });
    state.papers = true;
    await this.#file.save(state);
  }

  async #playFeed(state: DemoState, plan: HistoryPlan, desk: Desk): Promise<void> {
    const { signal, log, watch, workers } = this.#options;
    const pace = paceOf(plan.world.scenario, this.#clock.now());
    this.#to('live');
    const office = this.#office();
    const schedule = new LiveSchedule(plan, state.feed.at, watch !== undefined, office !== undefined);
    // What is noted stays behind it as long as a step waits.
    let position: Position = state.feed;
    const sender = new LiveSender({
      plan,
      sender: workers ? this.#senderAs(workers.raises) : this.#sender,
      desk,
      office,
      speed: this.#speed,
      now: () => this.#clock.now(),
      log,
      onTaken: (events) => this.#count(events),
      onSent: async ({ item, wall }) => {
        position = { at: item.at, wall };
        note();
        await this.#saveNowAndThen(state);
      },
    });
    const note = () => {
      const waiting = sender.firstWaiting;
      state.feed = resumesAt(position, waiting && { at: waiting.item.at, wall: waiting.wall });
    };
    let watching = false;
    try {
      for (;;) {
        if (this.#watched && !watching) {
          watching = true;
          schedule.watch(this.#watched, position.at);
          sender.watch(this.#watched);
        }
        const now = this.#clock.now();
        if (position.wall > now + CLOCK_SLACK_MS) {
          log.warn({ byMs: position.wall - now }, 'demonstration: the clock was set back');
          position = { ...position, wall: now };
        }
        const { wallOf, skipsTo } = timelineFrom(position, now, pace, this.#speed);
        const due: Due[] = [];
        for (; schedule.next.at <= (skipsTo ?? Infinity); schedule.advance()) {
          const wall = wallOf(schedule.next.at);
          if (wall > now) break;
          due.push({ item: schedule.next, wall });
        }
        await sender.send(due);
        if (skipsTo !== undefined) {
          log.info({ events: due.length }, 'demonstration: going on after a pause');
          position = { at: skipsTo, wall: now };
        }
        note();
        const pause = timelineFrom(position, now, pace, this.#speed).wallOf(schedule.next.at) - this.#clock.now();
        await this.#clock.sleep(
          Math.min(LONGEST_SLEEP_MS, Math.max(pause, this.#speed > 10 ? SHORTEST_SLEEP_MS : 0)),
          signal,
        );
      }
    } finally {
      // The last events may not be noted yet.
      await this.#file.save(state);
    }
  }

  async #saveNowAndThen(state: DemoState): Promise<void> {
    const now = this.#clock.now();
    if (now - this.#savedAt >= SAVE_EVERY_MS) {
      await this.#file.save(state);
      this.#savedAt = now;
    }
  }

  #count(events: number): void {
    this.#status = { ...this.#status, sent: this.#status.sent + events };
  }
}

/** Starts the demonstration; it goes on until the signal aborts. @throws Error if the speed is out of range */
export function startDemo(options: PlayerOptions): DemoPlayer {
  return new DemoPlayer(options);
}
