import type { WindowName } from '../../contract/codes.ts';
import type { AlertBrief, Frame } from '../../contract/frame.ts';
import type { RegionPack, Town } from '../../contract/region.ts';
import { areaOf } from '../divisions.ts';
import { parseRfc3339 } from '../regionTime.ts';
import { shortName } from '../shortName.ts';

/** What the sentence of the day says, without words: each fact is there only where the frame knows it. */
export interface DayFacts {
  /** Epoch ms; for a frame of a moment in the past. */
  past?: number;
  /** Nothing has ever been raised here. */
  empty: boolean;
  raised?: RaisedFact;
  /** Open alerts: in the past, where nobody knows what was late; and none, where nothing can be. */
  open?: number;
  dueToday?: number;
  overdue?: OverdueFact;
  rate?: RateFact;
  /** What was raised in the window, where no rate says how it goes. */
  trend?: { window: WindowName; count: number; change?: Change };
}

export interface RaisedFact {
  /** `day`: today, or the day of the moment in the past. */
  in: WindowName | 'day';
  count: number;
  red?: number;
  where?: Where;
}
/** Where they are: in one area; most or all of them, or more than in any other; in two alike; or spread over so many. */
export type Where =
  | { kind: 'all' | 'most'; area: Town }
  | { kind: 'lead'; areas: Town[]; each: number }
  | { kind: 'spread'; areas: number };

export interface OverdueFact {
  count: number;
  /** The one that is overdue for longest: for how long, ms, and where, if that is one area and not the scope itself. */
  longest?: { ms: number; area?: Town };
}

export interface RateFact {
  window: WindowName;
  /** 0…1 */
  rate: number;
  audited: number;
  /** Against the period before, in percentage points; left out where there is none, or too little in either. */
  points?: number;
}
/** Against the period before: a share (0.12 is 12 % more), or how many times as many where it is ten times or more. */
export type Change = { share: number } | { times: number };

/** Fewer than these are a small base: a share of them says little (基数小). */
export const SMALL_BASE = 10;

/** @param now from when on terms are counted, epoch ms; without it the frame's own time */
export function dayFactsOf(frame: Frame, pack: RegionPack, now = parseRfc3339(frame.at)!): DayFacts {
  const { totals, byStage, window, withheld } = frame;
  const facts: DayFacts = { empty: false };
  if (!byStage) facts.past = parseRfc3339(frame.at)!;
  else if (withheld === undefined && sum(Object.values(byStage)) === 0) return { empty: true };
  const raised = raisedOf(frame, pack);
  if (raised) facts.raised = raised;
  if (byStage) {
    const overdue = overdueOf(frame, pack, now);
    if (overdue) facts.overdue = overdue;
    if (totals.dueToday !== undefined && (totals.dueToday > 0 || withheld === undefined))
      facts.dueToday = totals.dueToday;
  }
  if ((!byStage || totals.open === 0) && (totals.open > 0 || withheld === undefined)) facts.open = totals.open;
  const rate = rateOf(frame);
  if (rate) facts.rate = rate;
  else if (raised && raised.in === 'day' && window !== 'today' && totals.raised > 0) facts.trend = trendOf(frame);
  return facts;
}

/** What was raised today, where the frame knows it, else in its window. A figure that may be withheld is not a zero. */
function raisedOf(frame: Frame, pack: RegionPack): RaisedFact | undefined {
  const { totals, byTier, byTown, byStage, window, withheld, at } = frame;
  const rows = Object.entries(byTown);
  const known = withheld === undefined || totals.raised > 0;
  if (known && (window === 'today' || !byStage)) {
    const counts = rows.map(([code, { raised }]) => [code, raised] as const);
    const red = byTier.red?.raised ?? 0;
    return raisedFact(frame, pack, window === 'today' ? 'day' : window, totals.raised, counts, red);
  }
  if (rows.length > 0 && rows.every(([, { days }]) => days)) {
    const today = at.slice(0, 10);
    const counts = rows.map(([code, { days }]) => [code, days![today] ?? 0] as const);
    const count = sum(counts.map(([, n]) => n));
    return raisedFact(frame, pack, 'day', count, counts, redOf(frame, today, count));
  }
  if (!known) return undefined;
  const counts = rows.map(([code, { raised }]) => [code, raised] as const);
  return raisedFact(frame, pack, window, totals.raised, counts, byTier.red?.raised ?? 0);
}

/**
 * How many of today's are red, in a frame of another window: known where its latest alerts are all of today's. None where it is not
 * known.
 */
function redOf({ latest }: Frame, today: string, count: number): number {
  const raised = Object.values(latest).filter(({ raisedAt }) => raisedAt.slice(0, 10) === today);
  return raised.length === count ? raised.filter(({ tier }) => tier === 'red').length : 0;
}

