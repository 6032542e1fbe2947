import { CHANNELS, type Stage, type Verdict } from '../contract/codes.ts';
import type { WageEvent } from '../contract/events.ts';
import { DAY_MS, HOUR_MS } from '../common/regionTime.ts';
import { EventQueue } from './eventQueue.ts';
import {
  composeLife,
  drawChannel,
  drawCore,
  stepsUntil,
  toEvent,
  type LifePlan,
  type Recovery,
  type Step,
} from './life.ts';
import { raiseTimes } from './raiseTimes.ts';
import { apportion, hash, hashText, Random } from './random.ts';
import { stepTimes, stretchTo } from './stepTimes.ts';
import { buildWorld, type DemoOptions, type World } from './world.ts';

/** The history of the demonstration: three years of alerts that add up to the published totals. */

export interface HistoryOptions extends DemoOptions {
  /** The end of the history, epoch ms. */
  anchor: number;
}

/** How an alert stands at the end of the history, where it is not simply closed in its own time. */
interface Fate {
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

const CORE = hashText('core');
const LIFE = hashText('life');
const TIMES = hashText('times');
const PLAN = hashText('plan');
/** No alert of the history is open for longer. */
const OLDEST_OPEN_MS = 21 * DAY_MS;
const VERDICT: readonly Verdict[] = ['effective', 'false-alarm'];
/** Industries of the enterprises that paid. */
const PAYING = 'ECHFL';
/** So many alerts are closed in the last hour, whatever the hour. */
const JUST_CLOSED = 8;

/** CloudEvents `source` of everything the demonstration sends for a region. */
export function demoSource(region: string): string {
  return `urn:demo:${region}`;
}

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

/** `open`: still to be audited. */
function stageOf(fate: Fate | undefined): 'open' | 'audited' | 'closed' {
  return !fate || fate.stage === 'closed' ? 'closed' : fate.stage === 'audited' ? 'audited' : 'open';
}

/**
 * Who is still open at the end: those that had the least of their time to be audited, and a few that were left
 * lying past their term.
 */
function decideFates(plan: HistoryPlan, fates: Map<number, Fate>, unaudited: number): void {
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

/** Who is paid, how much, and when: some in the last days, the rest over the years. Sums are exact. */
function decideRecoveries(
  plan: HistoryPlan,
  fates: Map<number, Fate>,
  totals: ReturnType<typeof totalsAt>,
  decide: (n: number, recovery: Recovery, presence: number) => void,
): void {
  const { world, raisedAt, anchor } = plan;
  const { scenario, scale } = world;
  const random = new Random(world.seed, PLAN, 2);
  if (!totals.enterprisesPaid) return;
  const count = Math.max(totals.enterprisesPaid, Math.round(scenario.recovery.alerts * scale));

  const since = (hours: number) => lowerBound(raisedAt, anchor - hours * HOUR_MS);
  const audited = [...fates].filter(([, { stage }]) => stage === 'audited').map(([n]) => n);
  const justClosed = [...fates].filter(([, { stage }]) => stage === 'closed').map(([n]) => n);
  const closedIn = (from: number, to: number) =>
    Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i).filter((n) => !fates.has(n));
  const month = since(720);
  const pools = [audited, justClosed, closedIn(since(168), raisedAt.length), closedIn(month, since(168))];
  const wanted = [2, 1, 2, 2].map((k) => Math.min(Math.round(k * scale), Math.floor(count / 8)));
  const chosen = pools.flatMap((pool, i) => random.shuffle(pool).slice(0, wanted[i]));
  // The rest from the years before, one from each of equal parts of the list: so they follow its peaks.
  const rest = Math.min(count - chosen.length, month);
  for (let i = 0; i < rest; i++) {
    const from = Math.floor((i * month) / rest);
    const to = Math.floor(((i + 1) * month) / rest);
    chosen.push(random.int(from, to - 1));
  }

  const payers = random.shuffle(world.homes.filter((home) => PAYING.includes(world.presences[home]!.industry)).slice());
  const enterprises = payers.slice(0, totals.enterprisesPaid);
  if (enterprises.length < totals.enterprisesPaid) throw new Error('the scenario has fewer enterprises than have paid');
  if (chosen.length > totals.recoveredWorkers)
    throw new Error('the scenario has more payments than workers who were paid');
  const weights = chosen.map(() => Math.exp(0.6 * random.normal()));
  const workers = apportion(totals.recoveredWorkers - chosen.length, weights).map((share) => share + 1);
  const hundreds = apportion(
    totals.recoveredFen / 10_000,
    workers.map((people) => people * random.between(0.7, 1.4)),
  );
  random.shuffle(chosen);
  chosen.forEach((n, i) => {
    decide(n, { workers: workers[i]!, amountFen: hundreds[i]! * 10_000 }, enterprises[i % enterprises.length]!);
  });
}

/** Exactly so many false alarms among the audited: rather where the scenario expects them. */
function decideVerdicts(
  { world, raisedAt }: HistoryPlan,
  fates: Map<number, Fate>,
  recoveries: Map<number, Recovery>,
  tiers: Uint8Array,
  channels: Uint8Array,
  verdicts: Uint8Array,
  falseAlarms: number,
): void {
  const { falseAlarm } = world.scenario;
  const random = new Random(world.seed, PLAN, 3);
  const audited = new Int32Array(raisedAt.length);
  const keys = new Float64Array(raisedAt.length);
  let count = 0;
  for (let n = 0; n < raisedAt.length; n++) {
    if (recoveries.has(n) || stageOf(fates.get(n)) === 'open') continue;
    const weight = falseAlarm.tiers[world.tiers[tiers[n]!]!.tier] * (falseAlarm.channels[CHANNELS[channels[n]!]!] ?? 1);
    // Sampling without replacement by weight: the smallest exponential waiting times (Efraimidis and Spirakis).
    audited[count] = n;
    keys[count++] = -Math.log(1 - random.next()) / weight;
  }
  if (count < falseAlarms) throw new Error('the scenario has more false alarms than audited alerts');
  const limit = keys.slice(0, count).sort()[falseAlarms] ?? Infinity;
  let left = falseAlarms;
  for (let i = 0; i < count; i++) {
    const isFalse = keys[i]! < limit;
    verdicts[audited[i]!] = isFalse ? 1 : 0;
    if (isFalse) left--;
  }
  // Keys equal to the limit.
  for (let i = 0; i < count && left > 0; i++) {
    if (keys[i] === limit) {
      verdicts[audited[i]!] = 1;
      left--;
    }
  }
}

/** Index of the first that is not below. */
function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function naturalTimes({ world, raisedAt }: HistoryPlan, n: number, steps: readonly Step[]): number[] {
  return stepTimes(steps, raisedAt[n]!, world.scenario, new Random(world.seed, TIMES, n));
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
