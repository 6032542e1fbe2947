import type { FilterQuery, SavedFilter } from '../../contract/deskFilters.ts';
import { FILTERED_LISTS, MAX_FILTER_NAME } from '../../contract/deskFilterLimits.ts';
import { STAGES, TIERS, type Stage, type Tier } from '../../contract/codes.ts';
import { normalName } from '../../common/identity.ts';

/** Filters of the desk's lists: in the URL, in a form, and saved by a name. Pure. */

export const DUE = ['late', 'today', 'week'] as const;

const known = <T extends string>(all: readonly T[], value: unknown): T[] =>
  Array.isArray(value) ? all.filter((one) => value.includes(one)) : [];
const text = (value: unknown, most: number) =>
  typeof value === 'string' && value.trim() !== '' && value.length <= most ? value : undefined;

/** A filter as it stands in the URL; what is not understood is left out. */
export function readFilter(json: unknown): FilterQuery {
  let given: Record<string, unknown>;
  try {
    given = (JSON.parse(typeof json === 'string' ? json : '{}') ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
  const { town, unit, due, supervised, q } = given;
  return tidyFilter({
    town: typeof town === 'string' && /^\d{9}$/.test(town) ? town : undefined,
    tier: known<Tier>(TIERS, given['tier']),
    unit: text(unit, 100),
    stage: known<Stage>(STAGES, given['stage']),
    due: DUE.find((one) => one === due),
    supervised: supervised === true || undefined,
    q: text(q, 200),
  });
}

/** Nothing in it that does not narrow; always in the same order, so that equal filters are equal texts. */
export function tidyFilter(filter: { [K in keyof FilterQuery]: FilterQuery[K] | undefined }): FilterQuery {
  const { town, tier, unit, stage, due, supervised, q } = filter;
  return {
    ...(town ? { town } : {}),
    ...(tier?.length ? { tier: known<Tier>(TIERS, tier) } : {}),
    ...(unit ? { unit } : {}),
    ...(stage?.length ? { stage: known<Stage>(STAGES, stage) } : {}),
    ...(due ? { due } : {}),
    ...(supervised ? { supervised } : {}),
    ...(q?.trim() ? { q: q.trim() } : {}),
  };
}

/** For the URL; undefined where it narrows nothing. */
export function filterText(filter: FilterQuery): string | undefined {
  const json = JSON.stringify(tidyFilter(filter));
  return json === '{}' ? undefined : json;
}

export function isSame(a: Pick<SavedFilter, 'list' | 'query'>, b: Pick<SavedFilter, 'list' | 'query'>): boolean {
  return a.list === b.list && filterText(a.query) === filterText(b.query);
}

/** What is wrong with a name: a key of the texts below `desk.filters`. @param others names that are taken */
export function nameFault(name: string, others: readonly string[]): 'noName' | 'longName' | 'takenName' | undefined {
  const plain = name.trim();
  if (plain === '') return 'noName';
  if ([...plain].length > MAX_FILTER_NAME || plain.length > MAX_FILTER_NAME) return 'longName';
  return others.some((other) => normalName(other) === normalName(plain)) ? 'takenName' : undefined;
}

export const isFilteredList = (list: string): list is SavedFilter['list'] =>
  (FILTERED_LISTS as readonly string[]).includes(list);
