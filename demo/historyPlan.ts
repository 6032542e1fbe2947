import type { Stage } from '../contract/codes.ts';
import type { LifePlan, Step } from './lifePlan.ts';
import { hashText, Random } from './random.ts';
import { stepTimes } from './stepTimes.ts';
import type { World } from './world.ts';

/** What is decided about a history before its events are made. */

/** How an alert stands at the end of the history, where it is not simply closed in its own time. */
export interface Fate {
  stage: Stage;
  /** When its last event is; else in its own time, before the anchor. */
  endsAt?: number;
}

/** What is decided over the whole history; one entry an alert, in order of their raising. */
export interface HistoryPlan {
  world: World;
  anchor: number;
  source: string;
  raisedAt: Float64Array;
  /** Alerts that are not closed at the end, ascending. */
  open: number[];
  fateOf(n: number): Fate | undefined;
  life(n: number): LifePlan;
  steps(n: number): Step[];
  alertId(n: number): string;
}

/** Streams of chance: which one decides what. */
export const TIMES = hashText('times');
export const PLAN = hashText('plan');

/** The totals of a history of this scale; those published at scale 1. */
export function totalsAt({ published }: World['scenario'], scale: number) {
  const of = (count: number) => Math.round(count * scale);
  const effective = of(published.effective);
  const falseAlarm = of(published.falseAlarm);
  const recoveredWorkers = of(published.recoveredWorkers);
  return {
    raised: Math.max(of(published.raised), effective + falseAlarm),
    effective,
    falseAlarm,
    // Whole hundreds of yuan, as payments are.
    recoveredFen: recoveredWorkers && Math.round((published.recoveredFen * scale) / 10_000) * 10_000,
    recoveredWorkers,
    enterprisesPaid: recoveredWorkers && Math.max(1, of(published.enterprisesPaid)),
  };
}

/** `open`: still to be audited. */
export function stageOf(fate: Fate | undefined): 'open' | 'audited' | 'closed' {
  return !fate || fate.stage === 'closed' ? 'closed' : fate.stage === 'audited' ? 'audited' : 'open';
}

/** Index of the first that is not below. */
export function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** When the steps of an alert would be in its own time, whole ms. */
export function naturalTimes({ world, raisedAt }: HistoryPlan, n: number, steps: readonly Step[]): number[] {
  return stepTimes(steps, raisedAt[n]!, world.scenario, new Random(world.seed, TIMES, n));
}
