import type { EventData } from '../../contract/events.ts';
import type { AlertEventType, Platform, SpokenPlatform, Stage, Verdict } from '../../contract/codes.ts';
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
  platform?: SpokenPlatform;
  /**
   * What the region's pack called the unit of `other:…` then (zh-CN): dispatches name a unit by its code or its name. It is kept with the
   * event, so that an alert stays a function of its events: figures were counted by it, whatever a pack says later.
   */
  platformname?: string;
}
type StoredData<T extends AlertEventType> = Omit<EventData[T], 'alertId' | 'region' | 'location'> &
  (EventData[T] extends { location?: unknown } ? { location?: LngLat } : unknown);

/** What is known of an alert now (contract §2, Facts): what its `raised` says but why, as amended. */
export type AlertFacts = Omit<StoredData<'wage.alert.raised'>, 'score' | 'reasons'>;

/**
 * A unit's turn with an alert: since when it has it, and since when it works on it. Turns follow each other while an alert is handed on
 * before it is handled; whoever gets it back goes on with the terms that they had (docs/casework.md §3). Never changed: states share them.
 */
export interface Turn {
  platform?: string;
  unit?: string;
  /** The unit as names are compared: turns are compared again and again. */
  name?: string;
  /** When it was sent there, epoch ms. */
  sentAt: number;
  /** When it was accepted there, or an audit sent it back; NaN before. */
  handlingAt: number;
  /** The turn before it. */
  before?: Turn;
}

/** The state of an alert: a function of the set of its distinct events and of its region's terms. All times in epoch ms. */
export interface AlertState {
  alertId: string;
  facts: AlertFacts;
  raisedAt: number;
  stage: Stage;
  /** When the event that led into the stage happened, epoch ms, with its id and source. */
  stageAt: number;
  stageEvent: string;
  stageSource: string;
  /** An audit has sent it back: it waits to be handled, not to be accepted. */
  returned?: true;
  /** Since when the term of the stage runs, epoch ms: `stageAt`, or earlier where a unit has got the alert back. */
  termFrom: number;
  /** It is back with a unit that had accepted it: the term of handling runs on. */
  takenUp?: true;
  /** Whose turn it is, and was before, while it is handed on; only until the fold is finished. */
  turn?: Turn;
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
  /** The times of its `supervised`, the latest ones (supervisedTimes.ts). */
  supervisions?: string;
  /** Time of the latest event. */
  changedAt: number;
  /** Second and further `raised` events. */
  conflicts: number;
}
