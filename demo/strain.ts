import { DAY_MS } from '../common/regionTime.ts';
import type { Fact, Whom } from './facts.ts';
import { hash, hashText, Random, Weighted } from './random.ts';
import type { Register } from './register.ts';
import { signalScenario, type Strain } from './signalScenario.ts';
import { fictitiousUscc } from './uscc.ts';

/**
 * The hidden distress behind the observations. Some employers and sites are under strain, which grows and wanes from month to
 * month; nobody sees it, sources see what it does to bills, contributions and accounts. Everything is a function of the
 * seed, the subject and the month.
 */

/** Months of the past that are told; month 12 is the present at the beginning. */
export const MONTHS = 12;
export const MONTH_MS = (365 / 12) * DAY_MS;

/** One who is, or was, under strain. */
export interface Strained extends Whom {
  /** Number of the employer, or below 0 that of the site. */
  key: number;
  /** Of different channels. */
  strains: readonly Strain[];
}

const CHOICE = hashText('strained');
const PROFILE = hashText('strain profile');
const STATE = hashText('strain state');
/** How many kinds of hardship one has. */
const KINDS = new Weighted([
  [1, 0.35],
  [2, 0.45],
  [3, 0.2],
]);

export class Distress {
  /** Employers that have alerts are not among them: theirs is told by what raised the alerts. */
  readonly subjects: readonly Strained[];
  readonly #seed: number;
  readonly #random = new Random();

  constructor({ world, employers, sites }: Register) {
    const { strained, strains } = signalScenario();
    const { seed, homes, pack } = world;
    this.#seed = seed;
    const tables = {
      enterprise: new Weighted(strains.enterprise.map((strain) => [strain, strain.weight] as const)),
      project: new Weighted(strains.project.map((strain) => [strain, strain.weight] as const)),
    };
    const chosen = (key: number, share: number) => hash(seed, CHOICE, key) < share * 2 ** 32;
    const subjects: Strained[] = [];
    for (let n = homes.length + 1; n <= employers; n++)
      if (chosen(n, strained.enterprise))
        subjects.push({ key: n, uscc: fictitiousUscc(pack.code, n), strains: this.#profile(n, tables.enterprise) });
    for (const { n, project, contractor, bank } of sites) {
      if (!chosen(-n, strained.project)) continue;
      const strains = this.#profile(-n, tables.project);
      subjects.push({ key: -n, uscc: contractor.uscc!, projectId: project.id, bank, strains });
    }
    this.subjects = subjects;
  }

  /** How bad things are, 0 to 1; nobody outside is told. @param month from 0 */
  state(key: number, month: number): number {
    const { mean, spread, keeps, shock } = signalScenario().drift;
    const random = this.#random.reseed(this.#seed, STATE, key);
    const own = mean + spread * random.normal();
    let x = own;
    for (let m = 1; m <= month; m++) x = own + keeps * (x - own) + shock * random.normal();
    return Math.min(1, Math.max(0, x));
  }

  /** What sources tell of one in a month. What they told the month before and is over, they tell as over. */
  facts({ key, strains }: Strained, month: number): Fact[] {
    const { tellsFrom } = signalScenario().drift;
    const now = this.state(key, month);
    const before = month > 0 ? this.state(key, month - 1) : 0;
    if (now < tellsFrom)
      return before < tellsFrom ? [] : strains.map(({ indicator, channel }) => ({ indicator, channel, value: 0 }));
    const grave = (now - tellsFrom) / (1 - tellsFrom);
    return strains.map(({ indicator, channel, from, to }) => ({
      indicator,
      channel,
      value: Math.round(from + (to - from) * grave),
    }));
  }

  /** Hardships of different channels that together stay below any tier. */
  #profile(key: number, table: Weighted<Strain>): Strain[] {
    const { most } = signalScenario();
    const random = this.#random.reseed(this.#seed, PROFILE, key);
    const wanted = KINDS.pick(random);
    const chosen: Strain[] = [];
    let points = 0;
    for (let tries = 0; chosen.length < wanted && tries < 12; tries++) {
      const strain = table.pick(random);
      if (points + strain.points > most || chosen.some(({ channel }) => channel === strain.channel)) continue;
      chosen.push(strain);
      points += strain.points;
    }
    return chosen;
  }
}
