export interface PollerOptions {
  /** Reads once. Fails by throwing; an answer that comes after the signal has ended is of no use. */
  run(signal: AbortSignal): Promise<void>;
  /** The least time between the beginnings of two runs, ms. */
  everyMs: number;
  /** A failed run is repeated after this, ms; without it the next request has it repeated. */
  retryMs?: number;
  /** Runs again after `everyMs` without being asked. */
  always?: boolean;
}

/**
 * Reads something again when it may have changed: at once at first, then at most so often, one at a time. A request that
 * comes while a run is under way, or too early, is kept.
 */
export class Poller {
  private readonly options: PollerOptions;
  private current: AbortController | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private wanted = false;
  private startedAt = -Infinity;
  private stopped = false;

  constructor(options: PollerOptions) {
    this.options = options;
  }

  /** Something may have changed. */
  request(): void {
    this.wanted = true;
    if (!this.current) this.schedule(this.options.everyMs - (performance.now() - this.startedAt));
  }

  /** Runs now; a run under way is ended, and its answer is of no use. Resolves when this run is over. */
  async restart(): Promise<void> {
    this.current?.abort();
    this.current = undefined;
    await this.start();
  }

  /** For good. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.current?.abort();
  }

  private schedule(ms: number): void {
    if (this.stopped || this.timer !== undefined) return;
    if (ms <= 0) void this.start();
    else
      this.timer = setTimeout(() => {
        void this.start();
      }, ms);
  }

  private async start(): Promise<void> {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.wanted = false;
    this.startedAt = performance.now();
    const mine = (this.current = new AbortController());
    const { run, everyMs, retryMs, always } = this.options;
    let failed = false;
    try {
      await run(mine.signal);
    } catch {
      failed = true;
    }
    if (mine !== this.current) return;
    this.current = undefined;
    const rest = everyMs - (performance.now() - this.startedAt);
    if (failed && retryMs !== undefined) this.schedule(retryMs);
    else if (this.wanted || always) this.schedule(rest);
  }
}
