import type { Boundaries } from '../contract/boundaries.ts';
import type { Industry } from '../contract/codes.ts';
import type { Enterprise, Project, WageEvent } from '../contract/events.ts';
import type { LngLat } from '../contract/frame.ts';
import type { Town } from '../contract/region.ts';
import { dayOf, dayText, toRfc3339 } from '../common/regionTime.ts';
import { hashText, Random, Weighted } from './random.ts';
import { TownShapes } from './shape.ts';
import { signalScenario } from './signalScenario.ts';
import { fictitiousUscc } from './uscc.ts';
import { stemsOf, townWeight, type World } from './world.ts';

/**
 * Who is watched: all employers and sites of the fictitious district. The first are those of the alerts, so that an alert's
 * employer has a portrait; each of the others is a function of the seed and its number.
 */

export interface Employer {
  /** From 1. */
  n: number;
  enterprise: Enterprise;
  industry: Industry;
  town: Town;
  /** Known of those that have alerts. */
  location?: LngLat;
}

export interface WatchedSite {
  /** From 1. */
  n: number;
  project: Project;
  contractor: Enterprise;
  town: Town;
  location: LngLat;
  /** Which bank keeps its wage account, from 1. */
  bank: number;
}

const EMPLOYER = hashText('employer');
const SITE = hashText('site');
const FACTS = hashText('register');
/** A prime: multiples of it visit all pairs of stems before any comes again. */
const STRIDE = 104_729;
/** Days from which employers have been there. */
const OLDEST_DAYS = 26 * 365;

export class Register {
  readonly employers: number;
  readonly sites: readonly WatchedSite[];
  readonly world: World;
  readonly #stems: string[];
  readonly #towns: Weighted<Town>;
  readonly #industries: Weighted<Industry>;
  readonly #capital: Weighted<number>;
  readonly #random = new Random();

  /** @param scale share of the published numbers, in (0, 1]; those that have alerts are always there */
  constructor(world: World, { scale, boundaries }: { scale: number; boundaries?: Boundaries | undefined }) {
    const { employers, sites, industries, capitalYuan } = signalScenario();
    const { pack, scenario } = world;
    this.world = world;
    this.employers = Math.max(world.homes.length, Math.round(employers * world.scale * scale));
    this.#stems = stemsOf(world.texts);
    if (this.employers > this.#stems.length ** 2) throw new Error('there are fewer names than employers');
    this.#towns = new Weighted(pack.towns.map((town) => [town, townWeight(town, scenario)] as const));
    this.#industries = new Weighted(Object.entries(industries) as [Industry, number][]);
    this.#capital = new Weighted(capitalYuan);
    this.sites = this.#allSites(Math.round(sites * world.scale * scale), boundaries);
  }

  /** @param n 1 … `employers` */
  employer(n: number): Employer {
    const { pack, seed, homes, presences } = this.world;
    if (n <= homes.length) {
      const { enterprise, industry, town, sites } = presences[homes[n - 1]!]!;
      return { n, enterprise, industry, town, location: sites[0]!.location };
    }
    const random = this.#random.reseed(seed, EMPLOYER, n);
    const town = this.#towns.pick(random);
    const industry = this.#industries.pick(random);
    return {
      n,
      enterprise: { uscc: fictitiousUscc(pack.code, n), name: `某${this.#pair(n)}${this.#trade(industry)}有限公司` },
      industry,
      town,
    };
  }

  /**
   * All registrations, employers first, each the same every time.
   * @param at when they were made, epoch ms
   * @param after how many to leave out, from the first on
   */
  *registrations(at: number, after = 0): Generator<WageEvent<'wage.subject.registered'>, void, undefined> {
    const { pack, seed } = this.world;
    const { headcount } = signalScenario();
    const random = new Random();
    const today = dayOf(at);
    const envelope = {
      specversion: '1.0',
      source: `urn:demo:${pack.code}:register`,
      type: 'wage.subject.registered',
      time: toRfc3339(at),
    } as const;
    for (let n = 1 + after; n <= this.employers; n++) {
      const { enterprise, industry, town, location } = this.employer(n);
      random.reseed(seed, FACTS, n);
      const median = headcount[industry] ?? headcount.default!;
      yield {
        ...envelope,
        id: `R${n}`,
        data: {
          region: pack.code,
          kind: 'enterprise',
          enterprise,
          town: town.code,
          industry,
          headcount: Math.max(1, Math.round(median * Math.exp(0.9 * random.normal()))),
          capitalFen: this.#capital.pick(random) * 100,
          startedOn: dayText(today - random.int(200, OLDEST_DAYS)),
          ...(location && { location }),
          status: 'active',
        },
      };
    }
    for (const { n, project, contractor, town, location } of this.sites.slice(Math.max(0, after - this.employers))) {
      random.reseed(seed, FACTS, -n);
      yield {
        ...envelope,
        id: `P${n}`,
        data: {
          region: pack.code,
          kind: 'project',
          enterprise: contractor,
          project,
          town: town.code,
          industry: 'E',
          headcount: Math.round(60 * Math.exp(0.7 * random.normal())) + 5,
          startedOn: dayText(today - random.int(60, 900)),
          location,
          status: 'active',
        },
      };
    }
  }

  #trade(industry: Industry): string {
    const { trades } = this.world.texts;
    return this.#random.pick(trades[industry] ?? trades.default!);
  }

  /** Two stems, which no other employer's name has in this order. */
  #pair(n: number): string {
    const { length } = this.#stems;
    const at = (n * STRIDE + this.world.seed) % length ** 2;
    return this.#stems[at % length]! + this.#stems[Math.floor(at / length)]!;
  }

  /** The sites of alerts, and as many others as are missing. */
  #allSites(wanted: number, boundaries: Boundaries | undefined): WatchedSite[] {
    const { world } = this;
    const { banks } = signalScenario();
    const sites: WatchedSite[] = [];
    const add = (site: Omit<WatchedSite, 'n' | 'bank'>) => {
      const n = sites.length + 1;
      sites.push({ n, ...site, bank: new Random(world.seed, SITE, n, 1).int(1, banks) });
    };
    for (const { enterprise, town, sites: places } of world.presences)
      for (const { location, project } of places) if (project) add({ project, contractor: enterprise, town, location });

    const builders = world.homes.map((home) => world.presences[home]!).filter(({ industry }) => industry === 'E');
    const { kinds, parts } = world.texts.projects;
    const shapes = new TownShapes(boundaries);
    const random = new Random(world.seed, SITE);
    while (sites.length < wanted && builders.length) {
      const n = sites.length + 1;
      const town = this.#towns.pick(random);
      add({
        project: {
          id: `XM${world.pack.code}${String(n).padStart(4, '0')}`,
          name: `某${this.#pair(n)}${random.pick(kinds)}${random.pick(parts)}`,
        },
        contractor: random.pick(builders).enterprise,
        town,
        location: shapes.sample(town, town.seat, 0.4, random),
      });
    }
    return sites;
  }
}