/** What the sentence of a period says of a frame of now. */
export interface PeriodFacts extends Pick<DayFacts, 'empty' | 'open' | 'dueToday' | 'overdue' | 'rate'> {
  window: WindowName;
  raised: RaisedFact;
  /** Raised in the period before; left out where there is no such period. */
  before?: number;
  recovered?: { fen: number; workers: number };
}

/** @param now as in `dayFactsOf` */
export function periodFactsOf(frame: Frame, pack: RegionPack, now = parseRfc3339(frame.at)!): PeriodFacts {
  const { totals, byTown, byTier, compare, window } = frame;
  const { empty, open, dueToday, overdue, rate } = dayFactsOf(frame, pack, now);
  const counts = Object.entries(byTown).map(([code, { raised }]) => [code, raised] as const);
  const facts: PeriodFacts = {
    window,
    empty,
    raised: raisedFact(frame, pack, window, totals.raised, counts, byTier.red?.raised ?? 0),
    ...(open === undefined ? {} : { open }),
    ...(dueToday === undefined ? {} : { dueToday }),
    ...(overdue ? { overdue } : {}),
    ...(rate ? { rate } : {}),
  };
  if (compare.previous) facts.before = compare.previous.raised;
  if (totals.recoveredFen > 0) facts.recovered = { fen: totals.recoveredFen, workers: totals.recoveredWorkers };
  return facts;
}

type Counts = readonly (readonly [code: string, count: number])[];

function raisedFact(
  { scope }: Frame,
  pack: RegionPack,
  when: RaisedFact['in'],
  count: number,
  counts: Counts,
  red: number,
): RaisedFact {
  const fact: RaisedFact = { in: when, count };
  if (red > 0) fact.red = red;
  const where = scope === pack.code ? whereOf(count, counts, pack) : undefined;
  if (where) fact.where = where;
  return fact;
}

function whereOf(count: number, counts: Counts, pack: RegionPack): Where | undefined {
  const some = counts.filter(([, n]) => n > 0).sort(([, a], [, b]) => b - a);
  const [first] = some;
  if (!first) return undefined;
  const areas = (codes: Counts) => codes.flatMap(([code]) => calledOf(pack, code) ?? []);
  const [area] = areas([first]);
  if (area && first[1] === count) return { kind: 'all', area };
  if (area && 2 * first[1] > count) return { kind: 'most', area };
  // Beyond that all have to be known: one that is withheld may have more.
  if (sum(some.map(([, n]) => n)) !== count) return undefined;
  const lead = some.filter(([, n]) => n === first[1]);
  const named = areas(lead);
  if (first[1] > 1 && lead.length <= 2 && named.length === lead.length)
    return { kind: 'lead', areas: named, each: first[1] };
  return { kind: 'spread', areas: some.length };
}

/**
 * An area as the sentence calls it: in English, where a line is short, `Wuchang` for `Wuchang Subdistrict`, as rows of cases
 * do, unless another area of the pack would be called the same.
 */
function calledOf(pack: RegionPack, code: string): Town | undefined {
  const area = areaOf(pack, code);
  if (!area) return undefined;
  const en = shortName(area.name.en, 'en');
  const unique = pack.towns.every((other) => other === area || shortName(other.name.en, 'en') !== en);
  return unique ? { ...area, name: { ...area.name, en } } : area;
}

function overdueOf(frame: Frame, pack: RegionPack, now: number): OverdueFact | undefined {
  const { totals, withheld, scope } = frame;
  const count = totals.overdue;
  if (count === undefined || (count === 0 && withheld !== undefined)) return undefined;
  const fact: OverdueFact = { count };
  const late = Object.values(frame.agenda ?? {}).filter((brief) => brief.overdue);
  if (count === 0 || late.length === 0) return fact;
  const since = (brief: AlertBrief) => parseRfc3339(brief.dueAt ?? '') ?? Infinity;
  const first = Math.min(...late.map(since));
  const areas = new Set(late.filter((brief) => since(brief) === first).map(({ town }) => areaOf(pack, town)?.code));
  const [code] = areas;
  const area = code === undefined ? undefined : calledOf(pack, code);
  fact.longest = { ms: now - first };
  if (scope === pack.code && areas.size === 1 && area) fact.longest.area = area;
  return fact;
}

function rateOf({ totals, compare, window }: Frame): RateFact | undefined {
  if (totals.successRate === undefined) return undefined;
  const audited = totals.effective + totals.falseAlarm;
  const fact: RateFact = { window, rate: totals.successRate, audited };
  const { previous } = compare;
  const enough = audited >= SMALL_BASE && previous && previous.effective + previous.falseAlarm >= SMALL_BASE;
  if (enough && previous.successRate !== undefined) fact.points = 100 * (totals.successRate - previous.successRate);
  return fact;
}

function trendOf({ totals, compare, window }: Frame): NonNullable<DayFacts['trend']> {
  const count = totals.raised;
  const before = compare.previous?.raised ?? 0;
  if (before < SMALL_BASE) return { window, count };
  return { window, count, change: count >= 10 * before ? { times: count / before } : { share: count / before - 1 } };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
