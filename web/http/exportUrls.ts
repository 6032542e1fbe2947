/** Addresses of lists as files (contract §4), which the browser fetches itself. */

export type FileKind = 'csv' | 'xlsx';

/** A few alerts, in this order. */
export function exportRowsUrl(ids: readonly string[], scope: string, lang: string, kind: FileKind): string {
  const query = new URLSearchParams({ scope, lang });
  for (const id of ids) query.append('id', id);
  return `/api/v1/alerts.${kind}?${query.toString()}`;
}

/** All alerts of a list. */
export function exportUrl(params: URLSearchParams, lang: string, kind: FileKind): string {
  const query = new URLSearchParams(params);
  query.set('lang', lang);
  return `/api/v1/alerts.${kind}?${query.toString()}`;
}
