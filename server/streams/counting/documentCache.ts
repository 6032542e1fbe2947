import type { Known } from './foldBatch.ts';

/** The alerts a worker touched last, so that a busy alert's document is not read back for each of its events. */
export class DocumentCache {
  /** With the number of events that an alert had when it was set. */
  private readonly entries = new Map<string, { known: Known; events: number }>();
  private readonly maxAlerts: number;
  private readonly maxEvents: number;
  private events = 0;

  /** @param maxEvents events of all its alerts together; the one set last stays in any case */
  constructor(maxAlerts: number, maxEvents: number) {
    this.maxAlerts = maxAlerts;
    this.maxEvents = maxEvents;
  }

  get(alertId: string): Known | undefined {
    return this.entries.get(alertId)?.known;
  }

  /** Insertion order is the order of use: what is set again goes to the end, the oldest fall out. */
  set(alertId: string, known: Known): void {
    this.remove(alertId);
    const events = known.events.length;
    this.entries.set(alertId, { known, events });
    this.events += events;
    while (this.entries.size > this.maxAlerts || (this.events > this.maxEvents && this.entries.size > 1))
      this.remove(this.entries.keys().next().value!);
  }

  clear(): void {
    this.entries.clear();
    this.events = 0;
  }

  private remove(alertId: string): void {
    const entry = this.entries.get(alertId);
    if (!entry) return;
    this.entries.delete(alertId);
    this.events -= entry.events;
  }
}
