/**
 * Pauses between attempts that grow and never end. Half of each pause is random, so that a hundred walls
 * that lost the same server do not come back in the same second.
 */
export class Backoff {
  private attempts = 0;
  private readonly baseMs: number;
  private readonly capMs: number;
  private readonly random: () => number;

  constructor(baseMs: number, capMs: number, random: () => number = Math.random) {
    this.baseMs = baseMs;
    this.capMs = capMs;
    this.random = random;
  }

  /** The next pause in ms: between half of min(cap, base × 1.7ⁿ) and the whole of it. */
  next(): number {
    // The exponent is bounded: after weeks of an outage 1.7ⁿ would leave the numbers.
    const full = Math.min(this.capMs, this.baseMs * 1.7 ** Math.min(this.attempts++, 30));
    return full / 2 + (full / 2) * this.random();
  }

  reset(): void {
    this.attempts = 0;
  }
}
