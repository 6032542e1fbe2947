import { MAX_EVENTS_OF_ALERT, MAX_EVENTS_OF_SOURCE } from '../../../contract/alertLimits.ts';
import { encodeDocument, encodeLongHead, extendDocument } from '../../alerts/document.ts';
import type { FoldRules } from '../../alerts/fold.ts';
import { LongFold } from '../../alerts/longFold.ts';
import type { AlertState, StoredEvent } from '../../alerts/state.ts';
import type { FullMark } from '../fullAlerts.ts';

/** An alert with more events is kept as a long one: its document in parts, its fold from the middle. */
export const LONG_EVENTS = 128;
/** Events of a part, about: so many are written again with each further one. */
const PART_EVENTS = 64;

/** What is to be written of a long alert. */
export interface LongWrite {
  /** The head of its document, if it is new. */
  head?: string;
  /** Parts by field (documentParts.lua), and their number if it has changed. */
  parts: (readonly [field: string, text: string])[];
}

/** What an alert's events before and after have added up to, and which recoveries are new. */
export interface LongChange {
  before: AlertState | undefined;
  after: AlertState | undefined;
  /** Recoveries before these events, and those among them. */
  kept: number;
  recoveries: AlertState['recoveries'];
  /** The recoveries before were others (longFold.ts): then each state has all of its own. */
  moved: boolean;
}

/**
 * A long alert in the worker's memory. Unlike a short one it is changed in place: the work of a batch is that of its events,
 * however many there are. If a commit fails, it is dropped with all that is cached.
 */
export class LongAlert {
  readonly alertId: string;
  readonly fold: LongFold;
  /** How many parts are stored; undefined while the document is stored in one piece. */
  private parts: number | undefined;
  /** The last part, as far as this process has written it. */
  private tail = '';
  private tailEvents = 0;
  private readonly bySource = new Map<string, number>();
  private marks: FullMark[] = [];

  constructor(alertId: string, rules: FoldRules, parts?: number) {
    this.alertId = alertId;
    this.fold = new LongFold(alertId, rules);
    this.parts = parts;
  }

  get events(): readonly StoredEvent[] {
    return this.fold.events;
  }

  get state(): AlertState | undefined {
    return this.fold.state;
  }

  /** Takes in distinct events. */
  add(added: readonly StoredEvent[], rules: FoldRules): LongChange {
    const { fold } = this;
    const before = fold.state && { ...fold.state, recoveries: fold.recoveries };
    const kept = fold.recoveries.length;
    const events = fold.events.length;
    fold.add(added, rules);
    this.countSources(events, added);
    const moved = fold.recoveriesMove;
    // The list that it has may have grown meanwhile.
    if (moved && before) before.recoveries = before.recoveries.slice(0, kept);
    return { before, after: fold.state, kept, recoveries: fold.recoveries.slice(kept), moved };
  }

  /** What is to be written after events have been added. */
  write(added: readonly StoredEvent[]): LongWrite {
    if (this.parts === undefined) {
      this.parts = 0;
      return { head: encodeLongHead(this.fold.events), parts: [] };
    }
    const parts: LongWrite['parts'] = [];
    if (this.tailEvents === 0 || this.tailEvents >= PART_EVENTS) {
      this.tail = encodeDocument(added);
      this.tailEvents = added.length;
      this.parts++;
      parts.push([`#${this.alertId}`, String(this.parts)]);
    } else {
      this.tail = extendDocument(this.tail, added);
      this.tailEvents += added.length;
    }
    parts.push([`${this.parts - 1}#${this.alertId}`, this.tail]);
    return { parts };
  }

  /** Marks that it has got since they were last taken: it takes no more events. */
  takeMarks(): FullMark[] {
    const { marks } = this;
    if (marks.length) this.marks = [];
    return marks;
  }

  private countSources(before: number, added: readonly StoredEvent[]): void {
    const { alertId, bySource } = this;
    let all = before;
    for (const { source } of added) {
      const events = (bySource.get(source) ?? 0) + 1;
      bySource.set(source, events);
      if (events === MAX_EVENTS_OF_SOURCE) this.marks.push({ alertId, source });
      if (++all === MAX_EVENTS_OF_ALERT) this.marks.push({ alertId });
    }
  }
}
