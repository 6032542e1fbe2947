import type { LocationQuery } from 'vue-router';
import { CHANNELS, TIERS } from '../../contract/codes.ts';
import { SUBJECT_KINDS, SUBJECT_SORTS } from './codes.ts';

/** What is looked for in the list of subjects; '' is no filter. It stands in the page's address, so that Back keeps it. */
export interface SubjectSearch {
  q: string;
  kind: string;
  tier: string;
  watch: string;
  channel: string;
  indicator: string;
  scope: string;
  /** H3 cell of the map of heat. */
  cell: string;
  sort: string;
}

const KEYS = ['q', 'kind', 'tier', 'watch', 'channel', 'indicator', 'scope', 'cell', 'sort'] as const;
const ALLOWED: Partial<Record<keyof SubjectSearch, readonly string[]>> = {
  kind: SUBJECT_KINDS,
  tier: TIERS,
  watch: ['true', 'false'],
  channel: CHANNELS,
  sort: SUBJECT_SORTS,
};
const PATTERNS: Partial<Record<keyof SubjectSearch, RegExp>> = {
  indicator: /^[a-z0-9]+([.-][a-z0-9]+)*$/,
  scope: /^\d{6}(\d{3})?$/,
  cell: /^88[0-9a-f]{13}$/,
};
const MAX_Q = 200;

/** Reads a search out of an address; what it does not understand is no filter. */
export function readSearch(query: LocationQuery): SubjectSearch {
  const value = (key: keyof SubjectSearch): string => {
    const text = query[key];
    if (typeof text !== 'string') return '';
    if (ALLOWED[key] && !ALLOWED[key].includes(text)) return '';
    return PATTERNS[key] && !PATTERNS[key].test(text) ? '' : text.slice(0, MAX_Q);
  };
  return Object.fromEntries(KEYS.map((key) => [key, value(key)])) as unknown as SubjectSearch;
}

/** The search as the page's address has it: what is not filtered is left out. */
export function searchQuery(search: SubjectSearch): Record<string, string | undefined> {
  return Object.fromEntries(KEYS.map((key) => [key, search[key].trim() || undefined]));
}

/** The search as the server is asked (contract §7). */
export function searchParams(region: string, search: SubjectSearch): URLSearchParams {
  const params = new URLSearchParams({ region });
  for (const [key, value] of Object.entries(searchQuery(search))) if (value !== undefined) params.set(key, value);
  return params;
}

/** Whether anything is looked for, besides the order. */
export function searches(search: SubjectSearch): boolean {
  return KEYS.some((key) => key !== 'sort' && search[key].trim() !== '');
}
