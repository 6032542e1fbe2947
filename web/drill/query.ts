import {
  CHANNELS,
  INDUSTRIES,
  STAGES,
  TIERS,
  type Channel,
  type Industry,
  type Stage,
  type Tier,
  type Verdict,
  type WindowName,
} from '../../contract/codes.ts';
import type { AlertRef } from '../../contract/frame.ts';
import { ALERT_SORTS } from '../../contract/rest.ts';
import { parseAlertKey } from '../../common/alertRef.ts';
import { FIGURES, type Figure } from '../panels/figures.ts';
import type { DrillTarget } from '../panels/types.ts';

/**
 * From a pressed figure to the alerts behind it. Pure. A list is a *figure* (which alerts count at all) narrowed by
 * dimensions; its total is the figure that was pressed, at the same moment (screens.md, "Drill-down").
 */

/** What the server is asked for each figure; with `measure`, in the window. */
const BASIS: Record<
  Figure,
  { open?: true; overdue?: true; dueToday?: true; measure?: 'raised' | 'audited' | 'recovered' | 'closed' }
> = {
  open: { open: true },
  overdue: { overdue: true },
  dueToday: { dueToday: true },
  raised: { measure: 'raised' },
  successRate: { measure: 'audited' },
  recoveredFen: { measure: 'recovered' },
  recoveredWorkers: { measure: 'recovered' },
  enterprisesPaid: { measure: 'recovered' },
  closed: { measure: 'closed' },
  all: {},
};

/** Whether a figure depends on the window, or is a state of affairs. */
export function windowed(figure: Figure): boolean {
  return BASIS[figure].measure !== undefined;
}

export type SortOrder = (typeof ALERT_SORTS)[number];
export const DEFAULT_SORT: SortOrder = '-raised';
export const STANDING_VERDICTS = ['effective', 'false-alarm'] as const satisfies readonly Verdict[];

export interface DrillFilter {
  figure: Figure;
  /** Any of the values; empty: all. */
  tier: readonly Tier[];
  stage: readonly Stage[];
  industry: readonly Industry[];
  channel: readonly Channel[];
  verdict: readonly Verdict[];
  /** H3 cell of the heat. */
  h3: string;
  /** An enterprise's uscc, or its name. */
  uscc: string;
  q: string;
  sort: SortOrder;
}

export const NO_FILTER: DrillFilter = {
  figure: 'open',
  tier: [],
  stage: [],
  industry: [],
  channel: [],
  verdict: [],
  h3: '',
  uscc: '',
  q: '',
  sort: DEFAULT_SORT,
};

/** Where a press leads: to a list (and, for a town, into its scope), or to one alert. */
export type Opening = { filter: DrillFilter; scope?: string } | { alert: AlertRef };

const known = <T extends string>(values: readonly T[], text: string): T[] => values.filter((value) => value === text);

/** The list behind a figure. The same code means another figure in another panel, which says so. */
export function openingOf({ kind, code, figure }: DrillTarget): Opening {
  const list = (change: Partial<DrillFilter>) => ({ filter: { ...NO_FILTER, ...change } });
  switch (kind) {
    case 'tier':
      return list({ figure: figure ?? 'open', tier: known(TIERS, code) });
    case 'town':
      return { ...list({ figure: 'open' }), scope: code };
    case 'industry':
      return list({ figure: 'raised', industry: known(INDUSTRIES, code) });
    case 'channel':
      return list({ figure: figure ?? 'raised', channel: known(CHANNELS, code) });
    case 'stage':
      return list({ figure: code === 'closed' ? 'all' : 'open', stage: known(STAGES, code) });
    case 'headline':
      return list({ figure: known(FIGURES, code)[0] ?? 'raised' });
    case 'cell':
      return list({ figure: 'raised', h3: code });
    case 'alert':
      return { alert: parseAlertKey(code)! };
  }
}

const DIMENSIONS = ['tier', 'stage', 'industry', 'channel', 'verdict'] as const;
export type Dimension = (typeof DIMENSIONS)[number];
/** Filters made of one text. */
export const TEXTS = ['h3', 'uscc', 'q'] as const;

/** The query of `GET /api/v1/alerts` for a list, without page. A list in all of time takes no window. */
export function toParams(filter: DrillFilter, scope: string, window: WindowName): URLSearchParams {
  const params = new URLSearchParams({ scope });
  const { measure, open, overdue, dueToday } = BASIS[filter.figure];
  if (measure) {
    params.set('measure', measure);
    params.set('window', window);
  }
  if (open) params.set('open', 'true');
  if (overdue) params.set('overdue', 'true');
  if (dueToday) params.set('dueToday', 'true');
  for (const key of DIMENSIONS) for (const value of filter[key]) params.append(key, value);
  for (const key of TEXTS) if (filter[key]) params.set(key, filter[key].trim());
  params.set('sort', filter.sort);
  return params;
}

type RawQuery = Record<string, unknown>;
const values = (raw: unknown): string[] =>
  (Array.isArray(raw) ? raw : [raw]).flatMap((value) => (typeof value === 'string' ? value.split(',') : []));
/** Longest search text that the server takes. */
export const MAX_Q = 200;

/** A list as the page's URL says it; what it does not understand is as if absent. */
export function readFilter(query: RawQuery): DrillFilter {
  const of = <T extends string>(all: readonly T[], key: string) => {
    const given = new Set(values(query[key]));
    return all.filter((value) => given.has(value));
  };
  const text = (key: string, most: number) => {
    const raw = Array.isArray(query[key]) ? (query[key] as unknown[])[0] : query[key];
    return typeof raw === 'string' ? raw.slice(0, most) : '';
  };
  return {
    figure: of(FIGURES, 'of')[0] ?? 'open',
    tier: of(TIERS, 'tier'),
    stage: of(STAGES, 'stage'),
    industry: of(INDUSTRIES, 'industry'),
    channel: of(CHANNELS, 'channel'),
    verdict: of(STANDING_VERDICTS, 'verdict'),
    h3: /^[0-9a-f]{15,16}$/.test(text('h3', 16)) ? text('h3', 16) : '',
    uscc: text('uscc', 500),
    q: text('q', MAX_Q),
    sort: of(ALERT_SORTS, 'sort')[0] ?? DEFAULT_SORT,
  };
}

/** The URL's query for a list: only what differs from {@link NO_FILTER}. {@link readFilter} reads it back. */
export function writeFilter(filter: DrillFilter): Record<string, string> {
  const query: Record<string, string> = {};
  query.of = filter.figure;
  for (const key of DIMENSIONS) if (filter[key].length > 0) query[key] = filter[key].join(',');
  for (const key of TEXTS) if (filter[key]) query[key] = filter[key];
  if (filter.sort !== DEFAULT_SORT) query.sort = filter.sort;
  return query;
}

/** Keys of {@link writeFilter}, which the screen's own settings must leave alone in the URL. */
export const FILTER_KEYS: readonly string[] = ['of', ...DIMENSIONS, ...TEXTS, 'sort'];
