import type { Tier } from '../contract/codes.ts';
import type { Project, Reason } from '../contract/events.ts';
import type { LngLat } from '../contract/frame.ts';
import { isAboutSite, workersWithin } from './crisis.ts';
import type { Core, LifePlan, Recovery } from './lifePlan.ts';
import { wordsOf } from './lifeWords.ts';
import type { Random } from './random.ts';
import { rounded } from './shape.ts';
import type { Presence, World } from './world.ts';

/** Beyond this many workers, a payment is not left to chance. */
const MAX_CHANCE_WORKERS = 14;

/** The facts of an alert, as they are true in the end. */
export interface Facts {
  workers: number;
  amountFen: number;
  arrearsDays: number;
  score: number;
  location: LngLat;
  reasons: Reason[];
  project?: Project;
  recovery?: Recovery;
}

/** The same world, plan and stream of chance give the same facts. */
export function drawFacts(world: World, random: Random, plan: LifePlan, presence: Presence, tier: Tier): Facts {
  const { scenario } = world;
  const { workers: median, spread, max } = scenario.size[tier];
  const site = random.pick(presence.sites);
  const monthlyFen = 100 * (scenario.monthlyYuan[presence.industry] ?? scenario.monthlyYuan.default!);
  let workers = Math.min(max, Math.max(1, Math.round(median * Math.exp(spread * random.normal()))));
  const kind = { tier, channel: plan.core.channel, site: site.project !== undefined };
  if (plan.byRules) workers = workersWithin(kind, workers);
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
  if (site.project) {
    const named = random.chance(0.88);
    // What comes of observations is about a site, or about its contractor, who is registered where he is at home.
    const aboutSite = isAboutSite(kind) || !world.homes.includes(plan.core.presence);
    if (plan.byRules ? aboutSite : named) facts.project = site.project;
  }
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
export function distorted(random: Random, facts: Facts): { workers: number; amountFen: number } {
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
export function instalments({ scenario }: World, random: Random, { workers, amountFen }: Recovery): Recovery[] {
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
