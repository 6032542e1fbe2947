import type { AlertEventType, AuditVerdict, Channel, Stage, Tier, Verdict } from '../contract/codes.ts';
import type { EventData, Project, Reason, WageEvent } from '../contract/events.ts';
import { toRfc3339 } from '../common/regionTime.ts';
import type { LngLat } from '../contract/frame.ts';
import { phrases, type Phrase, type PhraseWords } from './phrase.ts';
import type { Random } from './random.ts';
import type { Texts } from './scenario.ts';
import { rounded } from './shape.ts';
import type { Presence, World } from './world.ts';

/** The life of one alert, from raised to closed, as steps without times: history and feed give it theirs. */

/** What is drawn first; the rest of a life follows from it. */
export interface Core {
  tier: number;
  presence: number;
  channel: Channel;
}
export interface Recovery {
  workers: number;
  amountFen: number;
}

/** What a step waits for after the one before it. */
export type Wait = 'raise' | 'amend' | 'dispatch' | 'accept' | 'handle' | 'audit' | 'recover' | 'close';
export type Step = {
  [T in AlertEventType]: {
    type: T;
    wait: Wait;
    /** The tier at this step: graver alerts are handled faster. */
    tier: Tier;
    data: EventData[T];
    /** A dispatch's term, ms: `dueAt` is so long after it. */
    termMs?: number;
  };
}[AlertEventType];

export interface LifePlan {
  alertId: string;
  core: Core;
  verdict: Verdict;
  /** What is paid in the end, or with which chance something is. */
  recovery?: Recovery | number;
}

/** Beyond this many workers, a payment is not left to chance. */
const MAX_CHANCE_WORKERS = 14;

export function drawCore(world: World, random: Random, tier = world.tierTable.pick(random)): Core {
  const { presences } = world.cells.pick(random);
  // The power makes the first of a list come back often: repeat offenders.
  const presence = presences[Math.floor(presences.length * random.next() ** 2.2)]!;
  return { tier, presence, channel: drawChannel(world, random, presence) };
}

export function drawChannel(world: World, random: Random, presence: number): Channel {
  return world.channels.get(world.presences[presence]!.industry)!.pick(random);
}

/** Every step of an alert's life. The same world, plan and stream of chance give the same life. */
export function composeLife(world: World, random: Random, plan: LifePlan): Step[] {
  const { scenario, pack } = world;
  const words = wordsOf(world.texts);
  const presence = world.presences[plan.core.presence]!;
  const { town, industry, enterprise } = presence;
  const raisedTerms = world.tiers[plan.core.tier]!;
  const facts = drawFacts(world, random, plan, presence, raisedTerms.tier);
  const neighbours = world.neighbours.get(town.code)!;

  const upgrades = plan.core.tier > 0 && random.chance(scenario.amendments.upgrade);
  const corrected = !facts.recovery && random.chance(scenario.amendments.amount);
  const moved = neighbours.length > 0 && random.chance(scenario.amendments.town);
  const returned = random.chance(scenario.returned);
  const finalTerms = upgrades ? world.tiers[plan.core.tier - 1]! : raisedTerms;
  // A graver tier that belongs to another platform must be known before the alert is handed to one.
  const upgradedFirst = upgrades && finalTerms.platform !== raisedTerms.platform;
  const sending = upgradedFirst ? finalTerms : raisedTerms;
  const say: PhraseWords = { town: town.name['zh-CN'], district: world.district, workers: facts.workers };

  const first = corrected ? distorted(random, facts) : facts;
  const { alertId } = plan;
  const region = pack.code;
  const steps: Step[] = [];
  const raised: EventData['wage.alert.raised'] = {
    alertId,
    region,
    tier: raisedTerms.tier,
    town: (moved ? random.pick(neighbours) : town).code,
    industry,
    channel: plan.core.channel,
    enterprise,
    workers: first.workers,
    amountFen: first.amountFen,
    arrearsDays: facts.arrearsDays,
    location: facts.location,
    score: facts.score,
    reasons: facts.reasons,
  };
  if (facts.project) raised.project = facts.project;
  steps.push({ type: 'wage.alert.raised', wait: 'raise', tier: raisedTerms.tier, data: raised });
  const amend = (data: EventData['wage.alert.amended'], reasons: Phrase[]) => {
    data.reason = random.pick(reasons).say(random, say);
    steps.push({ type: 'wage.alert.amended', wait: 'amend', tier: finalTerms.tier, data });
  };
  if (upgradedFirst) amend({ alertId, region, tier: finalTerms.tier }, words.amendments.upgrade);
  const unit = random.pick(words.units(sending.platform, industry)).say(random, say);
  steps.push({
    type: 'wage.alert.dispatched',
    wait: 'dispatch',
    tier: sending.tier,
    termMs: sending.termMs,
    data: { alertId, region, platform: sending.platform, unit },
  });
  if (upgrades && !upgradedFirst) amend({ alertId, region, tier: finalTerms.tier }, words.amendments.upgrade);
  const tier = finalTerms.tier;
  const accept = () =>
    steps.push({ type: 'wage.alert.accepted', wait: 'accept', tier, data: { alertId, region, unit } });
  const handle = () => {
    const data: EventData['wage.alert.handled'] = {
      alertId,
      region,
      outcome: random.pick(words.outcomes(plan.verdict, industry)).say(random, say),
    };
    if (random.chance(0.6)) data.note = random.pick(words.notes).say(random, say);
    steps.push({ type: 'wage.alert.handled', wait: 'handle', tier, data });
  };
  const audit = (verdict: AuditVerdict) =>
    steps.push({ type: 'wage.alert.audited', wait: 'audit', tier, data: { alertId, region, verdict } });
  accept();
  if (moved) amend({ alertId, region, town: town.code }, words.amendments.town);
  if (corrected)
    amend(
      { alertId, region, workers: facts.workers, amountFen: facts.amountFen },
      facts.amountFen > first.amountFen ? words.amendments.more : words.amendments.less,
    );
  handle();
  if (returned) {
    audit('returned');
    accept();
    handle();
  }
  audit(plan.verdict);
  if (facts.recovery) {
    for (const { workers, amountFen } of instalments(world, random, facts.recovery)) {
      steps.push({
        type: 'wage.wages.recovered',
        wait: 'recover',
        tier,
        data: { alertId, region, amountFen, workers },
      });
    }
  }
  const resolution = facts.recovery ? words.resolutions.recovered : words.resolutions[plan.verdict];
  steps.push({
    type: 'wage.alert.closed',
    wait: 'close',
    tier,
    data: { alertId, region, resolution: random.pick(resolution).say(random, say) },
  });
  return steps;
}

