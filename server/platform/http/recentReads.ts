/** The same reading by the same person within so long is one entry, ms: a page asks for the same again and again. */
const SAME_MS = 10 * 60_000;
const MAX_KEPT = 20_000;

/** What was put on the trail lately by this process. */
export class RecentReads {
  private readonly at = new Map<string, number>();
  private readonly sameMs: number;

  constructor(sameMs = SAME_MS) {
    this.sameMs = sameMs;
  }

  has(read: string): boolean {
    const at = this.at.get(read);
    return at !== undefined && performance.now() - at < this.sameMs;
  }

  add(read: string): void {
    this.at.delete(read);
    this.at.set(read, performance.now());
    // The oldest first: maps keep the order in which they were filled.
    for (const oldest of this.at.keys()) {
      if (this.at.size <= MAX_KEPT) break;
      this.at.delete(oldest);
    }
  }
}
