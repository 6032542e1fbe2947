import { demoSource } from './facts.ts';
import { CHANNELS, type Verdict } from '../contract/codes.ts';
import type { WageEvent } from '../contract/events.ts';
import { HOUR_MS } from '../common/regionTime.ts';
import { EventQueue } from './eventQueue.ts';
import { decideFates } from './historyFates.ts';
import { decideRecoveries, decideVerdicts } from './historyOutcomes.ts';
import { naturalTimes, PLAN, stageOf, TIMES, totalsAt, type Fate, type HistoryPlan } from './historyPlan.ts';
import { composeLife, drawChannel, drawCore, stepsUntil, toEvent } from './life.ts';
import type { Recovery, Step } from './lifePlan.ts';
import { raiseTimes } from './raiseTimes.ts';
import { hash, hashText, Random } from './random.ts';
import { stretchTo } from './stepTimes.ts';
import { buildWorld, type DemoOptions } from './world.ts';

/** The history of the demonstration: three years of alerts that add up to the published totals. */

export interface HistoryOptions extends DemoOptions {
  /** The end of the history, epoch ms. */
  anchor: number;
}

const CORE = hashText('core');
const LIFE = hashText('life');
const VERDICT: readonly Verdict[] = ['effective', 'false-alarm'];

/**
 * `YJ` and the number of the alert since the beginning, then three characters that tell one load from another:
 * a second history in the same database must not be taken for amendments of the first.
 */
export function alertIds({ pack, seed, anchor, scale = 1 }: HistoryOptions): (n: number) => string {
  const tag = (hash(hashText(pack.code), seed, anchor, scale * 1000) % 31 ** 3)
    .toString(31)
    .toUpperCase()
    .padStart(3, '0');
  return (n) => `YJ${String(n + 1).padStart(7, '0')}-${tag}`;
}

/** Decides when what is raised, how it ends and who is paid. Takes memory of about 20 bytes an alert. */
export function planHistory(options: HistoryOptions): HistoryPlan {
  const world = buildWorld(options);
  const { scenario, scale, seed } = world;
  const { anchor } = options;
  const totals = totalsAt(scenario, scale);
  const count = totals.raised;

  const recent = scenario.recent.map(({ alerts }) => Math.round(alerts * scale)).reverse();
  const older = count - recent.reduce((a, b) => a + b, 0);
  if (older < 0) throw new Error('the scenario has more recent alerts than alerts');
  const raisedAt = raiseTimes(scenario, anchor, seed, [older, ...recent]);

  const tiers = new Uint8Array(count);
  const presences = new Int32Array(count);
  const channels = new Uint8Array(count);
  const verdicts = new Uint8Array(count);
  const random = new Random();
  for (let n = 0; n < count; n++) {
    const core = drawCore(world, random.reseed(seed, CORE, n));
    tiers[n] = core.tier;
    presences[n] = core.presence;
    channels[n] = CHANNELS.indexOf(core.channel);
    verdicts[n] = random.chance(scenario.feed.falseAlarmShare) ? 1 : 0;
  }

  const recoveries = new Map<number, Recovery>();
  const fates = new Map<number, Fate>();
  const alertId = alertIds(options);
  const plan: HistoryPlan = {
    world,
    anchor,
    source: demoSource(world.pack.code),
    raisedAt,
    open: [],
    alertId,
    fateOf: (n) => fates.get(n),
    life: (n) => {
      const recovery =
        recoveries.get(n) ?? (stageOf(fates.get(n)) === 'open' ? scenario.feed.recoveryShare : undefined);
      return {
        alertId: alertId(n),
        core: { tier: tiers[n]!, presence: presences[n]!, channel: CHANNELS[channels[n]!]! },
        verdict: VERDICT[verdicts[n]!]!,
        ...(recovery !== undefined && { recovery }),
      };
    },
    steps: (n) => composeLife(world, random.reseed(seed, LIFE, n), plan.life(n)),
  };

  decideFates(plan, fates, totals.raised - totals.effective - totals.falseAlarm);
  decideRecoveries(plan, fates, totals, (n, recovery, presence) => {
    recoveries.set(n, recovery);
    presences[n] = presence;
    channels[n] = CHANNELS.indexOf(drawChannel(world, random.reseed(seed, PLAN, n), presence));
    verdicts[n] = 0;
  });
  decideVerdicts(plan, fates, recoveries, tiers, channels, verdicts, totals.falseAlarm);
  plan.open = [...fates]
    .filter(([, { stage }]) => stage !== 'closed')
    .map(([n]) => n)
    .sort((a, b) => a - b);
  return plan;
}

/** The steps of an alert that have happened by the end of the history, with their times (whole ms, ascending). */
export function pastOf(plan: HistoryPlan, n: number): { steps: Step[]; times: number[] } {
  const all = plan.steps(n);
  const fate = plan.fateOf(n);
  const stage = fate?.stage ?? 'closed';
  const steps = stage === 'closed' ? all : all.slice(0, stepsUntil(all, stage));
  const times = naturalTimes(plan, n, all).slice(0, steps.length);
  if (fate?.endsAt !== undefined) return { steps, times: stretchTo(times, fate.endsAt) };
  if (times.at(-1)! <= plan.anchor) return { steps, times };
  // Its own time would take it past the end: drawn together, but not all to the same hour.
  const age = plan.anchor - plan.raisedAt[n]!;
  const back =
    new Random(plan.world.seed, TIMES, n, 1).between(0.02, 0.6) *
    Math.min(age, (stage === 'closed' ? 36 : 12) * HOUR_MS);
  return { steps, times: stretchTo(times, plan.anchor - back) };
}

/**
 * Every event of the history, by time. Pure: the same options give the same events.
 * Keeps in memory only the alerts that are open at the moment it has come to.
 */
export function generateHistory(options: HistoryOptions): Generator<WageEvent, void, undefined> {
  return historyEvents(planHistory(options));
}

/** As `generateHistory`, from a plan that is there already. */
export function* historyEvents(plan: HistoryPlan): Generator<WageEvent, void, undefined> {
  const queue = new EventQueue<{ step: Step; k: number; time: number }>();
  for (let n = 0; n < plan.raisedAt.length; n++) {
    yield* due(queue, plan.raisedAt[n]!, plan.source);
    const { steps, times } = pastOf(plan, n);
    steps.forEach((step, k) => queue.push(times[k]!, { step, k, time: times[k]! }));
  }
  yield* due(queue, Infinity, plan.source);
}

function* due(
  queue: EventQueue<{ step: Step; k: number; time: number }>,
  until: number,
  source: string,
): Generator<WageEvent, void, undefined> {
  while (queue.nextKey < until) {
    const { step, k, time } = queue.pop()!;
    yield toEvent(step, k, source, time);
  }
}
