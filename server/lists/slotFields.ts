import type { Covers, OwnField } from '../alerts/fields.ts';
import type { RecoveryTuple } from '../alerts/row.ts';
import { NO_PROJECT } from './alertColumns.ts';

export const NO_RECOVERIES: readonly RecoveryTuple[] = [];

/**
 * A row in the terms of the columns: numbers all, so that filling slots is fast whatever shape rows come in. Fields that
 * need no code of their own are written apart (`extras`).
 */
export class SlotFields {
  dims = 0;
  enterprise = 0;
  project = NO_PROJECT;
  workers = 0;
  amountFen = 0;
  raisedAt = 0;
  dueAt = 0;
  changedAt = 0;
  closedAt = NaN;
  verdictAt = NaN;
  lng = NaN;
  lat = NaN;
  positionOutside = false;
  recoveries: readonly RecoveryTuple[] = NO_RECOVERIES;
  recoveredFen = 0;
}

/** The fields that the table and its chunks name by hand: all that are `own`. */
export type StoredFields = Covers<
  OwnField,
  | 'alertId'
  | 'tier'
  | 'town'
  | 'industry'
  | 'channel'
  | 'stage'
  | 'enterprise'
  | 'project'
  | 'workers'
  | 'amountFen'
  | 'raisedAt'
  | 'dueAt'
  | 'verdict'
  | 'recoveredFen'
  | 'location'
  | 'positionOutside'
  | 'changedAt'
  | 'closedAt'
  | 'verdictAt'
  | 'recoveries'
>;
