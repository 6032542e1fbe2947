import type { AlertRef } from '../../contract/frame.ts';
import type { RegionRow } from '../alerts/row.ts';
import type { AlertPage, AlertQuery } from './query.ts';

/** Lists of alerts, of one region or of several together. */
export interface AlertLists {
  /** A page of the alerts that match, and how many match in all. @throws QueryError naming the field that is wrong */
  query(query: AlertQuery, now: number): AlertPage;
  /** One alert; undefined if there is none, or its region is not one of those here. */
  find(ref: AlertRef): RegionRow | undefined;
  /** How many alerts have a position outside the region. */
  readonly positionsOutside: number;
  /**
   * When the alerts of a scope were put under supervision, epoch ms, in no order: of those that lie there today.
   * @throws QueryError for an unknown scope
   */
  supervisions(scope: string): number[];
  /** How many different enterprises the matching alerts are of (contract §2: by uscc, else name). */
  countEnterprises(query: AlertQuery, now: number): number;
}
