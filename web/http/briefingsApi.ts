import type {
  Briefing,
  BriefingAnswer,
  BriefingChange,
  BriefingListAnswer,
  Briefings,
  LiveBriefing,
} from '../../contract/briefings.ts';
import type { OwnDeck, OwnDeckBody, OwnDeckChange, OwnDecks } from '../../contract/ownDecks.ts';
import type { Looked, Since } from '../../contract/briefingChanges.ts';
import type { BriefingList } from '../../contract/briefingLimits.ts';
import type { WindowName } from '../../contract/codes.ts';
import { OURS } from './accessApi.ts';
import { read, request } from './client.ts';

/** Briefings (docs/briefing.md). */

/** A situation with all its lists is read, packed and written. */
const FREEZE_TIMEOUT_MS = 60_000;

const DECKS = '/api/v1/briefings/decks';

export const briefingsApi = {
  /** @param scope the asker's own where none is given */
  list: (scope?: string) => read<Briefings>(`/api/v1/briefings${scope === undefined ? '' : `?scope=${scope}`}`),
  freeze: (body: { scope: string; window: WindowName; deck: string; title?: string; lang: string; at?: string }) =>
    request<Briefing>('/api/v1/briefings', { method: 'POST', body, headers: OURS, timeoutMs: FREEZE_TIMEOUT_MS }),
  get: (id: string) => read<BriefingAnswer>(`/api/v1/briefings/${encodeURIComponent(id)}`, { timeoutMs: 30_000 }),
  /** @param query with `at` (RFC 3339): of a moment of the past; `together`: of the same moment as all who follow a presenter */
  live: (query: { scope?: string; window?: string; deck?: string; at?: string; together?: 'on' }) => {
    const search = new URLSearchParams(query).toString();
    return read<LiveBriefing>(`/api/v1/briefings/live${search && `?${search}`}`, { timeoutMs: 30_000 });
  },
  /** Notes that one looks at the situation of a scope. @param at of which moment it is */
  looked: (scope: string, at: string) =>
    request<Looked>('/api/v1/briefings/looked', { method: 'POST', body: { scope, at }, headers: OURS }),
  /** What has changed since one looked before this visit. @param briefing up to its moment; now without it */
  since: (scope: string, briefing?: string) =>
    read<Since>(
      `/api/v1/briefings/since?${new URLSearchParams({ scope, ...(briefing === undefined ? {} : { briefing }) }).toString()}`,
    ),
  alerts: (id: string, list: BriefingList) =>
    read<BriefingListAnswer>(`/api/v1/briefings/${encodeURIComponent(id)}/alerts?list=${list}`),
  change: (id: string, body: BriefingChange) =>
    request<Briefing>(`/api/v1/briefings/${encodeURIComponent(id)}`, { method: 'PUT', body, headers: OURS }),
  remove: (id: string) =>
    request<undefined>(`/api/v1/briefings/${encodeURIComponent(id)}`, { method: 'DELETE', headers: OURS }),
  /** One's own decks and those that are shared in the region of a scope. */
  decks: (scope: string) => read<OwnDecks>(`${DECKS}?scope=${scope}`),
  addDeck: (body: OwnDeckBody) => request<OwnDeck>(DECKS, { method: 'POST', body, headers: OURS }),
  changeDeck: (id: string, body: OwnDeckChange) =>
    request<OwnDeck>(`${DECKS}/${encodeURIComponent(id)}`, { method: 'PUT', body, headers: OURS }),
  removeDeck: (id: string) =>
    request<undefined>(`${DECKS}/${encodeURIComponent(id)}`, { method: 'DELETE', headers: OURS }),
};