/** How many steps of a life have happened when it stands in this stage (of a returned life: for the second time). */
export function stepsUntil(steps: readonly Step[], stage: Exclude<Stage, 'closed'>): number {
  const next = (
    {
      raised: 'wage.alert.dispatched',
      dispatched: 'wage.alert.accepted',
      accepted: 'wage.alert.handled',
      handled: 'wage.alert.audited',
      audited: 'wage.alert.closed',
    } as const
  )[stage];
  return steps.findLastIndex(({ type }) => type === next);
}

/** The event of a step that happens at `time` (epoch ms). @param termScale how much faster than life terms run out */
export function toEvent(step: Step, n: number, source: string, time: number, termScale = 1): WageEvent {
  let { data } = step;
  if (step.type === 'wage.alert.dispatched' && step.termMs !== undefined) {
    const { alertId, region, platform, unit } = step.data;
    data = { alertId, region, platform, unit, dueAt: toRfc3339(Math.round(time + step.termMs / termScale)) };
  }
  // Type and data belong together, which the compiler cannot follow through the union.
  return {
    specversion: '1.0',
    id: `${data.alertId}-${n + 1}`,
    source,
    type: step.type,
    time: toRfc3339(time),
    data,
  } as WageEvent;
}

interface Facts {
  workers: number;
  amountFen: number;
  arrearsDays: number;
  score: number;
  location: LngLat;
  reasons: Reason[];
  project?: Project;
  recovery?: Recovery;
}

function drawFacts(world: World, random: Random, plan: LifePlan, presence: Presence, tier: Tier): Facts {
  const { scenario } = world;
  const { workers: median, spread, max } = scenario.size[tier];
  const site = random.pick(presence.sites);
  const monthlyFen = 100 * (scenario.monthlyYuan[presence.industry] ?? scenario.monthlyYuan.default!);
  let workers = Math.min(max, Math.max(1, Math.round(median * Math.exp(spread * random.normal()))));
  let arrearsDays = days(scenario.arrearsDays[tier] * Math.exp(0.4 * random.normal()));
  let amountFen = roundFen(random, workers * monthlyFen * (arrearsDays / 30) * Math.exp(0.15 * random.normal()));
  const partial = random.chance(scenario.recovery.partialShare);
  const more = random.between(1.08, 1.5);
  let recovery: Recovery | undefined;
  if (typeof plan.recovery === 'number') {
    if (random.chance(plan.recovery) && plan.verdict === 'effective' && workers <= MAX_CHANCE_WORKERS) {
      recovery = partial
        ? { workers: Math.ceil(workers / more), amountFen: Math.floor(amountFen / more / 100) * 100 }
        : { workers, amountFen };
    }
  } else if (plan.recovery) {
    recovery = plan.recovery;
    workers = partial ? Math.ceil(recovery.workers * more) : recovery.workers;
    amountFen = partial ? Math.round((recovery.amountFen * more) / 10_000) * 10_000 : recovery.amountFen;
    arrearsDays = days((30 * amountFen) / (workers * monthlyFen));
  }
  const [low, high] = scenario.scores[tier];
  const score = random.int(low, high);
  const facts: Facts = {
    workers,
    amountFen,
    arrearsDays,
    score,
    location: rounded({
      lng: site.location.lng + random.between(-2e-4, 2e-4),
      lat: site.location.lat + random.between(-2e-4, 2e-4),
    }),
    reasons: drawReasons(world, random, plan.core, presence, workers, score),
  };
  if (site.project && random.chance(0.88)) facts.project = site.project;
  if (recovery) facts.recovery = recovery;
  return facts;
}

