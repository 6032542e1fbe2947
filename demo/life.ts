import { unitFor } from '../common/units.ts';
import type { AuditVerdict, Channel, Stage } from '../contract/codes.ts';
import type { EventData, WageEvent } from '../contract/events.ts';
import { toRfc3339 } from '../common/regionTime.ts';
import { tellsWorkers } from './crisis.ts';
import { distorted, drawFacts, instalments } from './lifeFacts.ts';
import type { Core, LifePlan, Step } from './lifePlan.ts';
import { wordsOf } from './lifeWords.ts';
import type { Phrase, PhraseWords } from './phrase.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

/** The life of one alert, from raised to closed, as steps without times: history and feed give it theirs. */

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
  const kind = { tier: raisedTerms.tier, channel: plan.core.channel, site: facts.project !== undefined };
  // A warning says nothing of workers: who looks into it finds out. Where it is, the register knows.
  const silent = plan.byRules === true && !tellsWorkers(kind);
  const corrected = silent
    ? plan.verdict === 'effective'
    : !facts.recovery && random.chance(scenario.amendments.amount) && !plan.byRules;
  const moved = neighbours.length > 0 && random.chance(scenario.amendments.town) && !plan.byRules;
  const returned = random.chance(scenario.returned);
  const finalTerms = upgrades ? world.tiers[plan.core.tier - 1]! : raisedTerms;
  // A graver tier that belongs to another platform must be known before the alert is handed to one.
  const upgradedFirst = upgrades && finalTerms.platform !== raisedTerms.platform;
  const sending = upgradedFirst ? finalTerms : raisedTerms;
  const say: PhraseWords = { town: town.name['zh-CN'], district: world.district, workers: facts.workers };

  const first = silent ? { workers: 0, amountFen: 0 } : corrected ? distorted(random, facts) : facts;
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
  // Where the pack says who it is for, that unit has it: it is drawn nonetheless, so that the rest of the life stays the same.
  const drawn = random.pick(words.units(sending.platform, industry)).say(random, say);
  const unit = unitFor(pack, sending.tier, raised.town)?.name['zh-CN'] ?? drawn;
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
      silent
        ? words.amendments.found
        : facts.amountFen > first.amountFen
          ? words.amendments.more
          : words.amendments.less,
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
