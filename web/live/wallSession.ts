import type { Frame } from '../../contract/frame.ts';
import { applyMergePatch } from '../../common/mergePatch.ts';
import type { AlertNotice, Beat, Command, Patch, Refusal, Report, Watch, WatchAck } from '../../contract/protocol.ts';
import { SILENCE_MS } from '../../contract/pushTiming.ts';
import { Backoff } from '../http/backoff.ts';
import type { FrameSource, SourceListener, SourceStatus } from './frameSource.ts';

/** What the session needs of a socket; `socketIo.ts` makes one, tests make their own. */
export interface LiveSocket {
  connect(): void;
  disconnect(): void;
  watch(request: Watch, ack: (answer: WatchAck) => void): void;
  report(report: Report): void;
}
/** What a socket tells. `disconnected` also means: an attempt to connect failed. */
export interface SocketHandlers {
  connected(): void;
  disconnected(): void;
  /** The server did not let this screen in, and says why; `disconnected` follows. */
  refused(problem: Refusal): void;
  patch(patch: Patch): void;
  beat(beat: Beat): void;
  alert(notice: AlertNotice): void;
  command(command: Command): void;
}
export type OpenSocket = (handlers: SocketHandlers) => LiveSocket;

/** Time, handed in. `now` is monotonic ms; `after` returns its own cancel. */
export interface Timers {
  now(): number;
  after(ms: number, run: () => void): () => void;
  random(): number;
}

const RETRY_BASE_MS = 400;
const RETRY_CAP_MS = 15_000;
/** An attempt to connect that has not succeeded by then is given up, and another one made. */
const CONNECT_MS = 10_000;
/** A connection that carries nothing for so long is dead, though nobody closed it. */
const DEAD_MS = 2 * SILENCE_MS;
const ACK_MS = 5_000;
/** Shortest time between two watches because of gaps, so that a broken server is not hammered. */
const REWATCH_MS = 250;
/** Wake-up calls (online, focus) closer than this count as one. */
const WAKE_MS = 500;
const MAX_HELD_PATCHES = 200;

const sameKey = (a: { scope: string; window: string }, b: { scope: string; window: string }) =>
  a.scope === b.scope && a.window === b.window;

/**
 * One screen's line to the server (contract §5): watches one scope and window, applies patches, notices gaps
 * and silence, and never gives up. All I/O and time are handed in. The last frame is kept through everything.
 */
export class WallSession implements FrameSource {
  private readonly socket: LiveSocket;
  private readonly timers: Timers;
  private readonly listener: SourceListener;
  private readonly retry: Backoff;
  private readonly refusedRetry: Backoff;

  private wanted: Watch;
  private frame: Frame | undefined;
  private status: SourceStatus = { link: 'connecting', silent: false };
  /** Why the last attempt to connect was refused; until one is not. */
  private turnedAway: Refusal | undefined;
  private line: 'down' | 'trying' | 'up' | 'ended' = 'down';
  /** Counts watches; the ack of any but the last is ignored. 0: none on its way. */
  private watchId = 0;
  private waiting = false;
  private held: Patch[] = [];
  private lastHeard: number;
  private lastWatch = -Infinity;
  private lastAttempt = -Infinity;

  private cancelRetry = () => {};
  private cancelRewatch: (() => void) | undefined;
  private cancelAck = () => {};
  private cancelSilence = () => {};
  private cancelDead = () => {};

  constructor(open: OpenSocket, watch: Watch, timers: Timers, listener: SourceListener) {
    this.timers = timers;
    this.listener = listener;
    this.wanted = watch;
    this.retry = new Backoff(RETRY_BASE_MS, RETRY_CAP_MS, () => timers.random());
    this.refusedRetry = new Backoff(RETRY_BASE_MS, RETRY_CAP_MS, () => timers.random());
    this.lastHeard = timers.now();
    this.socket = open({
      connected: () => this.onConnected(),
      disconnected: () => this.onDisconnected(),
      refused: (problem) => {
        this.turnedAway = problem;
      },
      patch: (patch) => this.onPatch(patch),
      beat: (beat) => this.onBeat(beat),
      alert: (notice) => this.onAlert(notice),
      command: (command) => {
        if (this.line !== 'ended') this.listener.command(command);
      },
    });
  }

  start(): void {
    this.armWatchdog();
    this.attempt();
  }

  /** Takes a frame fetched by other means, for the time until the first one comes over the line. */
  seed(frame: Frame): void {
    if (!this.frame && sameKey(frame, this.wanted)) this.setFrame(frame);
  }

  /** Ends the session for good. */
  end(): void {
    this.line = 'ended';
    this.cancelRetry();
    this.cancelAck();
    this.cancelSilence();
    this.cancelDead();
    this.cancelRewatch?.();
    this.socket.disconnect();
  }

  /** Watches something else from now on; the old frame stays until the new one has come. */
  setWatch(watch: Watch): void {
    if (sameKey(watch, this.wanted)) return;
    this.wanted = watch;
    this.refusedRetry.reset();
    if (this.line === 'up') this.sendWatch();
  }

