import type { Measure, WindowName } from '../../contract/codes.ts';
import type { Boundaries } from '../../contract/boundaries.ts';
import type { Frame } from '../../contract/frame.ts';
import { parseRfc3339 } from '../../common/regionTime.ts';
import type { Session } from '../../contract/access.ts';
import type { AlertDetail, RegionAnswer, RegionsAnswer, SeriesAnswer } from '../../contract/rest.ts';
import { Backoff } from './backoff.ts';
import { signInNeeded } from './signIn.ts';

/** REST reads of contract §4, same origin only. */

const TIMEOUT_MS = 10_000;

/** An answer that was not 2xx; `status` tells apart what may pass (5xx) and what will not (4xx). */
export class HttpError extends Error {
  readonly status: number;
  constructor(status: number, path: string) {
    super(`${path}: HTTP ${status}`);
    this.status = status;
  }
}

/** `undefined` when there was no usable `Date` header. */
export type OnDate = (serverMs: number) => void;

async function getJson<T>(path: string, onDate?: OnDate): Promise<T> {
  const response = await fetch(path, {
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status === 401) signInNeeded();
  if (!response.ok) throw new HttpError(response.status, path);
  const date = Date.parse(response.headers.get('date') ?? '');
  if (onDate && Number.isFinite(date)) onDate(date);
  return (await response.json()) as T;
}

const part = encodeURIComponent;

export const api = {
  session: () => getJson<Session>('/api/v1/access/session'),
  regions: (onDate?: OnDate) => getJson<RegionsAnswer>('/api/v1/regions', onDate),
  region: (code: string) => getJson<RegionAnswer>(`/api/v1/regions/${part(code)}`),
  boundaries: (code: string) => getJson<Boundaries>(`/api/v1/regions/${part(code)}/boundaries`),
  snapshot: (scope: string, window: WindowName) =>
    getJson<Frame>(`/api/v1/snapshot?scope=${part(scope)}&window=${part(window)}`),
  series: ({ scope, at }: Frame, measure: Measure, step: string, from: string) =>
    getJson<SeriesAnswer>(`/api/v1/series?${new URLSearchParams({ scope, measure, step, from, to: at }).toString()}`),
  alert: (alertId: string) => getJson<AlertDetail>(`/api/v1/alerts/${part(alertId)}`),
};
export type Api = typeof api;

/**
 * Reads until it succeeds, with growing pauses: a wall switched on before its server must come up by itself.
 * An answer that says "not here" (404, 403 …) is final and thrown.
 */
export async function untilRead<T>(read: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const backoff = new Backoff(500, 15_000);
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (signal?.aborted) throw error;
      if (
        error instanceof HttpError &&
        error.status >= 400 &&
        error.status < 500 &&
        error.status !== 429 &&
        error.status !== 408
      )
        throw error;
      await new Promise((resolve) => {
        setTimeout(resolve, backoff.next());
      });
    }
  }
}

/** Epoch ms of a timestamp of the contract; NaN if it is none, which formats as absent rather than as 1970. */
export function instant(text: string): number {
  return parseRfc3339(text) ?? Number.NaN;
}
