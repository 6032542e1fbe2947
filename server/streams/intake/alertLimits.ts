import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_EVENTS_OF_ALERT, MAX_EVENTS_OF_SOURCE, MAX_UNCOUNTED } from '../../../contract/alertLimits.ts';
import { decodeMark } from '../fullAlerts.ts';
import { compareStreamIds } from '../streamIds.ts';
import type { Accepted } from './chunk.ts';
import type { EventStream, Standing } from './eventStream.ts';

const POLL_MS = 10;

/** Events that went out in one stretch of time, by alert, until all of them have been counted. */
class Stretch {
  readonly counts = new Map<string, number>();
  /** The largest of the counts. */
  most = 0;
  /** Chunks whose entry is not known yet. */
  sending = 0;
  lastEntry = '0-0';
}

/** What became of the events of a chunk. */
export interface Admission<T> {
  admitted: readonly T[];
  refused: readonly { event: T; problem: string }[];
  passage: Passage;
}

/** What is told when a chunk that was let through has been written, or could not be. */
export interface Passage {
  written(id: string, standing: Standing): void;
  failed(): void;
}

/**
 * Refuses events of alerts that are full (contract §2), for one region in one process. Which are full is known from what has
 * been counted; so that no more than `MAX_UNCOUNTED` events of an alert are on their way beyond that, further ones wait until
 * those before are counted.
 */
export class AlertLimits {
  private readonly stream: Pick<EventStream, 'standing' | 'fullAlerts'>;
  /** By alert: the sources for which it is full; undefined in it stands for all. */
  private readonly full = new Map<string, Set<string | undefined>>();
  private marks: string[] = [];
  /** How many marks there are, as last heard. */
  private marksNow = 0;
  private reading: Promise<void> | undefined;
  private started = false;
  private older = new Stretch();
  private newer = new Stretch();

  constructor(stream: Pick<EventStream, 'standing' | 'fullAlerts'>) {
    this.stream = stream;
  }

  /** Why an event is refused now, if it is. */
  private refusal({ alertId, event }: Accepted): string | undefined {
    const sources = this.full.get(alertId);
    if (sources?.has(undefined))
      return `/data/alertId ${alertId.slice(0, 60)} has ${MAX_EVENTS_OF_ALERT} events: an alert takes no more`;
    if (sources?.has(event.source))
      return `/data/alertId ${alertId.slice(0, 60)} has ${MAX_EVENTS_OF_SOURCE} events of source ${event.source.slice(0, 60)}: an alert takes no more of one`;
    return undefined;
  }

  /**
   * Lets the events of a chunk through, less those that are refused: once it is known which alerts are full, and none of its
   * alerts would have too many uncounted events.
   * @param isFree whether an event is let through whatever the numbers
   */
  async admit<T extends Accepted>(events: readonly T[], isFree: (event: T) => boolean): Promise<Admission<T>> {
    const counts = new Map<string, number>();
    let most = 0;
    for (const event of events) {
      if (isFree(event)) continue;
      const count = (counts.get(event.alertId) ?? 0) + 1;
      counts.set(event.alertId, count);
      if (count > most) most = count;
    }
    for (let waited = false; ; waited = true) {
      if (waited) await this.readStanding();
      if (!this.started || this.marksNow !== this.marks.length) await this.read();
      // From here to the end in one turn: what is let through is noted before anybody else looks.
      if (this.hasRoom(counts, most)) break;
      if (waited) await sleep(POLL_MS);
    }
    if (!this.full.size) return { admitted: events, refused: [], passage: this.pass(counts) };
    const admitted: T[] = [];
    const refused: { event: T; problem: string }[] = [];
    for (const event of events) {
      const problem = isFree(event) ? undefined : this.refusal(event);
      if (problem === undefined) {
        admitted.push(event);
        continue;
      }
      refused.push({ event, problem });
      counts.set(event.alertId, counts.get(event.alertId)! - 1);
    }
    return { admitted, refused, passage: this.pass(counts) };
  }

  private async readStanding(): Promise<void> {
    this.takeStanding(await this.stream.standing());
  }

  private pass(counts: ReadonlyMap<string, number>): Passage {
    const stretch = this.newer;
    for (const [alertId, events] of counts) {
      const count = (stretch.counts.get(alertId) ?? 0) + events;
      stretch.counts.set(alertId, count);
      if (count > stretch.most) stretch.most = count;
    }
    stretch.sending++;
    return {
      written: (id, standing) => {
        stretch.sending--;
        if (compareStreamIds(id, stretch.lastEntry) > 0) stretch.lastEntry = id;
        this.takeStanding(standing);
      },
      failed: () => {
        stretch.sending--;
      },
    };
  }

  /** @param most the largest of the counts */
  private hasRoom(counts: ReadonlyMap<string, number>, most: number): boolean {
    // Nearly always: even one alert with all the largest counts together would have room.
    if (this.older.most + this.newer.most + most <= MAX_UNCOUNTED) return true;
    for (const [alertId, events] of counts) {
      const uncounted = (this.older.counts.get(alertId) ?? 0) + (this.newer.counts.get(alertId) ?? 0);
      if (uncounted > 0 && uncounted + events > MAX_UNCOUNTED) return false;
    }
    return true;
  }

  /** Forgets what has been counted. */
  private takeStanding({ offset, backlog, marks }: Standing): void {
    this.marksNow = marks;
    const counted = ({ sending, lastEntry }: Stretch) =>
      sending === 0 && (backlog <= 0 || compareStreamIds(offset, lastEntry) >= 0);
    if (!counted(this.older)) return;
    this.older = this.newer;
    this.newer = new Stretch();
  }

  private read(): Promise<void> {
    this.reading ??= this.readMarks().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  private async readMarks(): Promise<void> {
    const { length } = this.marks;
    // The last one known is read once more: if it is not there, the marks were taken back, and all are read anew.
    let from = Math.max(0, length - 1);
    let read = await this.stream.fullAlerts(from);
    if (length > 0 && read[0] !== this.marks[length - 1]) {
      this.full.clear();
      this.marks = [];
      from = 0;
      read = await this.stream.fullAlerts(0);
    }
    for (const text of read.slice(this.marks.length - from)) {
      this.marks.push(text);
      const { alertId, source } = decodeMark(text);
      const sources = this.full.get(alertId);
      if (sources) sources.add(source);
      else this.full.set(alertId, new Set([source]));
    }
    this.marksNow = this.marks.length;
    this.started = true;
  }
}
