import type { Clue, ClueAnswer } from '../../contract/clues.ts';
import type { Suggestions } from '../../contract/subjects.ts';
import { OURS } from './accessApi.ts';
import { request } from './client.ts';
import { sendFile, type Uploading } from './filesApi.ts';

/** Clues that people report (docs/casework.md §6). */

/** The rules may take so long until it is answered `202` (5 s), and the way there and back. */
const TIMEOUT_MS = 15_000;

/**
 * @param more headers of whoever reports without a session of their own
 */
export const cluesApi = (more: () => Record<string, string> = () => ({})) => ({
  /**
   * Reports a clue. @param key the same key again does nothing again
   * @returns what became of it; undefined where it is kept and the rules have not looked at it yet
   */
  report: (clue: Clue, key: string) =>
    request<ClueAnswer | undefined>('/api/v1/clues', {
      method: 'POST',
      body: clue,
      headers: { ...OURS, ...more(), 'idempotency-key': key },
      timeoutMs: TIMEOUT_MS,
    }),
  /** Sends a picture that the clue will name. @throws HttpError */
  upload: (region: string, file: Blob, how: Uploading) =>
    sendFile(`/api/v1/clues/photos?region=${region}`, file, how, more()),
  /** Employers of the register by a part of their name. */
  suggest: async (region: string, q: string, signal: AbortSignal) =>
    (
      await request<Suggestions>(`/api/v1/subjects/suggest?region=${region}&q=${encodeURIComponent(q)}`, {
        headers: more(),
        signal,
      })
    ).items,
});
/** A clue that is read beside an alert is seen by those who work on that. */
export interface ClueRef {
  region: string;
  /** `mine`: what one has uploaded and no clue has named yet. */
  clue: string;
  alert?: string | undefined;
}

/** Where a picture of a clue is downloaded, or its thumbnail is seen. */
export function photoUrl({ region, clue, alert }: ClueRef, digest: string, thumb = false): string {
  const query = new URLSearchParams({
    region,
    ...(alert === undefined ? {} : { alert }),
    ...(thumb ? { thumb: '1' } : {}),
  });
  return `/api/v1/clues/${encodeURIComponent(clue)}/photos/${encodeURIComponent(digest)}?${query.toString()}`;
}
export type CluesApi = ReturnType<typeof cluesApi>;
