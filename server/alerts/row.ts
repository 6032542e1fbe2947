import type { Channel, Industry, Stage, Tier, Verdict } from '../../contract/codes.ts';
import type { Enterprise, Project } from '../../contract/events.ts';
import type { AlertBrief, LngLat } from '../../contract/frame.ts';
import { exactTotal } from '../../common/exactSums.ts';
import { usccFault } from '../../common/identity.ts';
import { toRfc3339 } from '../../common/regionTime.ts';
import { NO_TERM } from '../../common/termBounds.ts';
import {
  EXTRA_BRIEF_FIELDS,
  EXTRA_FIELDS,
  type Covers,
  type ExtraField,
  type ExtraRow,
  type OwnField,
} from './fields.ts';
import type { AlertFacts, AlertState } from './state.ts';

/**
 * The flat form of an alert that travels on the change feed and that lists, gauges and maps are made of.
 * Times in epoch ms, money in fen, position in CGCS2000/WGS-84 degrees.
 */
export interface AlertRow extends ExtraRow {
  alertId: string;
  tier: Tier;
  town: string;
  industry: Industry;
  channel: Channel;
  stage: Stage;
  enterprise: Enterprise;
  project?: Project;
  workers: number;
  amountFen: number;
  raisedAt: number;
  /** `NO_TERM` where none runs. */
  dueAt: number;
  verdict?: Verdict;
  recoveredFen: number;
  location?: LngLat;
  /** The position lies outside the region. */
  positionOutside?: true;
  changedAt: number;
  closedAt?: number;
  /** When the verdict was given; present exactly when `verdict` is. */
  verdictAt?: number;
  /** Recoveries in order of time, as tuples to keep the feed small; left out when there are none. */
  recoveries?: RecoveryTuple[];
}
/** A row with the region that it belongs to. The feed and the table of one region have no need to repeat it. */
export interface RegionRow extends AlertRow {
  region: string;
}
/**
 * A row as it travels on the feed. Of an alert with very many events it has only the recoveries that are new: `recoveries` come
 * after the first `kept` of those that the follower has.
 */
export interface FeedRow extends AlertRow {
  kept?: number;
}
/** Epoch ms, fen, people. */
export type RecoveryTuple = [at: number, amountFen: number, workers: number];

/** The fields that row and brief name by hand: all that are `own`. */
export type RowFields = Covers<
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

export function toRow(state: AlertState): AlertRow {
  const { facts } = state;
  const row: AlertRow = {
    alertId: state.alertId,
    tier: facts.tier,
    town: facts.town,
    industry: facts.industry,
    channel: facts.channel,
    stage: state.stage,
    enterprise: facts.enterprise,
    workers: facts.workers,
    amountFen: facts.amountFen,
    raisedAt: state.raisedAt,
    dueAt: state.dueAt,
    recoveredFen: exactTotal(state.recoveries, (recovery) => recovery.amountFen),
    changedAt: state.changedAt,
  };
  if (facts.project) row.project = facts.project;
  if (facts.location) row.location = facts.location;
  if (state.positionOutside) row.positionOutside = true;
  if (state.verdict) row.verdict = state.verdict;
  if (state.closedAt !== undefined) row.closedAt = state.closedAt;
  if (state.verdictAt !== undefined) row.verdictAt = state.verdictAt;
  if (state.recoveries.length > 0) {
    row.recoveries = state.recoveries.map(({ at, amountFen, workers }): RecoveryTuple => [at, amountFen, workers]);
  }
  copyExtra(EXTRA_FIELDS, state, row);
  copyExtra(EXTRA_FIELDS, facts, row);
  return row;
}

/** Whether a term runs. */
export function hasTerm({ dueAt }: Pick<AlertRow, 'dueAt'>): boolean {
  return dueAt !== NO_TERM;
}

/** Contract §2: overdue is a running term that has ended before `now`. */
export function isOverdue({ dueAt }: Pick<AlertRow, 'dueAt'>, now: number): boolean {
  return now > dueAt;
}

/** Contract §4. */
export function toBrief(row: RegionRow, now: number): AlertBrief {
  const brief: AlertBrief = {
    region: row.region,
    alertId: row.alertId,
    tier: row.tier,
    town: row.town,
    industry: row.industry,
    channel: row.channel,
    stage: row.stage,
    enterprise: row.enterprise,
    workers: row.workers,
    amountFen: row.amountFen,
    raisedAt: toRfc3339(row.raisedAt),
    overdue: isOverdue(row, now),
    recoveredFen: row.recoveredFen,
    changedAt: toRfc3339(row.changedAt),
  };
  if (hasTerm(row)) brief.dueAt = toRfc3339(row.dueAt);
  if (row.project) brief.project = row.project;
  if (row.verdict) brief.verdict = row.verdict;
  // A position outside the region is a mistake: a map that got it would show the wrong place, or the whole Earth.
  if (row.positionOutside) brief.positionOutside = true;
  else if (row.location) brief.location = row.location;
  const fault = row.enterprise.uscc === undefined ? undefined : usccFault(row.enterprise.uscc);
  if (fault) brief.usccFault = fault;
  copyExtra(EXTRA_BRIEF_FIELDS, row, brief);
  return brief;
}

/** Copies fields that need no code of their own, where there is something in them. */
function copyExtra(names: readonly ExtraField[], from: ExtraRow | AlertFacts, to: ExtraRow): void {
  for (const name of names) copyField(name, from as ExtraRow, to);
}
function copyField<F extends ExtraField>(name: F, from: Pick<ExtraRow, F>, to: Pick<ExtraRow, F>): void {
  const value = from[name];
  if (value !== undefined) to[name] = value;
}
