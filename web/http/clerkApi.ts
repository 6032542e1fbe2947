import type { ClerkBegun, ClerkCases, ClerkSession } from '../../contract/clerk.ts';
import type { AlertRef } from '../../contract/frame.ts';
import type { AlertDetail } from '../../contract/rest.ts';
import { CLERK_HEADER } from '../../contract/accessLimits.ts';
import { OURS } from './accessApi.ts';
import { request } from './client.ts';

/** A clerk at a paired kiosk (docs/kiosk.md). A 401 means that the clerk's session has ended, never the display's. */

const URL = '/api/v1/access/clerk';
const ACT_TIMEOUT_MS = 15_000;
/** What a clerk sends beside what lets the display in. */
export const clerkHeaders = (secret: string) => ({ [CLERK_HEADER]: secret });

export const clerkApi = {
  /** @throws HttpError 401 number and code do not go together; 429 too many attempts, `retryMs` says for how long */
  begin: (number: string, code: string) =>
    request<ClerkBegun>(URL, { method: 'POST', body: { number, code }, headers: OURS }),
  /** A sign of life. */
  alive: (secret: string) => request<ClerkSession>(URL, { headers: clerkHeaders(secret) }),
  end: (secret: string) => request<undefined>(URL, { method: 'DELETE', headers: { ...OURS, ...clerkHeaders(secret) } }),
  cases: (secret: string) => request<ClerkCases>('/api/v1/clerk/cases', { headers: clerkHeaders(secret) }),
  /** @param events how many events the alert has, as it was shown @throws HttpError 409 where it has changed since */
  accept: (secret: string, { region, alertId }: AlertRef, events: number, key: string) =>
    request<AlertDetail | undefined>(`/api/v1/alerts/${encodeURIComponent(alertId)}/actions?scope=${region}`, {
      method: 'POST',
      body: { action: 'accept', expect: { stage: 'dispatched', events } },
      headers: { ...OURS, ...clerkHeaders(secret), 'idempotency-key': key },
      timeoutMs: ACT_TIMEOUT_MS,
    }),
};
