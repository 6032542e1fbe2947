import {
  applyEvent,
  compareEvents,
  finishState,
  foldAlert,
  startState,
  type RaisedEvent,
  type FoldRules,
  type UnfinishedState,
} from './fold.ts';
import type { AlertState, StoredEvent } from './state.ts';

/** Events between two states that are kept. */
const EVERY = 128;

/**
 * The fold of an alert with very many events: what `foldAlert` gives, but a further event is applied to the state kept last
 * before it, and so costs what lies behind it in order, not the whole life of the alert.
 */
export class LongFold {
  readonly alertId: string;
  /** In the order of contract §2. */
  readonly events: StoredEvent[] = [];
  /** Those that count: in the order in which they came, but once a platform has sent one, in the order of contract §2. */
  recoveries: AlertState['recoveries'] = [];
  /** undefined while the alert is pending. Its `recoveries` are those above, also of later events. */
  state: AlertState | undefined;
  private rules: FoldRules;
  private first: RaisedEvent | undefined;
  /** The states before every 128th event, without recoveries. */
  private kept: UnfinishedState[] = [];
  private recovered = 0n;
  /** An outside platform has sent a recovery: whether it counts depends on what lies before it, also on what comes later. */
  private marked = false;

  constructor(alertId: string, rules: FoldRules) {
    this.alertId = alertId;
    this.rules = rules;
  }

  /** The sum of all recoveries, fen: exact to 2⁵³, beyond it the nearest number. */
  get recoveredFen(): number {
    return Number(this.recovered);
  }

  /** Whether `recoveries` is another list after each event, not the one before with more at its end. */
  get recoveriesMove(): boolean {
    return this.marked;
  }

  /** Takes in further distinct events, in any order. @param rules of the region, as they are now */
  add(added: readonly StoredEvent[], rules: FoldRules = this.rules): void {
    this.rules = rules;
    let from = this.events.length;
    for (const event of added) {
      from = Math.min(from, this.insert(event));
      if (event.type === 'wage.alert.raised' && (!this.first || compareEvents(event, this.first) < 0)) {
        this.first = event;
        this.kept = [];
      } else if (event.type === 'wage.wages.recovered') {
        const { amountFen, workers } = event.data;
        this.marked ||= event.by?.platform !== undefined;
        this.recoveries.push({ at: event.time, amountFen, workers });
        this.recovered += BigInt(amountFen);
      }
    }
    if (!this.first) return;
    if (this.marked) this.foldWhole();
    else this.state = this.foldFrom(this.first, from);
  }

  private foldWhole(): void {
    this.state = foldAlert(this.alertId, this.events, this.rules)!;
    this.recoveries = this.state.recoveries;
    this.recovered = this.recoveries.reduce((sum, { amountFen }) => sum + BigInt(amountFen), 0n);
  }

  /** @returns where it is now */
  private insert(event: StoredEvent): number {
    const { events } = this;
    let low = 0;
    let high = events.length;
    if (high > 0 && compareEvents(events[high - 1]!, event) < 0) low = high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareEvents(events[middle]!, event) < 0) low = middle + 1;
      else high = middle;
    }
    if (low === events.length) events.push(event);
    else events.splice(low, 0, event);
    return low;
  }

  private foldFrom(first: RaisedEvent, from: number): AlertState {
    const { events } = this;
    if (!this.kept.length) this.kept.push(startState(this.alertId, first));
    const start = Math.min(Math.floor(from / EVERY), this.kept.length - 1);
    this.kept.length = start + 1;
    const state = copyOf(this.kept[start]!);
    for (let i = start * EVERY; i < events.length; i++) {
      if (i === this.kept.length * EVERY) this.kept.push(copyOf(state));
      const event = events[i]!;
      // Those are added up apart: they change nothing else.
      if (event.type !== 'wage.wages.recovered') applyEvent(state, event);
    }
    state.recoveries = this.recoveries;
    return finishState(state, events[events.length - 1]!.time, this.rules);
  }
}

function copyOf(state: UnfinishedState): UnfinishedState {
  return { ...state, facts: { ...state.facts }, recoveries: [] };
}
