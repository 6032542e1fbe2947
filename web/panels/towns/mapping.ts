import { TIERS, type Tier } from '../../../contract/codes.ts';
import type { Frame, TownRow } from '../../../contract/frame.ts';
import type { RegionAnswer } from '../../../contract/rest.ts';
import { DAY_MS, floorTo, isoDate, parseRfc3339 } from '../../../common/regionTime.ts';
import { localName } from '../../i18n/index.ts';
import type { Lang } from '../../i18n/lang.ts';
import { shortName } from '../../i18n/places.ts';
import { SMALL_BASE } from '../parts/comparison.ts';
import { tiersOf } from '../parts/tiersOf.ts';

/** Days of the band, today included (contract §4). */
export const BAND_DAYS = 30;
/** A band's scale goes up to so many alerts a day at least, so that one alert is no outbreak. */
const LEAST_SCALE = 4;

export interface Band {
  /** Alerts raised by day, oldest first, today last; BAND_DAYS of them. */
  days: number[];
  /** Of these days: what is usual here. */
  median: number;
  /** Alerts a day at which a bar is as high as the band. */
  scale: number;
}

export interface TownLine {
  code: string;
  /** Name in the pack, else the code. */
  name: string;
  /** As its row carries it: in English without "Subdistrict", which says nothing in a list of subdistricts. */
  label: string;
  open: number;
  /** Open alerts by tier, gravest first; every tier of the region. */
  tiers: { tier: Tier; open: number }[];
  /** Absent in frames of the past and where small figures are withheld. */
  band?: Band;
  /** When the oldest open alert was raised, epoch ms. */
  oldestOpenAt?: number;
  successRate?: number;
  /** The rate rests on fewer than ten verdicts. */
  fewVerdicts: boolean;
}

export interface TownsView {
  /** Towns with open alerts, gravest first. */
  lines: TownLine[];
  /** Those without, in the order of their codes. */
  quiet: TownLine[];
  /** Most open alerts that any town has: the length of the longest stack. */
  most: number;
  /** Of the region, what a town's rate is read against. */
  successRate?: number;
  /** Whichever of the lines has waited longest. */
  longest?: string;
}

/**
 * The towns of a frame, and which of them have open alerts. Gravest first: by open red, then orange, then yellow, then blue
 * alerts, then by who has waited longest, then by code. Pure.
 * @param now the server's clock, epoch ms; the band ends today
 */
export function toTowns(frame: Frame, pack: RegionAnswer | undefined, now: number, lang: Lang): TownsView {
  const names = new Map(pack?.towns.map((town) => [town.code, town.name]));
  const tiers = tiersOf(frame, pack);
  const dates = lastDates(now);
  const all = Object.entries(frame.byTown)
    .sort(([codeA, a], [codeB, b]) => order(a, b) || (codeA < codeB ? -1 : 1))
    .map(([code, row]): TownLine => {
      const name = localName(names.get(code), lang) || code;
      const line: TownLine = {
        code,
        name,
        label: lang === 'en' ? shortName(name, lang) : name,
        open: row.open,
        tiers: tiers.map((tier) => ({ tier, open: row.tiers[tier] ?? 0 })),
        fewVerdicts: row.effective + row.falseAlarm < SMALL_BASE,
      };
      if (row.days) line.band = bandOf(row.days, dates);
      const oldest = row.oldestOpenAt === undefined ? undefined : parseRfc3339(row.oldestOpenAt);
      if (oldest !== undefined) line.oldestOpenAt = oldest;
      if (row.successRate !== undefined) line.successRate = row.successRate;
      return line;
    });
  const lines = all.filter(({ open }) => open > 0);
  const view: TownsView = {
    lines,
    quiet: all.filter(({ open }) => open === 0),
    most: Math.max(1, ...lines.map(({ open }) => open)),
  };
  if (frame.totals.successRate !== undefined) view.successRate = frame.totals.successRate;
  const longest = lines.reduce<TownLine | undefined>(
    (found, line) => ((line.oldestOpenAt ?? Infinity) < (found?.oldestOpenAt ?? Infinity) ? line : found),
    undefined,
  );
  if (longest) view.longest = longest.code;
  return view;
}

/** Dates of the last BAND_DAYS days as keys of `days`, oldest first. */
function lastDates(now: number): string[] {
  const today = floorTo(now, DAY_MS);
  return Array.from({ length: BAND_DAYS }, (_, i) => isoDate(today - (BAND_DAYS - 1 - i) * DAY_MS));
}

function bandOf(byDate: Readonly<Record<string, number>>, dates: readonly string[]): Band {
  const days = dates.map((date) => byDate[date] ?? 0);
  const sorted = [...days].sort((a, b) => a - b);
  const median = (sorted[BAND_DAYS / 2 - 1]! + sorted[BAND_DAYS / 2]!) / 2;
  return { days, median, scale: Math.max(LEAST_SCALE, ...days) };
}

function order(a: TownRow, b: TownRow): number {
  for (const tier of TIERS) {
    const difference = (b.tiers[tier] ?? 0) - (a.tiers[tier] ?? 0);
    if (difference !== 0) return difference;
  }
  return b.open - a.open || waiting(a) - waiting(b);
}

function waiting({ oldestOpenAt }: TownRow): number {
  return (oldestOpenAt === undefined ? undefined : parseRfc3339(oldestOpenAt)) ?? Number.MAX_SAFE_INTEGER;
}

/** Pages of a list of towns: those with open alerts first, then those without, on pages of their own. */
export function townPages({ lines, quiet }: Pick<TownsView, 'lines' | 'quiet'>, room: number): TownLine[][] {
  const size = Math.max(1, room);
  const pages: TownLine[][] = [];
  for (const list of [lines, quiet])
    for (let from = 0; from < list.length; from += size) {
      // The last page is filled up from the one before, so that none is nearly bare.
      const start = Math.max(0, Math.min(from, list.length - size));
      pages.push(list.slice(start, start + size));
    }
  // With nothing open, the first page says so by being empty.
  return lines.length > 0 ? pages : [[], ...pages];
}

/** What is not on a page: how many towns, and their open alerts by tier. */
export interface Folded {
  towns: number;
  open: number;
  tiers: { tier: Tier; open: number }[];
}

export function foldedOf({ lines, quiet }: Pick<TownsView, 'lines' | 'quiet'>, page: readonly TownLine[]): Folded {
  const rest = [...lines, ...quiet].filter((line) => !page.includes(line));
  const tiers = (rest[0]?.tiers ?? [])
    .map(({ tier }, index) => ({ tier, open: rest.reduce((sum, line) => sum + line.tiers[index]!.open, 0) }))
    .filter(({ open }) => open > 0);
  return { towns: rest.length, open: rest.reduce((sum, line) => sum + line.open, 0), tiers };
}
