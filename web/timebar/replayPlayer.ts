import type { WindowName } from '../../contract/codes.ts';
import type { ReplayFrame, ReplayQuery } from '../../contract/replay.ts';
import { MAX_REPLAY_STEPS, REPLAY_STEP_MS, type ReplayStep } from '../../contract/replayLimits.ts';
import { toRfc3339 } from '../../common/regionTime.ts';
import { ReadSpan, ReadSpans } from './spans.ts';
import { firstMoment, momentBefore, stepAt, type Past } from './timeline.ts';
import { retryAfter, troubleOf, type Trouble } from './trouble.ts';

/** What is played: all scopes together, of one moment each. */
export interface Watched {
  scopes: readonly string[];
  window: WindowName;
  /** The frames as they were shown then, in place of today's facts. */
  shown: boolean;
}

export interface PlayerTimers {
  /** Monotonic ms. */
  now(): number;
  after(ms: number, run: () => void): () => void;
}

export interface PlayerParts {
  /** The lines of a replay; throws HttpError. */
  open(query: ReplayQuery, signal: AbortSignal): AsyncIterable<string>;
  timers: PlayerTimers;
  /** The server's clock, epoch ms. */
  present(): number;
  past(): Past;
  /** What the server said of the past is no longer so: it is to be asked again. */
  outdated(): void;
  changed(state: PlayerState): void;
}

export interface PlayerState {
  /** The moment of the frames on show. */
  at: number | undefined;
  /** By scope. */
  frames: ReadonlyMap<string, ReplayFrame>;
  /** Where the playhead is; between two frames, or where frames have not come yet. */
  position: number;
  playing: boolean;
  /** The frames of `position` have not come yet. */
  waiting: boolean;
  /** Played up to now. */
  caughtUp: boolean;
  trouble: Trouble | undefined;
}

/** Steps asked for at once: less than a second of work for the server, a minute or more of play. */
const PLAYED_STEPS = 180;
const LOOKED_AT_STEPS = 48;
/** While fewer steps than this are there ahead, the next span is fetched. */
const AHEAD_STEPS = 90;
const TICK_MS = 200;
/** Text that is kept, letters; and spans. */
const MOST_LETTERS = 16_000_000;
const MOST_SPANS = 24;

interface Need {
  scope: string;
  step: ReplayStep;
  from: number;
  to: number;
  /** The moment that is wanted, in `from`…`to`; undefined where it is fetched ahead. */
  wanted: number | undefined;
}

/**
 * Plays the past: fetches spans of it as streams, one request at a time, the next one before it is needed, and gives the frames of
 * one moment to whoever shows them. It keeps a bounded part of what it has read. Time and network are handed in.
 */
export class ReplayPlayer {
  private readonly parts: PlayerParts;
  private readonly spans = new ReadSpans();
  private watched: Watched;
  private step: ReplayStep;
  private speed = 60;
  private position: number;
  private anchor: { position: number; at: number } | undefined;
  private direction: 1 | -1 = 1;
  private scrubbing = false;
  private running: { need: Need; key: string; controller: AbortController } | undefined;
  private attempt = 0;
  private refused = false;
  private failure: Trouble | undefined;
  private cancelRetry: (() => void) | undefined;
  private cancelTick = () => {};
  private ended = false;
  private state: PlayerState;

  /** @param at where it begins, epoch ms; nothing is played yet */
  constructor(parts: PlayerParts, watched: Watched, at: number, step: ReplayStep) {
    this.parts = parts;
    this.watched = watched;
    this.step = step;
    this.position = at;
    this.state = {
      at: undefined,
      frames: new Map(),
      position: at,
      playing: false,
      waiting: true,
      caughtUp: false,
      trouble: undefined,
    };
    this.seek(at, step);
  }

  /** Other scopes, another window, or the other kind of past, at the same moment. */
  watch(next: Watched): void {
    const { scopes, window, shown } = this.watched;
    const same = next.window === window && next.shown === shown;
    if (same && next.scopes.join() === scopes.join()) return;
    this.watched = next;
    if (!same) this.forget();
    this.wantNew();
    this.rest(this.position);
    this.advance();
  }

