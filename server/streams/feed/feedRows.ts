import { ChangeVersionError, decodeChange } from '../../aggregations/change.ts';
import type { FeedRow } from '../../alerts/row.ts';

/** The alerts of an entry of the change feed as they stood then; undefined for one that another version has written. */
export function feedRows(payload: string): FeedRow[] | undefined {
  try {
    return decodeChange(payload).rows;
  } catch (error) {
    if (error instanceof ChangeVersionError) return undefined;
    throw error;
  }
}
