import { HttpError, isFinal } from '../http/client.ts';

/** Why the past is not there, as the time bar says it (`timebar.trouble`). */
export type TroubleKind = 'away' | 'busy' | 'access' | 'scope' | 'span';
export interface Trouble {
  kind: TroubleKind;
  /** The server's own words, where it had some that help. */
  detail?: string;
}

/** Contract §4: 429 while four replays of one token or session go on, 422 and 400 for a span that there is not. */
export function troubleOf(error: unknown): Trouble {
  const status = error instanceof HttpError ? error.status : 0;
  if (status === 429) return { kind: 'busy' };
  if (status === 401 || status === 403) return { kind: 'access' };
  if (status === 404) return { kind: 'scope' };
  return isFinal(error) ? { kind: 'span', detail: (error as HttpError).message } : { kind: 'away' };
}

/** A busy server is asked again after this, ms, if it does not say when. */
const BUSY_MS = 2_000;
const LONGEST_MS = 15_000;

/** When to ask again, ms; undefined: not before something else is wanted. */
export function retryAfter(error: unknown, attempt: number): number | undefined {
  if (isFinal(error)) return undefined;
  const asked = error instanceof HttpError ? error.retryMs : undefined;
  const { kind } = troubleOf(error);
  return Math.min(LONGEST_MS, Math.max(asked ?? 0, kind === 'busy' ? BUSY_MS : 500) * 2 ** Math.min(attempt, 5));
}
