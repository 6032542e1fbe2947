import type { Known } from './foldBatch.ts';

/** The alerts a worker touched last, so that a busy alert's document is not read back for each of its events. */
export class DocumentCache {
  private readonly entries = new Map<string, Known>();
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  get(alertId: string): Known | undefined {
    return this.entries.get(alertId);
  }

  /** Insertion order is the order of use: what is set again goes to the end, the oldest falls out. */
  set(alertId: string, known: Known): void {
    this.entries.delete(alertId);
    this.entries.set(alertId, known);
    if (this.entries.size > this.limit) this.entries.delete(this.entries.keys().next().value!);
  }

  clear(): void {
    this.entries.clear();
  }
}
