import type { AlertBrief } from '../contract/frame.ts';
import type { EventData, WageEvent } from '../contract/events.ts';
import { DAY_MS, floorTo, HOUR_MS, MINUTE_MS } from '../common/regionTime.ts';
import { crisisFacts, crisisOf, isAboutSite, workersWithin, type Crisis } from './crisis.ts';
import { observed, type Fact, type Whom } from './facts.ts';
import { pastOf } from './history.ts';
import type { HistoryPlan } from './historyPlan.ts';
import { hashText, Random } from './random.ts';
import type { Register, WatchedSite } from './register.ts';
import { MONTH_MS, MONTHS, type Distress } from './strain.ts';

/** The observations before the live ones: a year of them, and what holds now. */

type Observed = WageEvent<'wage.signal.observed'>;

const TIMES = hashText('observed times');
const CRISIS = hashText('past crisis');
const NOW = hashText('crisis now');

/** What a bank reports of a wage account from which all have been paid. */
export const PAID: Fact = { indicator: 'wage-account.unpaid-months', channel: 'wage-account', value: 0 };

export interface Watched {
  plan: HistoryPlan;
  register: Register;
  distress: Distress;
}

/** The year up to `at` (epoch ms), not by time: of those under strain, of all wage accounts, and of what led to the alerts. */
export function* pastYear({ plan, register, distress }: Watched, at: number): Generator<Observed, void, undefined> {
  const { seed, pack } = plan.world;
  const random = new Random();
  for (const subject of distress.subjects) {
    for (let month = 0; month < MONTHS; month++) {
      const time = at - (MONTHS - month - random.reseed(seed, TIMES, subject.key, month).between(0, 0.95)) * MONTH_MS;
      for (const [i, fact] of distress.facts(subject, month).entries())
        yield observed(pack.code, subject, fact, `Y${subject.key}-${month}-${i}`, inOffice(time, at));
    }
  }
  for (const site of register.sites) {
    const payday = random.reseed(seed, TIMES, -site.n).next();
    for (let month = 0; month < MONTHS; month++)
      yield observed(
        pack.code,
        siteWhom(site),
        PAID,
        `W${site.n}-${month}`,
        inOffice(at - (MONTHS - month - payday * 0.99) * MONTH_MS, at),
      );
  }
  const sites = sitesOf(register);
  for (let n = 0; n < plan.raisedAt.length; n++) {
    if (plan.raisedAt[n]! > at - MONTHS * MONTH_MS) yield* aroundAlert(plan, sites, n);
  }
}

/** What was seen before an alert of the history, when it was raised, and when its matter was over. */
function* aroundAlert(plan: HistoryPlan, sites: Sites, n: number): Generator<Observed, void, undefined> {
  const { seed, pack } = plan.world;
  const { steps, times } = pastOf(plan, n);
  const raised = steps[0]!.data as EventData['wage.alert.raised'];
  const crisis = crisisOf(raised);
  const whom = whomOf(isAboutSite(crisis) ? raised : { enterprise: raised.enterprise }, sites);
  const random = new Random(seed, CRISIS, n);
  const raisedAt = times[0]!;
  for (const [i, fact] of crisisFacts(crisis, random).entries()) {
    // The main fact has just come; the others have been there for a while.
    const before = i === 0 ? random.between(2, 40) * MINUTE_MS : random.between(1, 25) * DAY_MS;
    yield observed(pack.code, whom, fact, `A${n}-${i}`, Math.floor(raisedAt - before));
    const isOver = fact.value !== undefined && steps.at(-1)!.type === 'wage.alert.closed' && random.chance(0.7);
    if (isOver) yield observed(pack.code, whom, { ...fact, ...OVER }, `A${n}-${i}-over`, times.at(-1)!);
  }
}

const OVER = { value: 0, workers: 0, amountFen: 0 };

/** What holds now of those under strain, and the wage accounts of all sites. @param at epoch ms */
export function* presentState({ plan, register, distress }: Watched, at: number): Generator<Observed, void, undefined> {
  const { code } = plan.world.pack;
  for (const subject of distress.subjects)
    for (const [i, fact] of distress.facts(subject, MONTHS).entries())
      if (fact.value !== 0) yield observed(code, subject, fact, `N${subject.key}-${i}`, at);
  for (const site of register.sites) yield observed(code, siteWhom(site), PAID, `N${site.n}`, at);
}

/** What stands behind the alerts that are open: no more than their tiers. @param open first raised first; of one subject the first counts */
export function behindOpen({ plan, register }: Watched, open: readonly AlertBrief[], at: number): Observed[] {
  const { seed, pack } = plan.world;
  const sites = sitesOf(register);
  const told = new Set<string>();
  return open.flatMap((alert) => {
    const whom = whomOf(alert, sites);
    const subject = whom.projectId ?? whom.uscc;
    if (told.has(subject)) return [];
    told.add(subject);
    const random = new Random(seed, NOW, hashText(alert.alertId));
    const said = crisisOf(alert);
    // The alert names the site: so must they.
    const crisis: Crisis = said.site && !isAboutSite(said) ? { ...said, channel: 'wage-account' } : said;
    return crisisFacts({ ...crisis, workers: workersWithin(crisis, crisis.workers) }, random).map((fact, i) =>
      observed(pack.code, whom, fact, `N${alert.alertId}-${i}`, at),
    );
  });
}

/** Who reports by lists does so by day: the same day from 8:00 to 18:00, and not after `end`. */
function inOffice(time: number, end: number): number {
  const day = floorTo(time, DAY_MS);
  return Math.floor(Math.min(end, day + 8 * HOUR_MS + ((time - day) / 24) * 10));
}

function siteWhom({ project, contractor, bank }: WatchedSite): Whom {
  return { uscc: contractor.uscc!, projectId: project.id, bank };
}

/** The subject of an alert, as its observations name it. */
export function whomOf({ enterprise, project }: Pick<AlertBrief, 'enterprise' | 'project'>, sites: Sites): Whom {
  return { uscc: enterprise.uscc!, projectId: project?.id, bank: project && sites.get(project.id)?.bank };
}

/** By project id. */
export type Sites = ReadonlyMap<string, WatchedSite>;

export function sitesOf({ sites }: Register): Sites {
  return new Map(sites.map((site) => [site.project.id, site]));
}
