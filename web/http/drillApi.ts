import type { AlertDetail, AlertList, EnterpriseAnswer, Neighbours, Problem } from '../../contract/rest.ts';
import { signInNeeded } from './signIn.ts';

/** The reads behind the layer (contract §4), same origin only. */

const TIMEOUT_MS = 15_000;
/** Rows a page of the list carries: the most the server gives. */
export const PAGE_ROWS = 200;
/** Neighbours of an alert that are asked for: the most the server gives. */
export const NEAR_ROWS = 200;

/** An answer that is a problem (RFC 9457). */
export class ReadError extends Error {
  readonly status: number;
  readonly parameter: string | undefined;
  constructor(status: number, problem: Partial<Problem>) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.status = status;
    this.parameter = problem.parameter;
  }
}

/** Why something cannot be shown: it is not for this screen, or in the server's words. */
export type Trouble = { forbidden: true } | { forbidden: false; detail: string };
export function troubleOf(error: unknown): Trouble {
  // 401 leads to the page where one signs in; until that is there, nothing is shown here either.
  if (error instanceof ReadError && (error.status === 403 || error.status === 401)) return { forbidden: true };
  return { forbidden: false, detail: error instanceof Error ? error.message : String(error) };
}

async function read<T>(path: string, signal?: AbortSignal): Promise<T> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  // AbortSignal.any is missing in the oldest browsers the wall runs in (Chrome 100).
  const inner = new AbortController();
  const abort = () => {
    inner.abort();
  };
  timeout.addEventListener('abort', abort);
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  const response = await fetch(path, { headers: { accept: 'application/json' }, signal: inner.signal });
  if (response.status === 401) signInNeeded();
  if (!response.ok) throw new ReadError(response.status, (await response.json().catch(() => ({}))) as Partial<Problem>);
  return (await response.json()) as T;
}

const part = encodeURIComponent;

export const drillApi = {
  list(
    params: URLSearchParams,
    page: { limit: number; cursor?: string; skip?: number },
    signal?: AbortSignal,
  ): Promise<AlertList> {
    const query = new URLSearchParams(params);
    query.set('limit', String(page.limit));
    if (page.cursor !== undefined) query.set('cursor', page.cursor);
    if (page.skip) query.set('skip', String(page.skip));
    return read<AlertList>(`/api/v1/alerts?${query.toString()}`, signal);
  },
  alert: (id: string, region: string, signal?: AbortSignal) =>
    read<AlertDetail>(`/api/v1/alerts/${part(id)}?scope=${part(region)}`, signal),
  neighbours: (id: string, region: string, signal?: AbortSignal) =>
    read<Neighbours>(
      `/api/v1/alerts/${part(id)}/neighbours?scope=${part(region)}&metres=1000&limit=${NEAR_ROWS}`,
      signal,
    ),
  enterprise: (key: string, region: string, signal?: AbortSignal) =>
    read<EnterpriseAnswer>(`/api/v1/enterprises/${part(key)}?scope=${part(region)}`, signal),
  /** Address of a few alerts, as a file, in this order. */
  exportRowsUrl(ids: readonly string[], scope: string, lang: string, kind: 'csv' | 'xlsx'): string {
    const query = new URLSearchParams({ scope, lang });
    for (const id of ids) query.append('id', id);
    return `/api/v1/alerts.${kind}?${query.toString()}`;
  },
  /** Address of all that match, as a file. */
  exportUrl(params: URLSearchParams, lang: string, kind: 'csv' | 'xlsx'): string {
    const query = new URLSearchParams(params);
    query.set('lang', lang);
    return `/api/v1/alerts.${kind}?${query.toString()}`;
  },
};
export type ListApi = Pick<typeof drillApi, 'list'>;
