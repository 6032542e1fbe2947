import type { Stage } from '../contract/codes.ts';
import { DAY_MS, HOUR_MS } from '../common/regionTime.ts';
import { lowerBound, naturalTimes, PLAN, type Fate, type HistoryPlan } from './historyPlan.ts';
import { stepsUntil } from './life.ts';
import { apportion, Random } from './random.ts';

/** No alert of the history is open for longer. */
const OLDEST_OPEN_MS = 21 * DAY_MS;
/** So many alerts are closed in the last hour, whatever the hour. */
const JUST_CLOSED = 8;

/**
 * Who is still open at the end: those that had the least of their time to be audited, and a few that were left
 * lying past their term.
 */
export function decideFates(plan: HistoryPlan, fates: Map<number, Fate>, unaudited: number): void {
  const { world, raisedAt, anchor } = plan;
  const { open } = world.scenario;
  const random = new Random(world.seed, PLAN, anchor);
  const firstRecent = lowerBound(raisedAt, anchor - OLDEST_OPEN_MS);

  const lateStages = open.overdue.dispatched + open.overdue.accepted;
  const stageTotal =
    lateStages + open.stages.raised + open.stages.dispatched + open.stages.accepted + open.stages.handled;
  const [raised, dispatched, accepted, handled, lateDispatched, lateAccepted] = apportion(unaudited, [
    ...Object.values(open.stages),
    open.overdue.dispatched,
    open.overdue.accepted,
  ]) as [number, number, number, number, number, number];
  if (!(stageTotal > 0)) throw new Error('the scenario leaves no stage for open alerts');

  const late = latecomers(plan, firstRecent, lateDispatched + lateAccepted, random);
  late.forEach((n, i) => fates.set(n, { stage: i < lateDispatched ? 'dispatched' : 'accepted' }));

  const progress: { n: number; done: number }[] = [];
  for (let n = firstRecent; n < raisedAt.length; n++) {
    if (fates.has(n)) continue;
    const steps = plan.steps(n);
    const times = naturalTimes(plan, n, steps);
    const audited = times[stepsUntil(steps, 'handled')]!;
    progress.push({ n, done: (anchor - raisedAt[n]!) / (audited - raisedAt[n]!) });
  }
  progress.sort((a, b) => a.done - b.done || a.n - b.n);
  // Of the late stages that found nobody old enough, the youngest take the place: the number of open alerts is exact.
  const missing = lateDispatched + lateAccepted - late.length;
  const stages: [Stage, number][] = [
    ['raised', raised],
    ['dispatched', dispatched],
    ['accepted', accepted + missing],
    ['handled', handled],
    ['audited', Math.round(open.auditedNotClosed * world.scale)],
    ['closed', Math.round(JUST_CLOSED * world.scale)],
  ];
  let next = 0;
  for (const [stage, count] of stages) {
    for (let i = 0; i < count; i++) {
      const n = progress[next++]?.n;
      if (n === undefined) throw new Error('the scenario has more open alerts than recent ones');
      const age = anchor - raisedAt[n]!;
      if (stage === 'audited')
        fates.set(n, { stage, endsAt: anchor - random.between(0.02, 0.9) * Math.min(2 * HOUR_MS, age) });
      else if (stage === 'closed')
        fates.set(n, { stage, endsAt: anchor - random.between(0.02, 0.8) * Math.min(HOUR_MS, age) });
      else fates.set(n, { stage });
    }
  }
}

/** Alerts past their term, of all tiers, by some hours up to some days. */
function latecomers(
  { world, raisedAt, anchor, life }: HistoryPlan,
  firstRecent: number,
  count: number,
  random: Random,
): number[] {
  const pool: number[][] = world.tiers.map(() => []);
  for (let n = firstRecent; n < raisedAt.length; n++) {
    const { tier } = life(n).core;
    const past = anchor - raisedAt[n]! - world.tiers[tier]!.termMs;
    if (past > 6 * HOUR_MS && past < 4 * DAY_MS) pool[tier]!.push(n);
  }
  for (const list of pool) random.shuffle(list);
  const chosen: number[] = [];
  for (let round = 0; chosen.length < count && pool.some((list) => list.length); round++) {
    const n = pool[round % pool.length]!.pop();
    if (n !== undefined) chosen.push(n);
  }
  return chosen;
}