  /**
   * Goes to a moment, and keeps playing if it does.
   * @param step the distance of frames, as far as they are kept there
   * @param scrubbing on the way: the single frame is enough
   */
  seek(at: number, step: ReplayStep, scrubbing = false): void {
    this.direction = at < this.position ? -1 : 1;
    this.step = step;
    this.scrubbing = scrubbing;
    this.position = this.clamped(at);
    this.state.caughtUp = false;
    if (this.anchor) this.anchor = { position: this.position, at: this.parts.timers.now() };
    this.wantNew();
    this.advance();
  }

  /** By so many frames on or back, from the frame on show; it stands still after that. */
  stepBy(count: number, step: ReplayStep): void {
    this.pause();
    const here = stepAt(this.position, step, this.parts.past(), this.watched.shown);
    const before = momentBefore(this.position, here, this.watched.shown);
    // From between two frames, back is to the one before.
    const from = count < 0 && before !== this.position ? before + REPLAY_STEP_MS[here] : before;
    this.seek(from + count * REPLAY_STEP_MS[here], step);
  }

  /** @param speed seconds of the past in one second */
  play(speed: number, step: ReplayStep): void {
    this.speed = speed;
    this.step = step;
    this.scrubbing = false;
    this.direction = 1;
    this.state.caughtUp = false;
    this.anchor = { position: this.position, at: this.parts.timers.now() };
    this.wantNew();
    this.advance();
  }

  pause(): void {
    this.cancelTick();
    this.anchor = undefined;
    this.advance();
  }

  /** What the server says of the past has been asked for again, or its line is back. */
  refresh(): void {
    this.wantNew();
    this.advance();
  }

  /** For good. */
  end(): void {
    this.ended = true;
    this.cancelTick();
    this.cancelRetry?.();
    this.running?.controller.abort();
    this.forget();
  }

  /** Letters of text that are kept. */
  get size(): number {
    return this.spans.size;
  }

  private get shownStep(): ReplayStep {
    return stepAt(this.position, this.step, this.parts.past(), this.watched.shown);
  }
  private key(scope: string, step: ReplayStep): string {
    const { window, shown } = this.watched;
    return `${scope} ${window} ${step} ${shown}`;
  }
  private clamped(at: number): number {
    const past = this.parts.past();
    return Math.max(firstMoment(past, this.step, this.watched.shown), Math.min(at, this.parts.present()));
  }
  private forget(): void {
    this.spans.clear();
    this.running?.controller.abort();
    this.running = undefined;
  }

  /** What failed before is tried again: something else is wanted. */
  private wantNew(): void {
    this.cancelRetry?.();
    this.cancelRetry = undefined;
    this.attempt = 0;
    this.refused = false;
    this.failure = undefined;
  }

  /** Moves the playhead by the clock, shows what is there, and asks for what is not. */
  private advance(): void {
    if (this.ended) return;
    this.cancelTick();
    const { timers, present } = this.parts;
    if (this.anchor) {
      this.position = this.anchor.position + (timers.now() - this.anchor.at) * this.speed;
      if (this.position >= present()) {
        this.position = present();
        this.anchor = undefined;
        this.state.caughtUp = true;
      }
    }
    const { shownStep: step } = this;
    const at = momentBefore(this.position, step, this.watched.shown);
    const found = this.watched.scopes.map((scope) => this.spans.find(this.key(scope, step), at));
    const there = found.every((span) => span !== undefined);
    if (there) {
      if (this.state.at !== at || this.state.waiting || this.framesAreOfOthers())
        this.state.frames = new Map(this.watched.scopes.map((scope, i) => [scope, found[i]!.frame(at)]));
      this.state.at = at;
    } else this.rest(at);
    this.state.trouble = there ? undefined : this.failure;
    this.state.waiting = !there;
    this.tell();
    this.fetch(at, step);
    if (this.anchor) this.cancelTick = timers.after(TICK_MS, () => this.advance());
  }

  private framesAreOfOthers(): boolean {
    return this.watched.scopes.some((scope) => !this.state.frames.has(scope));
  }

  /** Time does not go on while the frames of a moment have not come. */
  private rest(at: number): void {
    if (!this.anchor) return;
    this.position = Math.max(at, this.clamped(at));
    this.anchor = { position: this.position, at: this.parts.timers.now() };
  }

  private tell(): void {
    this.state = { ...this.state, position: this.position, playing: this.anchor !== undefined };
    this.parts.changed(this.state);
  }

