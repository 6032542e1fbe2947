import type { Stage, Tier, Verdict } from '../../../contract/codes.ts';
import { subjectKey, type SubjectKey } from '../../../common/subjectKey.ts';
import { dayOf } from '../../../common/regionTime.ts';
import { effectsOf } from '../../alerts/effects.ts';
import { foldAlert, type FoldRules } from '../../alerts/fold.ts';
import type { AlertRow } from '../../alerts/row.ts';
import type { StoredEvent } from '../../alerts/state.ts';
import { gravity } from '../assess/compilePack.ts';

/** An alert as decisions need it (signals §4), whoever raised it. Times in epoch ms. */
export interface AlertMark {
  alertId: string;
  /** As it stands now. */
  tier: Tier;
  /** The gravest that it ever had: the engine never gives this or a lesser one again. */
  gravest: Tier;
  stage: Stage;
  workers: number;
  amountFen: number;
  raisedAt: number;
  /** Time of `closed`, while the stage is closed. */
  closedAt?: number | undefined;
  /** When it was found false. */
  falseAt?: number | undefined;
}

export type PackedMark = [
  alertId: string,
  tier: Tier,
  gravest: Tier,
  stage: Stage,
  workers: number,
  amountFen: number,
  raisedAt: number,
  closedAt: number,
  falseAt: number,
];

export const packMark = (mark: AlertMark): PackedMark => [
  mark.alertId,
  mark.tier,
  mark.gravest,
  mark.stage,
  mark.workers,
  mark.amountFen,
  mark.raisedAt,
  mark.closedAt ?? 0,
  mark.falseAt ?? 0,
];

export function unpackMark(packed: PackedMark): AlertMark {
  const [alertId, tier, gravest, stage, workers, amountFen, raisedAt, closedAt, falseAt] = packed;
  return {
    alertId,
    tier,
    gravest,
    stage,
    workers,
    amountFen,
    raisedAt,
    closedAt: closedAt || undefined,
    falseAt: falseAt || undefined,
  };
}

/** What the engine hears of an alert: whose it is (signals §1), and how it stands. */
export interface HeardAlert {
  key: SubjectKey;
  mark: AlertMark;
}

/** An alert as the change feed has it. */
export function alertOfRow(row: Pick<AlertRow, RowPart>): HeardAlert {
  return {
    key: keyOfFacts(row),
    mark: {
      alertId: row.alertId,
      tier: row.tier,
      gravest: row.tier,
      stage: row.stage,
      workers: row.workers,
      amountFen: row.amountFen,
      raisedAt: row.raisedAt,
      closedAt: row.stage === 'closed' ? row.closedAt : undefined,
      falseAt: falseAt(row),
    },
  };
}
type RowPart =
  | 'alertId'
  | 'tier'
  | 'stage'
  | 'workers'
  | 'amountFen'
  | 'raisedAt'
  | 'closedAt'
  | 'verdict'
  | 'verdictAt'
  | 'enterprise'
  | 'project';

/** An alert as its document has it; undefined while it is pending. */
export function alertOfDocument(alertId: string, events: StoredEvent[], rules: FoldRules): HeardAlert | undefined {
  const state = foldAlert(alertId, events, rules);
  if (!state) return undefined;
  // The fold has put the events in order.
  const effects = effectsOf(events);
  let gravest = state.facts.tier;
  let raised = false;
  for (const [i, event] of events.entries()) {
    if (!effects[i]) continue;
    const given =
      event.type === 'wage.alert.amended'
        ? event.data.tier
        : event.type === 'wage.alert.raised' && !raised
          ? event.data.tier
          : undefined;
    raised ||= event.type === 'wage.alert.raised';
    if (given !== undefined && gravity(given) < gravity(gravest)) gravest = given;
  }
  return {
    key: keyOfFacts(state.facts),
    mark: {
      alertId,
      tier: state.facts.tier,
      gravest,
      stage: state.stage,
      workers: state.facts.workers,
      amountFen: state.facts.amountFen,
      raisedAt: state.raisedAt,
      closedAt: state.stage === 'closed' ? state.closedAt : undefined,
      falseAt: falseAt(state),
    },
  };
}

/** The key of facts; an alert names its employer in any case, if only by white space. */
function keyOfFacts(facts: Pick<AlertRow, 'enterprise' | 'project'>): SubjectKey {
  return subjectKey(facts) ?? 'N:';
}

function falseAt({ verdict, verdictAt }: { verdict?: Verdict; verdictAt?: number }): number | undefined {
  return verdict === 'false-alarm' ? verdictAt : undefined;
}

/** Takes in how an alert stands now: what it once had stays known. */
export function renewMark(before: AlertMark | undefined, now: AlertMark): AlertMark {
  if (!before || gravity(now.gravest) < gravity(before.gravest)) return now;
  return { ...now, gravest: before.gravest };
}

/** Signals §4, Settle: the greatest time of `closed` among alerts that are now closed. */
export function settledAt(marks: readonly AlertMark[]): number {
  let at = -Infinity;
  for (const { stage, closedAt } of marks) if (stage === 'closed' && closedAt! > at) at = closedAt!;
  return at;
}

/** The alerts that are open, first raised first. */
export function openOf(marks: readonly AlertMark[]): AlertMark[] {
  return marks
    .filter(({ stage }) => stage !== 'closed')
    .sort((a, b) => a.raisedAt - b.raisedAt || (a.alertId < b.alertId ? -1 : 1));
}

/**
 * The first day on which a tier may be raised again after false alarms of that tier or a graver one (signals §4): until
 * `quietDays` midnights have passed since the verdict. -Infinity where nothing is quiet.
 */
export function quietUntil(marks: readonly AlertMark[], tier: Tier, quietDays: number): number {
  let until = -Infinity;
  for (const { falseAt: at, tier: found } of marks)
    if (at !== undefined && gravity(tier) >= gravity(found)) until = Math.max(until, dayOf(at) + quietDays);
  return until;
}

const OWN_ID = /^SG-\d{4}-(\d{1,15})$/;

/** The number in the id of an alert that an engine raised, else 0. */
export function numberOf(alertId: string): number {
  return Number(OWN_ID.exec(alertId)?.[1] ?? 0);
}
