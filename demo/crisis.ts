import type { Channel, Tier } from '../contract/codes.ts';
import type { AlertBrief } from '../contract/frame.ts';
import type { Fact } from './facts.ts';
import type { Random } from './random.ts';

/**
 * What is seen of an employer or a site when it comes to an alert: facts from which the shipped rules make that tier (a test
 * holds them against the rules).
 */

export interface Crisis {
  tier: Tier;
  /** From which the alert mainly comes. */
  channel: Channel;
  /** It is about a construction site. */
  site: boolean;
  /** How many are owed how much (fen), for how long. */
  workers: number;
  amountFen: number;
  arrearsDays: number;
}
type AlertFacts = Pick<AlertBrief, 'tier' | 'channel' | 'project' | 'workers' | 'amountFen'> & { arrearsDays?: number };

/** What an alert says, as it comes to be. */
export function crisisOf({ tier, channel, project, workers, amountFen, arrearsDays = 30 }: AlertFacts): Crisis {
  return { tier, channel, site: project !== undefined, workers, amountFen, arrearsDays };
}

type Kind = Pick<Crisis, 'tier' | 'channel' | 'site'>;

/** Where people report themselves that they are owed. */
const REPORTS: Partial<Record<Channel, string>> = {
  petition: 'petition.received',
  hotline: 'hotline.call',
  arbitration: 'arbitration.case',
  grid: 'grid.report',
};

const isReport = ({ channel }: Kind) => channel in REPORTS;
const isOfSite = ({ channel, site }: Kind) => site && (channel === 'wage-account' || channel === 'construction');

/** Whether such an alert says how many are owed; else it is a warning before anybody says so. */
export function tellsWorkers(kind: Kind): boolean {
  return kind.tier === 'red' || isReport(kind) || isOfSite(kind);
}

/** Whether such a crisis is that of a site; bills and contributions are those of its contractor. */
export function isAboutSite(kind: Kind): boolean {
  return isOfSite(kind) || (kind.site && isReport(kind));
}

/** As many workers as such an alert may have: ten make it red, and two who report make it orange. */
export function workersWithin(kind: Kind, workers: number): number {
  if (kind.tier === 'red') return Math.max(10, workers);
  if (kind.tier !== 'orange' && isReport(kind)) return 1;
  return tellsWorkers(kind) ? Math.min(9, Math.max(2, workers)) : workers;
}

/** The facts. The same crisis and stream of chance give the same. */
export function crisisFacts(crisis: Crisis, random: Random): Fact[] {
  if (crisis.tier === 'red') return redFacts(crisis, random);
  return crisis.tier === 'orange' ? orangeFacts(crisis, random) : yellowFacts(crisis, random);
}

function redFacts(crisis: Crisis, random: Random): Fact[] {
  if (isReport(crisis)) return [report(crisis, random), hint(crisis.channel, random)];
  if (isOfSite(crisis)) return [unpaidMonths(crisis, 3, 6)];
  const facts: Fact[] = [
    { indicator: 'petition.collective', channel: 'petition', ...owed(crisis), ref: caseNumber(random) },
    ...grave(crisis.channel, random),
  ];
  if (random.chance(0.25)) facts.push({ indicator: 'enterprise.closed', channel: 'other' });
  return facts;
}

function orangeFacts(crisis: Crisis, random: Random): Fact[] {
  if (isReport(crisis)) return [report(crisis, random), hint(crisis.channel, random)];
  if (isOfSite(crisis)) {
    const unpaid = unpaidMonths(crisis, 1, 2);
    if (crisis.channel === 'wage-account') return [unpaid];
    return [fact('construction.labour-cost-late-months', 'construction', random.int(5, 8) / 2), unpaid];
  }
  const facts = grave(crisis.channel, random);
  const channel = facts[0]!.channel;
  if (channel === 'social-insurance') return [...facts, stopped(random)];
  if (channel === 'electricity' || random.chance(0.5))
    return [...facts, fact('social-insurance.unpaid-months', 'social-insurance', random.int(6, 9))];
  return [...facts, stopped(random), hint(channel, random, 'electricity')];
}

function yellowFacts(crisis: Crisis, random: Random): Fact[] {
  if (isReport(crisis)) return [report(crisis, random), hint(crisis.channel, random)];
  if (isOfSite(crisis))
    return [{ ...fact('wage-account.unpaid-share', 'wage-account', random.int(30, 65)), ...owed(crisis) }];
  const facts = grave(crisis.channel, random);
  return [...facts, hint(facts[0]!.channel, random)];
}

const fact = (indicator: string, channel: Channel, value?: number): Fact => ({
  indicator,
  channel,
  ...(value === undefined ? {} : { value }),
});
const owed = ({ workers, amountFen }: Crisis) => ({ workers, amountFen });
const caseNumber = (random: Random) => `AJ-${random.int(100_000, 999_999)}`;

function report(crisis: Crisis, random: Random): Fact {
  const { channel } = crisis;
  return { indicator: REPORTS[channel]!, channel, ...owed(crisis), ref: caseNumber(random) };
}

function unpaidMonths(crisis: Crisis, low: number, high: number): Fact {
  const months = Math.min(high, Math.max(low, Math.round(crisis.arrearsDays / 30)));
  return { ...fact('wage-account.unpaid-months', 'wage-account', months), ...owed(crisis) };
}

const stopped = (random: Random) => fact('electricity.stopped-days', 'electricity', random.int(15, 28));

/** Something grave of a channel: by itself 25 to 40 points, and no tier. */
function grave(channel: Channel, random: Random): Fact[] {
  switch (channel) {
    case 'water':
      return [fact('water.overdue-days', channel, random.int(60, 95))];
    case 'electricity':
      return [fact('electricity.usage-drop', channel, random.int(80, 95))];
    case 'penalty':
      return [fact('penalty.abnormal-list', channel), fact('penalty.imposed', channel)];
    case 'litigation':
      return [fact('litigation.claims-of-capital', channel, random.int(51, 90))];
    case 'dishonest':
      return [fact('dishonest.listed', channel)];
    case 'opinion':
      return [{ ...fact('opinion.people', channel), workers: random.int(10, 40) }];
    case 'tax':
      return [
        fact('tax.overdue-days', channel, random.int(90, 180)),
        fact('rent.overdue-days', 'other', random.int(30, 59)),
      ];
    case 'layoff':
      return [{ ...fact('layoff.filed', channel), workers: random.int(20, 60) }];
    case 'other':
      return [fact('enterprise.closure-risk', channel)];
    default:
      return [fact('social-insurance.unpaid-months', 'social-insurance', random.int(3, 5))];
  }
}

/** What may go before it: 15 points of another channel. */
function hint(channel: Channel, random: Random, without?: Channel): Fact {
  const hints: Fact[] = [
    fact('electricity.usage-drop', 'electricity', random.int(50, 79)),
    fact('water.overdue-days', 'water', random.int(30, 59)),
    fact('social-insurance.headcount-drop', 'social-insurance', random.int(30, 49)),
    fact('penalty.abnormal-list', 'penalty'),
    fact('grid.hard-times', 'grid'),
  ];
  return random.pick(hints.filter((one) => one.channel !== channel && one.channel !== without));
}
