import type { AlertSignals, Sources, SubjectHeat, SubjectList, SubjectPortrait } from '../../contract/subjects.ts';
import { read } from './client.ts';

/** What is watched (contract §7): lists, portraits, sources, and what stands behind an alert. */

const TIMEOUT_MS = 15_000;
/** Rows of a page of the list. */
const PAGE_ROWS = 50;
const part = encodeURIComponent;

export const subjectsApi = {
  /** @param filter region, filters and order; @param cursor of the page before */
  list(filter: URLSearchParams, cursor?: string, signal?: AbortSignal): Promise<SubjectList> {
    const query = new URLSearchParams(filter);
    query.set('limit', String(PAGE_ROWS));
    if (cursor !== undefined) query.set('cursor', cursor);
    return read<SubjectList>(`/api/v1/subjects?${query.toString()}`, { signal, timeoutMs: TIMEOUT_MS });
  },
  /** @param filter region and filters, as of the list; the order is of no use here */
  heat(filter: URLSearchParams): Promise<SubjectHeat> {
    const query = new URLSearchParams(filter);
    query.delete('sort');
    return read<SubjectHeat>(`/api/v1/subjects/heat?${query.toString()}`, { timeoutMs: TIMEOUT_MS });
  },
  portrait: (region: string, key: string, signal?: AbortSignal) =>
    read<SubjectPortrait>(`/api/v1/subjects/${part(key)}?region=${part(region)}`, { signal, timeoutMs: TIMEOUT_MS }),
  sources: (region: string) => read<Sources>(`/api/v1/sources?region=${part(region)}`),
  alertSignals: (alertId: string, region: string, signal?: AbortSignal) =>
    read<AlertSignals>(`/api/v1/alerts/${part(alertId)}/signals?scope=${part(region)}`, {
      signal,
      timeoutMs: TIMEOUT_MS,
    }),
};

/** Address of all subjects of a list as a CSV file, which the browser fetches itself. */
export function subjectsFileUrl(filter: URLSearchParams, lang: string): string {
  const query = new URLSearchParams(filter);
  query.set('lang', lang);
  return `/api/v1/subjects.csv?${query.toString()}`;
}
