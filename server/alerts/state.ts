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
  };
}[AlertEventType];
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
  verdict?: Verdict;
  /** When the verdict was given; present exactly when `verdict` is. */
  verdictAt?: number;
  recoveries: { at: number; amountFen: number; workers: number }[];
  /** Time of the last `closed`, if the stage is `closed`. */
  closedAt?: number;
  /** End of the term: of the last dispatch that names one, else the tier's default from the first `raised`. */
  dueAt: number;
  /** The position lies outside the region's box: kept, and left out of heat and map. */
  positionOutside?: true;
  /** Of the last dispatch. */
  platform?: Platform;
  unit?: string;
  /** Time of the latest event. */
  changedAt: number;
  /** Second and further `raised` events. */
  conflicts: number;
}
