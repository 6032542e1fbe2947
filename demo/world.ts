import type { Boundaries } from '../contract/boundaries.ts';
import { TIERS, type Channel, type Industry, type Platform, type Tier } from '../contract/codes.ts';
import type { Enterprise, Project } from '../contract/events.ts';
import type { LngLat } from '../contract/frame.ts';
import type { RegionPack, Town } from '../contract/region.ts';
import { HOUR_MS } from '../common/regionTime.ts';
import { hash, hashText, Random, Weighted } from './random.ts';
import { demoTexts, publishedScenario, type Scenario, type Texts } from './scenario.ts';
import { TownShapes } from './shape.ts';
import { fictitiousUscc } from './uscc.ts';

/** What makes a demonstration: the same options give the same events, always. */
export interface DemoOptions {
  pack: RegionPack;
  seed: number;
  /** Multiplies the alerts; the published totals hold at 1. */
  scale?: number;
  scenario?: Scenario;
  /** The drawing of the map, so that positions lie inside it; without it towns are discs. */
  boundaries?: Boundaries | undefined;
}

/** Where an alert may happen. */
export interface Site {
  location: LngLat;
  project?: Project;
}
/** An enterprise in a town: its seat or its projects there. */
export interface Presence {
  enterprise: Enterprise;
  industry: Industry;
  town: Town;
  sites: Site[];
}
export interface TierTerms {
  tier: Tier;
  termMs: number;
  platform: Platform;
}
/** Where alerts of one industry in one town happen; numbers of presences. */
interface Cell {
  presences: number[];
}

/** The fictitious district: its enterprises and where, how often and by whom they are noticed. */
export interface World {
  pack: RegionPack;
  scenario: Scenario;
  texts: Texts;
  scale: number;
  seed: number;
  /** Short name, e.g. 余杭区. */
  district: string;
  /** Gravest first. */
  tiers: TierTerms[];
  tierTable: Weighted<number>;
  /** As `tierTable`, without the gravest (where there are others). */
  lesserTiers: Weighted<number>;
  cells: Weighted<Cell>;
  presences: Presence[];
  /** Number of the first presence of each enterprise. */
  homes: number[];
  channels: Map<Industry, Weighted<Channel>>;
  /** By town code: the three nearest others. */
  neighbours: Map<string, Town[]>;
}

const STREAM = hashText('world');
/** Shares of construction firms that also work in a town that is not their own. */
const GUEST_SHARE = 0.2;

/** Pure; takes some 10 ms for a district. */
export function buildWorld({ pack, seed, scale = 1, scenario = publishedScenario(), boundaries }: DemoOptions): World {
  if (!(scale > 0)) throw new Error(`scale must be above zero, it is ${scale}`);
  const texts = demoTexts();
  const random = new Random(seed, STREAM, hashText(pack.code));
  const tiers = TIERS.flatMap((tier) => pack.tiers.filter((rule) => rule.tier === tier)).map(
    ({ tier, termHours, platform }) => ({ tier, termMs: termHours * HOUR_MS, platform }),
  );
  const shares = scenario.tiers[tiers.length - 1];
  if (shares?.length !== tiers.length) throw new Error(`the scenario has no shares for ${tiers.length} tiers`);
  const indexed = shares.map((share, i) => [i, share] as const);
  const industries = Object.keys(scenario.industries) as Industry[];
  const settled = settle({ pack, scenario, texts, scale, random, shapes: new TownShapes(boundaries), industries });
  return {
    pack,
    scenario,
    texts,
    scale,
    seed,
    tiers,
    district: /[^市]*$/.exec(pack.name['zh-CN'])![0] || pack.name['zh-CN'],
    tierTable: new Weighted(indexed),
    lesserTiers: new Weighted(indexed.length > 1 ? indexed.slice(1) : indexed),
    ...settled,
    channels: new Map(industries.map((industry) => [industry, channelsOf(industry, scenario)])),
    neighbours: new Map(pack.towns.map((town) => [town.code, nearest(town, pack.towns)])),
  };
}

function channelsOf(industry: Industry, { channels, channelTilt }: Scenario): Weighted<Channel> {
  const tilt = channelTilt[industry] ?? channelTilt.default ?? {};
  return new Weighted(
    Object.entries(channels).map(([channel, weight]) => [channel as Channel, weight * (tilt[channel] ?? 1)] as const),
  );
}

function nearest(town: Town, towns: readonly Town[]): Town[] {
  const distance = (other: Town) => Math.hypot((other.seat[0] - town.seat[0]) * 0.86, other.seat[1] - town.seat[1]);
  return towns
    .filter((other) => other !== town)
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, 3);
}

