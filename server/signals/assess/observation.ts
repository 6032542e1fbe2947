import type { IndicatorKind } from '../../../contract/rulePack.ts';
import { dayOf } from '../../../common/regionTime.ts';

/**
 * An observation as rules need it (signals §3): numbers and three short strings, nothing to parse. A record of this shape is
 * made for each observation that is assessed, so all of them have all properties, in this order. `source` should be one
 * string for all that share it.
 *
 * What is held of a million observations may be packed more tightly; `assess` needs records of one subject at a time, in any
 * order, and keeps none of them.
 */
export interface Observation {
  /** Number of the indicator's code: its place among all codes that any version of the region's pack has known. */
  indicator: number;
  /** Account, contract, case or bill; '' without one. */
  ref: string;
  /** When it happened or held, epoch ms. */
  time: number;
  source: string;
  id: string;
  /** Whole thousandths of the indicator's unit. */
  value: number;
  amountFen: number;
  workers: number;
  /** The last day on which a state holds (`dayOf`), or `NO_UNTIL`. */
  until: number;
}

/** No `until`: a day that never comes, and still a small integer. */
export const NO_UNTIL = 0x3fff_ffff;

/** Of one indicator the newest so many count; of a state's refs, too (signals §3). */
export const MOST_OF_INDICATOR = 200;
/** Observations are kept so many days, whatever the pack says (signals §3). */
export const KEPT_DAYS = 400;

/** The order of signals §3: by `(time, source, id)`, strings by code unit. Positive when `a` is the greater one. */
export function compareRank(a: Rank, b: Rank): number {
  if (a.time !== b.time) return a.time - b.time;
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
/** What observations, and the registrations of a subject, are ordered by; the greatest registration holds as a whole. */
export type Rank = Pick<Observation, 'time' | 'source' | 'id'>;

/**
 * Of one indicator's observations those that rules may ever look at, greatest first: of a state the greatest of each ref, of
 * an event each distinct one; no more than 200. A repeat is told by `(source, id)`. May sort `group` in place.
 */
export function newestOf(group: Observation[], kind: IndicatorKind): Observation[] {
  if (group.length === 1) return group;
  group.sort(greatestFirst);
  const seen = new Set<string>();
  const kept: Observation[] = [];
  for (const one of group) {
    const name = kind === 'state' ? one.ref : `${one.source.length} ${one.source}${one.id}`;
    if (seen.has(name)) continue;
    seen.add(name);
    kept.push(one);
    if (kept.length === MOST_OF_INDICATOR) break;
  }
  return kept;
}

const greatestFirst = (a: Observation, b: Observation) => compareRank(b, a);

/**
 * Of the observations under one key those that are kept on `day`, whatever the pack (signals §3): no older than 400 days, and
 * of each indicator those that rules may ever look at. A function of the set: `retain(retain(a) ∪ b)` is `retain(a ∪ b)`.
 * @param kindOf the kind of an indicator by its number; a code never changes it
 */
export function retain(
  observations: readonly Observation[],
  day: number,
  kindOf: (indicator: number) => IndicatorKind,
): Observation[] {
  const groups = groupByIndicator(observations, (one) => day - dayOf(one.time) <= KEPT_DAYS);
  return [...groups].flatMap(([indicator, group]) => newestOf(group, kindOf(indicator)));
}

/** By the number of the indicator, those that pass. */
export function groupByIndicator(
  observations: readonly Observation[],
  passes: (one: Observation) => boolean,
): Map<number, Observation[]> {
  const groups = new Map<number, Observation[]>();
  for (const one of observations) {
    if (!passes(one)) continue;
    const group = groups.get(one.indicator);
    if (group) group.push(one);
    else groups.set(one.indicator, [one]);
  }
  return groups;
}