  /** The most urgent of what is not there; undefined if nothing is needed. */
  private need(at: number, step: ReplayStep): Need | undefined {
    const stepMs = REPLAY_STEP_MS[step];
    const { shown } = this.watched;
    const latest = momentBefore(this.parts.present(), step, shown);
    const first = firstMoment(this.parts.past(), step, shown);
    for (const scope of this.watched.scopes) {
      const key = this.key(scope, step);
      if (this.spans.find(key, at)) continue;
      if (this.scrubbing) return { scope, step, from: at, to: at, wanted: at };
      const steps = this.anchor ? PLAYED_STEPS : LOOKED_AT_STEPS;
      const back = this.direction < 0 && !this.anchor;
      const earliest = Math.max(first, this.spans.lastUntil(key, at) + stepMs);
      let from = at;
      // The first frame comes at once, those after it follow: going back, only as many as make several steps.
      while (back && from - stepMs >= earliest && at - from < (LOOKED_AT_STEPS / 2) * stepMs) {
        if (stepAt(from - stepMs, this.step, this.parts.past(), shown) !== step) break;
        from -= stepMs;
      }
      const to = back ? at : Math.min(at + steps * stepMs, latest, this.spans.nextFrom(key, at) - stepMs);
      return { scope, step, from, to: Math.max(at, to), wanted: at };
    }
    if (!this.anchor) return undefined;
    for (const scope of this.watched.scopes) {
      const key = this.key(scope, step);
      const from = this.spans.until(key, at) + stepMs;
      if (from > latest || from - at > AHEAD_STEPS * stepMs) continue;
      const to = Math.min(from + PLAYED_STEPS * stepMs, latest, this.spans.nextFrom(key, from) - stepMs);
      return { scope, step, from, to: Math.max(from, to), wanted: undefined };
    }
    return undefined;
  }

  private fetch(at: number, step: ReplayStep): void {
    if (this.cancelRetry || this.refused) return;
    const need = this.need(at, step);
    if (!need) return;
    const { running } = this;
    if (running) {
      const key = this.key(need.scope, need.step);
      const covers = running.key === key && need.from >= running.need.from && need.from <= running.need.to;
      // One frame is there in a moment; of a long one the rest is not worth waiting for.
      if (need.wanted === undefined || covers || running.need.from === running.need.to) return;
      running.controller.abort();
      this.running = undefined;
    }
    void this.read(need);
  }

  /** Reads one span, line by line; what has come is kept, whatever becomes of the rest. */
  private async read(need: Need): Promise<void> {
    const { scope, step, from, to } = need;
    const { window, shown } = this.watched;
    const stepMs = REPLAY_STEP_MS[step];
    const key = this.key(scope, step);
    const controller = new AbortController();
    const mine = { need, key, controller };
    this.running = mine;
    const span = new ReadSpan(from, stepMs);
    let kept = false;
    try {
      const steps = Math.min(MAX_REPLAY_STEPS, Math.round((to - from) / stepMs));
      const lines = this.parts.open(
        {
          scope,
          window,
          step,
          from: toRfc3339(from),
          to: toRfc3339(from + steps * stepMs),
          ...(shown ? { shown } : {}),
        },
        controller.signal,
      );
      for await (const line of lines) {
        if (controller.signal.aborted || this.ended) return;
        span.add(line);
        if (!kept) {
          this.spans.add(key, span);
          kept = true;
          this.attempt = 0;
          this.failure = undefined;
        }
        // Waited for: it is shown as soon as it is there.
        if (this.state.waiting && span.until >= momentBefore(this.position, this.shownStep, shown)) this.advance();
      }
      if (span.until < from + steps * stepMs) throw new Error('the answer ended before its last moment');
      if (this.running === mine) this.running = undefined;
      this.spans.trim(momentBefore(this.position, step, this.watched.shown), MOST_LETTERS, MOST_SPANS);
      this.advance();
    } catch (error) {
      if (controller.signal.aborted || this.ended) return;
      if (this.running === mine) this.running = undefined;
      this.failed(error);
    }
  }

  private failed(error: unknown): void {
    const after = retryAfter(error, this.attempt++);
    if (after === undefined) {
      // Perhaps finer figures have gone meanwhile; else nothing is asked for until something else is wanted.
      this.refused = true;
      this.parts.outdated();
    } else {
      this.cancelRetry = this.parts.timers.after(after, () => {
        this.cancelRetry = undefined;
        this.advance();
      });
    }
    this.failure = troubleOf(error);
    // While what is played is still there, it is not worth a word.
    if (this.state.waiting) this.state.trouble = this.failure;
    this.tell();
  }
}