function days(n: number): number {
  return Math.min(365, Math.max(5, Math.round(n)));
}

/** Mostly to the hundred yuan, as people declare it; else to the yuan. */
function roundFen(random: Random, fen: number): number {
  const unit = random.chance(0.7) ? 10_000 : 100;
  return Math.max(unit, Math.round(fen / unit) * unit);
}

/** What was first reported, before it was set right. */
function distorted(random: Random, facts: Facts): { workers: number; amountFen: number } {
  const factor = random.chance(0.6) ? random.between(0.6, 0.9) : random.between(1.1, 1.4);
  return {
    workers: Math.max(1, Math.round(facts.workers * factor)),
    amountFen: Math.max(10_000, Math.round((facts.amountFen * factor) / 10_000) * 10_000),
  };
}

/** One to four signals; their weights add up to the score. */
function drawReasons(
  world: World,
  random: Random,
  core: Core,
  presence: Presence,
  workers: number,
  score: number,
): Reason[] {
  const words = wordsOf(world.texts);
  const channels = [core.channel];
  const wanted = 1 + Math.floor(random.next() ** 1.5 * 3.99);
  for (let tries = 0; channels.length < wanted && tries < 8; tries++) {
    const further = world.channels.get(presence.industry)!.pick(random);
    if (!channels.includes(further)) channels.push(further);
  }
  const say = { town: presence.town.name['zh-CN'], district: world.district, workers };
  let left = score;
  return channels.map((channel, i) => {
    // The first signal is the strongest; the last one takes what is left.
    const rest = channels.length - 1 - i;
    const weight = rest ? Math.max(1, Math.round((left * random.between(1.1, 1.5)) / (rest + 1.5))) : left;
    left -= weight;
    return { channel, text: random.pick(words.reasons(channel)).say(random, say), weight };
  });
}

/** One payment, or two or three, each to some of the workers. */
function instalments({ scenario }: World, random: Random, { workers, amountFen }: Recovery): Recovery[] {
  const split = random.chance(scenario.recovery.instalmentShare);
  const count = split && workers >= 4 ? Math.min(random.int(2, 3), Math.floor(workers / 2)) : 1;
  const parts: Recovery[] = [];
  let people = workers;
  let fen = amountFen;
  for (let i = count; i > 1; i--) {
    const some = Math.max(1, Math.floor((people / i) * random.between(0.7, 1.2)));
    const part = Math.floor((fen * some) / people / 10_000) * 10_000;
    parts.push({ workers: some, amountFen: part });
    people -= some;
    fen -= part;
  }
  parts.push({ workers: people, amountFen: fen });
  return parts;
}

interface Words {
  units: (platform: string, industry: string) => Phrase[];
  reasons: (channel: Channel) => Phrase[];
  outcomes: (verdict: Verdict, industry: string) => Phrase[];
  notes: Phrase[];
  resolutions: Record<Verdict | 'recovered', Phrase[]>;
  amendments: Record<'upgrade' | 'more' | 'less' | 'town', Phrase[]>;
}

const prepared = new WeakMap<Texts, Words>();

/** The texts as phrases, prepared once. */
function wordsOf(texts: Texts): Words {
  let words = prepared.get(texts);
  if (!words) {
    const all = <K extends string>(record: Record<K, string[]>) =>
      Object.fromEntries(Object.entries<string[]>(record).map(([key, list]) => [key, phrases(list)])) as Record<
        K,
        Phrase[]
      >;
    const units = all(texts.units);
    const reasons = all(texts.reasons);
    const outcomes = all(texts.outcomes);
    words = {
      units: (platform, industry) => units[`${platform}.${industry}`] ?? units[platform] ?? units.other!,
      reasons: (channel) => reasons[channel] ?? reasons.other!,
      outcomes: (verdict, industry) => outcomes[`${verdict}.${industry}`] ?? outcomes[verdict]!,
      notes: phrases(texts.notes),
      resolutions: all(texts.resolutions),
      amendments: all(texts.amendments),
    };
    prepared.set(texts, words);
  }
  return words;
}