  /** The network or the page came back: try at once instead of waiting for the pause to end. */
  wake(): void {
    if (this.line === 'ended') return;
    const now = this.timers.now();
    if (this.line === 'up') {
      // A laptop lid opened: the link may look alive and be long dead.
      if (now - this.lastHeard >= SILENCE_MS) this.drop();
      return;
    }
    if (now - this.lastAttempt < WAKE_MS) return;
    this.retry.reset();
    this.attempt();
  }

  /** Tells the server how this screen is; not kept for later while the line is down. */
  report(report: Report): void {
    if (this.line === 'up') this.socket.report(report);
  }

  /** Age of the last thing heard, ms. */
  silenceMs(): number {
    return this.timers.now() - this.lastHeard;
  }

  private attempt(): void {
    this.cancelRetry();
    if (this.line === 'trying') this.socket.disconnect();
    this.line = 'trying';
    this.turnedAway = undefined;
    this.lastAttempt = this.timers.now();
    this.cancelRetry = this.timers.after(CONNECT_MS, () => {
      this.socket.disconnect();
      this.onDisconnected();
    });
    this.socket.connect();
  }

  private onConnected(): void {
    if (this.line === 'ended') return;
    this.line = 'up';
    this.cancelRetry();
    this.noteHeard();
    this.sendWatch();
  }

  private onDisconnected(): void {
    // A dropped line and a failed attempt may be told twice.
    if (this.line === 'ended' || this.line === 'down') return;
    this.line = 'down';
    this.waiting = false;
    this.held = [];
    this.cancelAck();
    this.cancelDead();
    this.cancelRewatch?.();
    this.cancelRewatch = undefined;
    this.cancelRetry();
    this.cancelRetry = this.timers.after(this.retry.next(), () => this.attempt());
    this.setStatus({ link: this.frame ? 'reconnecting' : 'connecting' });
  }

  /** Closes a link that is dead though open, and makes a new one at once. */
  private drop(): void {
    this.socket.disconnect();
    this.onDisconnected();
    this.attempt();
  }

  private sendWatch(): void {
    this.cancelRewatch?.();
    this.cancelRewatch = undefined;
    this.cancelAck();
    const id = ++this.watchId;
    this.waiting = true;
    this.held = [];
    this.lastWatch = this.timers.now();
    this.cancelAck = this.timers.after(ACK_MS, () => this.sendWatch());
    this.socket.watch({ ...this.wanted }, (answer) => {
      if (id === this.watchId && this.waiting && this.line === 'up') this.onAck(answer);
    });
  }

  private onAck(answer: WatchAck): void {
    this.waiting = false;
    this.cancelAck();
    this.noteHeard();
    if ('problem' in answer) {
      this.setStatus({ problem: answer.problem });
      this.watchLater(this.refusedRetry.next());
      return;
    }
    this.retry.reset();
    this.refusedRetry.reset();
    this.setFrame(answer.frame);
    this.status = { link: 'live', silent: false };
    this.listener.status(this.status);
    const held = this.held;
    this.held = [];
    // What came while the frame was on its way; sorted, because the newer ones must follow the older.
    for (const patch of held.sort((a, b) => a.seq - b.seq)) this.apply(patch);
  }

  private watchLater(ms: number): void {
    this.cancelRewatch ??= this.timers.after(ms, () => this.sendWatch());
  }

  private onPatch(patch: Patch): void {
    this.noteHeard();
    if (this.waiting && sameKey(patch, this.wanted)) {
      if (this.held.length < MAX_HELD_PATCHES) this.held.push(patch);
    }
    this.apply(patch);
  }

  private apply(patch: Patch): void {
    const frame = this.frame;
    if (!frame || !sameKey(patch, frame) || patch.seq <= frame.seq) return;
    if (patch.prev === frame.seq) {
      const next = applyMergePatch(frame, patch.patch);
      this.setFrame(next.seq === patch.seq && next.at === patch.at ? next : { ...next, seq: patch.seq, at: patch.at });
    } else if (sameKey(frame, this.wanted) && !this.waiting) {
      this.watchLater(Math.max(0, REWATCH_MS - (this.timers.now() - this.lastWatch)));
    }
  }

  private onBeat(beat: Beat): void {
    this.noteHeard();
    this.listener.beat(beat);
  }

  private onAlert(notice: AlertNotice): void {
    this.noteHeard();
    this.listener.alert(notice);
  }

  private setFrame(frame: Frame): void {
    this.frame = frame;
    this.listener.frame(frame);
  }

  private noteHeard(): void {
    this.lastHeard = this.timers.now();
    if (this.status.silent) this.setStatus({ silent: false });
    this.armWatchdog();
  }

  private armWatchdog(): void {
    this.cancelSilence();
    this.cancelDead();
    this.cancelSilence = this.timers.after(SILENCE_MS, () => this.setStatus({ silent: true }));
    this.cancelDead = this.timers.after(DEAD_MS, () => {
      if (this.line === 'up') this.drop();
    });
  }

  private setStatus(change: Partial<SourceStatus>): void {
    const { problem, ...rest } = { ...this.status, ...change };
    // A refused watch stands until a frame comes or the link drops, a refused line until one is let in.
    const keep = rest.link !== 'reconnecting' && this.line === 'up' ? problem : undefined;
    const shown = this.turnedAway ?? keep;
    this.status = shown ? { ...rest, problem: shown } : rest;
    this.listener.status(this.status);
  }
}
