import type { Session } from '../../contract/access.ts';
import type { Boundaries } from '../../contract/boundaries.ts';
import type { Measure, WindowName } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import type {
  AlertDetail,
  AlertList,
  EnterpriseAnswer,
  Neighbours,
  RegionAnswer,
  RegionsAnswer,
  SeriesAnswer,
} from '../../contract/rest.ts';
import type { Instants, Marks, ReplayQuery } from '../../contract/replay.ts';
import type { Site } from '../../contract/site.ts';
import { read } from './client.ts';
import { readLines } from './lines.ts';

/** The REST reads of contract §4. */

/** Lists and details go through many alerts, and may take longer than the rest. */
const LIST_TIMEOUT_MS = 15_000;
/** Rows a page of the list carries: the most the server gives. */
export const PAGE_ROWS = 200;
/** Neighbours of an alert that are asked for: the most the server gives. */
export const NEAR_ROWS = 200;

/** A page of a list: by cursor after another, or so many rows from the top. */
export interface PageRequest {
  limit: number;
  cursor?: string;
  skip?: number;
}

/** The encoded path below the API's root, and its query; values that are undefined are left out. */
function pathOf(parts: readonly string[], query: Record<string, string | number | undefined> = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
  const text = search.toString();
  return `/api/v1/${parts.map(encodeURIComponent).join('/')}${text && `?${text}`}`;
}
const slow = (signal?: AbortSignal) => ({ signal, timeoutMs: LIST_TIMEOUT_MS });

export const reads = {
  session: () => read<Session>('/api/v1/access/session'),
  regions: (onDate?: (serverMs: number) => void) => read<RegionsAnswer>('/api/v1/regions', { onDate }),
  region: (code: string) => read<RegionAnswer>(pathOf(['regions', code])),
  boundaries: (code: string) => read<Boundaries>(pathOf(['regions', code, 'boundaries'])),
  site: (code: string, signal?: AbortSignal) => read<Site>(pathOf(['regions', code, 'site']), { signal }),
  /** @param at a moment in the past (RFC 3339); now without it */
  snapshot: (scope: string, window: WindowName, at?: string, signal?: AbortSignal) =>
    read<Frame>(pathOf(['snapshot'], { scope, window, at }), { signal }),
  /** A span of the past, line by line: a frame, then a merge patch a step. */
  replay: ({ scope, window, from, to, step, shown }: ReplayQuery, signal: AbortSignal) =>
    readLines(pathOf(['replay'], { scope, window, from, to, step, shown: shown ? 'true' : undefined }), signal),
  /** What a time bar must know; marks of the span. */
  replayMarks: (scope: string, from?: string, to?: string, signal?: AbortSignal) =>
    read<Marks>(pathOf(['replay', 'marks'], { scope, from, to }), { signal }),
  shownInstants: (scope: string, signal?: AbortSignal) =>
    read<Instants>(pathOf(['replay', 'shown', 'instants'], { scope }), { signal }),
  /** A measure by steps, from `from` to the moment of the frame. */
  series: ({ scope, at: to }: Frame, measure: Measure, step: string, from: string, signal?: AbortSignal) =>
    read<SeriesAnswer>(pathOf(['series'], { scope, measure, step, from, to }), { signal }),
  list(params: URLSearchParams, { limit, cursor, skip }: PageRequest, signal?: AbortSignal): Promise<AlertList> {
    const query = new URLSearchParams(params);
    query.set('limit', String(limit));
    if (cursor !== undefined) query.set('cursor', cursor);
    if (skip) query.set('skip', String(skip));
    return read<AlertList>(`/api/v1/alerts?${query.toString()}`, slow(signal));
  },
  /** How many alerts match; the filters name no employer and no place. */
  count: async (params: URLSearchParams, signal?: AbortSignal) =>
    (await read<{ total: number }>(`/api/v1/alert-counts?${params.toString()}`, slow(signal))).total,
  /** An alert with its latest events, or with those before `cursor`. */
  alert: (alertId: string, region: string, signal?: AbortSignal, cursor?: string) =>
    read<AlertDetail>(
      pathOf(['alerts', alertId], { scope: region, ...(cursor === undefined ? {} : { cursor }) }),
      slow(signal),
    ),
  neighbours: (alertId: string, region: string, signal?: AbortSignal) =>
    read<Neighbours>(
      pathOf(['alerts', alertId, 'neighbours'], { scope: region, metres: 1_000, limit: NEAR_ROWS }),
      slow(signal),
    ),
  enterprise: (key: string, region: string, signal?: AbortSignal) =>
    read<EnterpriseAnswer>(pathOf(['enterprises', key], { scope: region }), slow(signal)),
};
export type Reads = typeof reads;
