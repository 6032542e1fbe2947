import type { EventData } from '../../contract/events.ts';
import type { AlertEventType, Platform, Stage, Verdict } from '../../contract/codes.ts';
import type { LngLat } from '../../contract/frame.ts';

/**
 * An event as the program keeps it: times in epoch ms, `data` without alertId and region, positions
 * already in CGCS2000/WGS-84 (so without `crs`).
 */
export type StoredEvent = {
  [T in AlertEventType]: {
    type: T;
    time: number;
    source: string;
    id: string;
    data: StoredData<T>;
    /** Who has made it, where that is known from inside; left out where it is not. */
    by?: EventMaker;
  };
}[AlertEventType];
/** What the program itself adds to an event: nobody can give it from outside. */
export interface EventMaker {
  /** Id of the person. */
  actor?: string;
  /** The outside platform for which it was sent (contract §2). */
  platform?: Platform;
}
type StoredData<T extends AlertEventType> = Omit<EventData[T], 'alertId' | 'region' | 'location'> &
  (EventData[T] extends { location?: unknown } ? { location?: LngLat } : unknown);

/** What is known of an alert now (contract §2, Facts): what its `raised` says but why, as amended. */
export type AlertFacts = Omit<StoredData<'wage.alert.raised'>, 'score' | 'reasons'>;

/** The state of an alert: a function of the set of its distinct events and of its region's terms. All times in epoch ms. */
export interface AlertState {
  alertId: string;
  facts: AlertFacts;
  raisedAt: number;
  stage: Stage;
  /** When the event that led into the stage happened, epoch ms, and its id. */
  stageAt: number;
  stageEvent: string;
  /** An audit has sent it back: it waits to be handled, not to be accepted. */
  returned?: true;
  verdict?: Verdict;
  /** When the verdict was given; present exactly when `verdict` is. */
  verdictAt?: number;
  recoveries: { at: number; amountFen: number; workers: number }[];
  /** Time of the last `closed`, if the stage is `closed`. */
  closedAt?: number;
  /** End of the term that runs, epoch ms; `NO_TERM` (common/termBounds.ts) where none does. */
  dueAt: number;
  /** Of the last dispatch or extension that names one, epoch ms; NaN before. */
  namedDueAt: number;
  /** It has been sent back or closed since: the one clock begins the handling anew. */
  namedBefore?: true;
  /** The position lies outside the region's box: kept, and left out of heat and map. */
  positionOutside?: true;
  /** Of the last dispatch. */
  platform?: Platform;
  unit?: string;
  /** Id of who works on it: of the last `accepted` or `assigned` since the last `dispatched`. */
  person?: string;
  /** It is open, and the last `supervised` has not been answered. */
  supervised?: true;
  /** Time of the latest event. */
  changedAt: number;
  /** Second and further `raised` events. */
  conflicts: number;
}
