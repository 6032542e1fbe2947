/** Beats kept to estimate the offset: one minute of them. */
const SAMPLES = 30;
/** A sample this far off is not delay but a clock that was set: start anew. */
const STEP_MS = 5_000;

/**
 * The server's clock, seen from here. The machine's own clock is never used, only its monotonic one:
 * a wall PC without time service may be hours off.
 *
 * A beat says `at` when it left; it arrives a delay later, so every sample of (at − arrival) is the true offset
 * less that delay, and the largest of the last minute is the best estimate (as in NTP's minimum filter).
 */
export class ServerClock {
  private samples: number[] = [];
  private offset: number | undefined;
  private readonly monotonic: () => number;

  constructor(monotonic: () => number) {
    this.monotonic = monotonic;
  }

  /** Takes the server's time `at` (epoch ms) as just heard. */
  hear(at: number): void {
    const sample = at - this.monotonic();
    if (this.offset !== undefined && Math.abs(sample - this.offset) > STEP_MS) this.samples = [];
    this.samples.push(sample);
    if (this.samples.length > SAMPLES) this.samples.shift();
    this.offset = Math.max(...this.samples);
  }

  /** A first, rough time (an HTTP date, a frame's `at`), used only until a beat is heard. */
  seed(at: number): void {
    if (this.samples.length === 0) this.offset = at - this.monotonic();
  }

  /** Epoch ms by the server's clock, or `undefined` while it has never been heard. */
  now(): number | undefined {
    return this.offset === undefined ? undefined : this.monotonic() + this.offset;
  }
}