/** How much of a district is in a town. One that the scenario does not name: the larger and the more urban, the more alerts. */
export function townWeight(town: Town, { towns }: Scenario): number {
  const named = towns[town.code];
  if (named !== undefined) return named;
  const urban = town.name['zh-CN'].includes('街道') ? 2 : 1;
  return urban * town.areaKm2 ** 0.3 * (0.5 + hash(Number(town.code)) / 2 ** 32);
}

interface Ground {
  pack: RegionPack;
  scenario: Scenario;
  texts: Texts;
  scale: number;
  random: Random;
  shapes: TownShapes;
  industries: Industry[];
}

/** Puts enterprises into towns and gives construction firms their projects. */
function settle(ground: Ground): Pick<World, 'cells' | 'presences' | 'homes'> {
  const { pack, scenario, scale, random, shapes, industries } = ground;
  const names = new Map(industries.map((industry) => [industry, nameSource(industry, ground)]));
  const projectName = projectSource(ground);
  const presences: Presence[] = [];
  const homes: number[] = [];
  const cells: [Cell, number][] = [];
  const construction: Cell[] = [];
  const townTotal = pack.towns.reduce((sum, town) => sum + townWeight(town, scenario), 0);

  const settleIn = (enterprise: Enterprise, industry: Industry, town: Town, centres: [number, number][]) => {
    const site = (): Site => ({ location: shapes.sample(town, random.pick(centres), 0.12, random) });
    const sites =
      industry === 'E'
        ? Array.from({ length: random.int(1, 3) }, () => ({ ...site(), project: projectName() }))
        : [site()];
    presences.push({ enterprise, industry, town, sites });
    return presences.length - 1;
  };

  for (const town of pack.towns) {
    const centres = [
      town.seat,
      ...Array.from({ length: 4 }, () => {
        const { lng, lat } = shapes.sample(town, town.seat, 0.4, random);
        return [lng, lat] as [number, number];
      }),
    ];
    const tilt = scenario.townTilt[town.code] ?? {};
    const weights = industries.map((industry) => scenario.industries[industry]! * (tilt[industry] ?? 1));
    const sum = weights.reduce((a, b) => a + b, 0);
    industries.forEach((industry, i) => {
      if (!weights[i]) return;
      const share = (townWeight(town, scenario) / townTotal) * (weights[i] / sum);
      const cell: Cell = { presences: [] };
      const firms = Math.max(1, Math.round(scenario.enterprises * Math.sqrt(scale) * share));
      for (let k = 0; k < firms; k++) {
        const enterprise = { uscc: fictitiousUscc(pack.code, homes.length + 1), name: names.get(industry)!() };
        const home = settleIn(enterprise, industry, town, centres);
        homes.push(home);
        cell.presences.push(home);
      }
      if (industry === 'E') {
        const known = construction.flatMap(({ presences: own }) => own);
        for (let k = 0; k < firms * GUEST_SHARE && known.length; k++) {
          const guest = presences[random.pick(known)]!;
          cell.presences.push(settleIn(guest.enterprise, 'E', town, centres));
        }
        construction.push(cell);
      }
      random.shuffle(cell.presences);
      cells.push([cell, share]);
    });
  }
  return { cells: new Weighted(cells), presences, homes };
}

/** What names begin with, each once. */
export function stemsOf({ stems }: Texts): string[] {
  return [...stems.first].flatMap((a) => [...stems.second].filter((b) => b !== a).map((b) => a + b));
}

/** Names of an industry, each once: 某江南建筑劳务有限公司. */
function nameSource(industry: Industry, { texts, random }: Ground): () => string {
  const stems = random.shuffle(stemsOf(texts));
  const trades = texts.trades[industry] ?? texts.trades.default!;
  const first = random.int(0, 1000);
  let n = 0;
  return () => {
    // Stem and trade both change from one name to the next; after each round the trades shift by one.
    const round = Math.floor(n / stems.length);
    const stem = stems[n % stems.length]!;
    const trade = trades[(first + n + round) % trades.length]!;
    const again = Math.floor(round / trades.length);
    n++;
    return `某${stem}${trade}${again ? `（${again + 1}）` : ''}有限公司`;
  };
}

function projectSource({ texts, random, pack }: Ground): () => Project {
  const stems = random.shuffle(stemsOf(texts));
  let n = 0;
  return () => {
    const stem = stems[n % stems.length]!;
    n++;
    const name = `某${stem}${random.pick(texts.projects.kinds)}${random.pick(texts.projects.parts)}`;
    return { id: `XM${pack.code}${String(n).padStart(4, '0')}`, name };
  };
}
