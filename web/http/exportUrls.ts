import { alertKey } from '../../common/alertRef.ts';
import { levelOf } from '../../common/divisions.ts';
import type { AlertRef } from '../../contract/frame.ts';

/** Addresses of lists as files (contract §4), which the browser fetches itself. */

export type FileKind = 'csv' | 'xlsx';

/** A few alerts, in this order; in a city or province ids are those of its districts, and need their regions. */
export function exportRowsUrl(alerts: readonly AlertRef[], scope: string, lang: string, kind: FileKind): string {
  const query = new URLSearchParams({ scope, lang });
  const upper = scope.length === 6 && levelOf(scope) !== 'district';
  for (const alert of alerts) query.append('id', upper ? alertKey(alert) : alert.alertId);
  return `/api/v1/alerts.${kind}?${query.toString()}`;
}

/** All alerts of a list. */
export function exportUrl(params: URLSearchParams, lang: string, kind: FileKind): string {
  const query = new URLSearchParams(params);
  query.set('lang', lang);
  return `/api/v1/alerts.${kind}?${query.toString()}`;
}
