import { Backoff } from '../http/backoff.ts';

/** Time, handed in. `now` is monotonic ms; `after` returns its own cancel. */
export interface Timers {
  now(): number;
  after(ms: number, run: () => void): () => void;
  random(): number;
}

export interface LineLimits {
  /** Pauses between attempts (Backoff), ms. */
  retryBaseMs: number;
  retryCapMs: number;
  /** An attempt to connect that has not succeeded by then is given up, and another one made. */
  connectMs: number;
  /** A connection that carries nothing for so long is dead, though nobody closed it. */
  deadMs: number;
  /** Wake-up calls (online, focus) closer than this count as one. */
  wakeMs: number;
}

/** What a line tells its owner. */
export interface LineListener {
  /** An attempt begins. */
  trying?(): void;
  up(): void;
  /** It was up, or an attempt has failed; the next one comes by itself. */
  down(): void;
}

/** A connection that is made again whenever it breaks or is dead though open, until it is ended. All I/O and time are handed in. */
export class Line {
  private readonly socket: { connect(): void; disconnect(): void };
  private readonly timers: Timers;
  private readonly limits: LineLimits;
  private readonly listener: LineListener;
  private readonly retry: Backoff;
  private state: 'down' | 'trying' | 'up' | 'ended' = 'down';
  private lastAttempt = -Infinity;
  private cancelRetry = () => {};
  private cancelDead = () => {};

  constructor(
    socket: { connect(): void; disconnect(): void },
    timers: Timers,
    limits: LineLimits,
    listener: LineListener,
  ) {
    this.socket = socket;
    this.timers = timers;
    this.limits = limits;
    this.listener = listener;
    this.retry = new Backoff(limits.retryBaseMs, limits.retryCapMs, () => timers.random());
  }

  get isUp(): boolean {
    return this.state === 'up';
  }

  get hasEnded(): boolean {
    return this.state === 'ended';
  }

  /** Makes an attempt now; one that is on its way is given up. */
  attempt(): void {
    this.cancelRetry();
    if (this.state === 'trying') this.socket.disconnect();
    this.state = 'trying';
    this.lastAttempt = this.timers.now();
    this.listener.trying?.();
    this.cancelRetry = this.timers.after(this.limits.connectMs, () => {
      this.socket.disconnect();
      this.disconnected();
    });
    this.socket.connect();
  }

  /** The socket says that it is connected. */
  connected(): void {
    if (this.state === 'ended') return;
    this.state = 'up';
    this.cancelRetry();
    this.heard();
    this.listener.up();
  }

  /** The socket says that it is not, or not any more. */
  disconnected(): void {
    // A dropped line and a failed attempt may be told twice.
    if (this.state === 'ended' || this.state === 'down') return;
    this.state = 'down';
    this.cancelDead();
    this.cancelRetry();
    this.cancelRetry = this.timers.after(this.retry.next(), () => this.attempt());
    this.listener.down();
  }

  /** Something has come: the line is alive. */
  heard(): void {
    this.cancelDead();
    this.cancelDead = this.timers.after(this.limits.deadMs, () => this.drop());
  }

  /** It does what it is for: after the next break the pauses are short again. */
  isOfUse(): void {
    this.retry.reset();
  }

  /** Closes a line that is dead though open, and makes a new one at once. */
  drop(): void {
    if (this.state !== 'up') return;
    this.socket.disconnect();
    this.disconnected();
    this.attempt();
  }

  /** The network or the page came back: tries at once instead of waiting for the pause to end, where the line is not up. */
  wake(): void {
    if (this.state === 'ended' || this.state === 'up') return;
    if (this.timers.now() - this.lastAttempt < this.limits.wakeMs) return;
    this.retry.reset();
    this.attempt();
  }

  /** For good. */
  end(): void {
    this.state = 'ended';
    this.cancelRetry();
    this.cancelDead();
    this.socket.disconnect();
  }
}
