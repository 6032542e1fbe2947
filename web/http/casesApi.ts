import type { CaseAction } from '../../contract/codes.ts';
import type { ActionOutcomes, Expect } from '../../contract/casework.ts';
import type { SavedFilters, UnitPeople } from '../../contract/deskFilters.ts';
import type { AlertRef } from '../../contract/frame.ts';
import type { AlertDetail } from '../../contract/rest.ts';
import type { Inbox } from '../../contract/supervision.ts';
import { OURS } from './accessApi.ts';
import { HttpError, read, request } from './client.ts';

/** What people do about alerts (docs/casework.md §2), and what the clock tells them. */

/** An action as it is sent: what it carries lies beside its name. */
export interface SentAction {
  action: Exclude<CaseAction, 'raise'>;
  expect: Expect;
  fields: Readonly<Record<string, unknown>>;
}

/** Counting may take so long until it is answered `202` (5 s), and the way there and back. */
const ACT_TIMEOUT_MS = 15_000;
const bodyOf = ({ action, expect, fields }: SentAction) => ({ action, expect, ...fields });

export const casesApi = {
  /**
   * Acts on one alert.
   * @param key the same key again does nothing again
   * @returns the alert as it then is; undefined where the event is kept and not counted yet
   * @throws HttpError; at 409 `more.alert` is the alert as it is
   */
  act: (region: string, alertId: string, sent: SentAction, key: string) =>
    request<AlertDetail | undefined>(`/api/v1/alerts/${encodeURIComponent(alertId)}/actions?scope=${region}`, {
      method: 'POST',
      body: bodyOf(sent),
      headers: { ...OURS, 'idempotency-key': key },
      timeoutMs: ACT_TIMEOUT_MS,
    }),
  /** Acts on several, each with its own outcome, in their order. */
  actOnSeveral: (actions: readonly (SentAction & { region: string; alertId: string })[], key: string) =>
    request<ActionOutcomes>('/api/v1/alerts/actions', {
      method: 'POST',
      body: { actions: actions.map(({ region, alertId, ...sent }) => ({ alertId, region, ...bodyOf(sent) })) },
      headers: { ...OURS, 'idempotency-key': key },
      timeoutMs: 2 * ACT_TIMEOUT_MS,
    }),
  /**
   * Raises an alert by hand.
   * @param facts those of `raise`, with `duplicate` where another one of the same employer is meant
   * @returns which alert it has become
   * @throws HttpError; at 409 `more.alerts` are the employer's that are open
   */
  async raise(region: string, facts: object, key: string): Promise<AlertRef> {
    const { outcomes } = await request<ActionOutcomes>('/api/v1/alerts/actions', {
      method: 'POST',
      body: { actions: [{ action: 'raise', region, ...facts }] },
      headers: { ...OURS, 'idempotency-key': key },
      timeoutMs: ACT_TIMEOUT_MS,
    });
    const [{ status, alertId, problem } = { status: 0, alertId: undefined, problem: undefined }] = outcomes;
    if (alertId === undefined || status >= 300) throw new HttpError(status, problem);
    return { region, alertId };
  },
  /** The people of a unit who may work on an alert of a town. */
  people: async ({ region, unit, town }: { region: string; unit: string; town: string }, signal?: AbortSignal) =>
    (
      await read<UnitPeople>(`/api/v1/units/${encodeURIComponent(unit)}/people?region=${region}&town=${town}`, {
        signal,
      })
    ).items,
  /** One's own saved filters. */
  filters: () => read<SavedFilters>('/api/v1/desk/filters'),
  /** @throws HttpError 409 where they were changed elsewhere since */
  setFilters: (filters: SavedFilters) =>
    request<SavedFilters>('/api/v1/desk/filters', { method: 'PUT', body: filters, headers: OURS }),
  /** What came after an entry; the latest without one. */
  inbox: (scope: string, after?: string) =>
    read<Inbox>(`/api/v1/inbox?scope=${scope}${after === undefined ? '' : `&after=${after}`}`),
};
