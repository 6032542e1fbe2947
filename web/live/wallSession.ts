import type { Frame } from '../../contract/frame.ts';
import { applyMergePatch } from '../../common/mergePatch.ts';
import type { AlertNotice, Beat, Command, Patch, Refusal, Report, Watch, WatchAck } from '../../contract/protocol.ts';
import { SILENCE_MS } from '../../contract/pushTiming.ts';
import { Backoff } from '../http/backoff.ts';
import { Line, type Timers } from './line.ts';
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

const RETRY_BASE_MS = 400;
const RETRY_CAP_MS = 15_000;
const LIMITS = {
  retryBaseMs: RETRY_BASE_MS,
  retryCapMs: RETRY_CAP_MS,
  connectMs: 10_000,
  deadMs: 2 * SILENCE_MS,
  wakeMs: 500,
};
const ACK_MS = 5_000;
/** Shortest time between two watches because of gaps, so that a broken server is not hammered. */
const REWATCH_MS = 250;
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
  private readonly line: Line;
  private readonly refusedRetry: Backoff;

  private wanted: Watch;
  private frame: Frame | undefined;
  private status: SourceStatus = { link: 'connecting', silent: false };
  /** Why the last attempt to connect was refused; until one is not. */
  private turnedAway: Refusal | undefined;
  /** Counts watches; the ack of any but the last is ignored. 0: none on its way. */
  private watchId = 0;
  private waiting = false;
  private held: Patch[] = [];
  private lastHeard: number;
  private lastWatch = -Infinity;

  private cancelRewatch: (() => void) | undefined;
  private cancelAck = () => {};
  private cancelSilence = () => {};

  constructor(open: OpenSocket, watch: Watch, timers: Timers, listener: SourceListener) {
    this.timers = timers;
    this.listener = listener;
    this.wanted = watch;
    this.refusedRetry = new Backoff(RETRY_BASE_MS, RETRY_CAP_MS, () => timers.random());
    this.lastHeard = timers.now();
    this.socket = open({
      connected: () => this.line.connected(),
      disconnected: () => this.line.disconnected(),
      refused: (problem) => {
        this.turnedAway = problem;
      },
      patch: (patch) => this.onPatch(patch),
      beat: (beat) => this.onBeat(beat),
      alert: (notice) => this.onAlert(notice),
      command: (command) => {
        if (!this.line.hasEnded) this.listener.command(command);
      },
    });
    this.line = new Line(this.socket, timers, LIMITS, {
      trying: () => {
        this.turnedAway = undefined;
      },
      up: () => {
        this.noteHeard();
        this.sendWatch();
      },
      down: () => this.onDown(),
    });
  }

  start(): void {
    this.armSilence();
    this.line.attempt();
  }

  /** Takes a frame fetched by other means, for the time until the first one comes over the line. */
  seed(frame: Frame): void {
    if (!this.frame && sameKey(frame, this.wanted)) this.setFrame(frame);
  }

  /** Ends the session for good. */
  end(): void {
    this.line.end();
    this.cancelAck();
    this.cancelSilence();
    this.cancelRewatch?.();
  }

  /** Watches something else from now on; the old frame stays until the new one has come. */
  setWatch(watch: Watch): void {
    if (sameKey(watch, this.wanted)) return;
    this.wanted = watch;
    this.refusedRetry.reset();
    if (this.line.isUp) this.sendWatch();
  }

  /** The network or the page came back: try at once instead of waiting for the pause to end. */
  wake(): void {
    // A laptop lid opened: the link may look alive and be long dead.
    if (!this.line.isUp) this.line.wake();
    else if (this.silenceMs() >= SILENCE_MS) this.line.drop();
  }

  /** Tells the server how this screen is; not kept for later while the line is down. */
  report(report: Report): void {
    if (this.line.isUp) this.socket.report(report);
  }

  /** Age of the last thing heard, ms. */
  silenceMs(): number {
    return this.timers.now() - this.lastHeard;
  }

  private onDown(): void {
    this.waiting = false;
    this.held = [];
    this.cancelAck();
    this.cancelRewatch?.();
    this.cancelRewatch = undefined;
    this.setStatus({ link: this.frame ? 'reconnecting' : 'connecting' });
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
      if (id === this.watchId && this.waiting && this.line.isUp) this.onAck(answer);
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
    this.line.isOfUse();
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
    this.line.heard();
    this.armSilence();
  }

  private armSilence(): void {
    this.cancelSilence();
    this.cancelSilence = this.timers.after(SILENCE_MS, () => this.setStatus({ silent: true }));
  }

  private setStatus(change: Partial<SourceStatus>): void {
    const { problem, ...rest } = { ...this.status, ...change };
    // A refused watch stands until a frame comes or the link drops, a refused line until one is let in.
    const keep = rest.link !== 'reconnecting' && this.line.isUp ? problem : undefined;
    const shown = this.turnedAway ?? keep;
    this.status = shown ? { ...rest, problem: shown } : rest;
    this.listener.status(this.status);
  }
}
