import { CHANNELS, INDUSTRIES, STAGES, TIERS } from '../../contract/codes.ts';
import type { RegionRow } from '../alerts/row.ts';
import {
  channelOf,
  industryOf,
  NO_PROJECT,
  stageOf,
  tierOf,
  townOf,
  VERDICT_CODES,
  verdictOf,
} from './alertColumns.ts';
import type { AlertSlots } from './alertSlots.ts';

/** The row in a slot, as it was given, but for the list of its recoveries, which may be very long. */
export function rowWithoutRecoveries(store: AlertSlots, slot: number, alertId: string): RegionRow {
  const { columns } = store;
  const dims = columns.dims[slot]!;
  const row: RegionRow = {
    region: store.region,
    alertId,
    tier: TIERS[tierOf(dims)]!,
    town: store.towns[townOf(dims)]!,
    industry: INDUSTRIES[industryOf(dims)]!,
    channel: CHANNELS[channelOf(dims)]!,
    stage: STAGES[stageOf(dims)]!,
    enterprise: store.enterprises.values[columns.enterprise[slot]!]!,
    workers: columns.workers[slot]!,
    amountFen: columns.amountFen[slot]!,
    raisedAt: columns.raisedAt[slot]!,
    dueAt: columns.dueAt[slot]!,
    recoveredFen: 0,
    changedAt: columns.changedAt[slot]!,
  };
  const project = columns.project[slot]!;
  if (project !== NO_PROJECT) row.project = store.projects.values[project]!;
  const lng = columns.lng[slot]!;
  if (lng === lng) row.location = { lng, lat: columns.lat[slot]! };
  if (store.sets.outside.has(slot)) row.positionOutside = true;
  const verdict = verdictOf(dims);
  if (verdict > 0) row.verdict = VERDICT_CODES[verdict - 1]!;
  const closedAt = columns.closedAt[slot]!;
  if (closedAt === closedAt) row.closedAt = closedAt;
  const verdictAt = columns.verdictAt[slot]!;
  if (verdictAt === verdictAt) row.verdictAt = verdictAt;
  row.recoveredFen = store.recoveredFen(slot);
  store.extras.read(slot, row);
  return row;
}
