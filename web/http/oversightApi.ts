import type { AlertLetters, Letters } from '../../contract/letters.ts';
import type { Performance, PerformanceCases } from '../../contract/performance.ts';
import type { PerformanceFigure } from '../../contract/oversightNames.ts';
import type { Decision, Supervision, Supervisions } from '../../contract/supervision.ts';
import { OURS } from './accessApi.ts';
import { read, request } from './client.ts';

/** Supervisions, letters and what units have done (docs/casework.md §3, §7, §8). */

/** The event of a decision may take so long to be counted (5 s), and the way there and back. */
const DECIDE_TIMEOUT_MS = 15_000;
const SLOW = { timeoutMs: 15_000 };

export const oversightApi = {
  drafts: (scope: string, limit: number, skip = 0) =>
    read<Supervisions>(`/api/v1/supervisions?scope=${scope}&state=draft&limit=${limit}&skip=${skip}`, SLOW),
  /** @throws HttpError; at 409 `more.supervision` as it has been decided, or `more.alert` as it is */
  decide: (scope: string, id: string, decision: Decision) =>
    request<Supervision>(`/api/v1/supervisions/${encodeURIComponent(id)}?scope=${scope}`, {
      method: 'POST',
      body: decision,
      headers: OURS,
      timeoutMs: DECIDE_TIMEOUT_MS,
    }),
  letters: (params: URLSearchParams) => read<Letters>(`/api/v1/letters?${params.toString()}`, SLOW),
  /** Of one alert, with the facts as they stood. */
  ofAlert: (region: string, alertId: string) =>
    read<AlertLetters>(`/api/v1/alerts/${encodeURIComponent(alertId)}/letters?scope=${region}`, SLOW),
  /** @param from first month, `2026-06` */
  performance: (region: string, from: string, to: string) =>
    read<Performance>(`/api/v1/units/performance?region=${region}&from=${from}&to=${to}`, SLOW),
  performanceCases: (
    {
      region,
      from,
      to,
      unit,
      figure,
    }: { region: string; from: string; to: string; unit: string; figure: PerformanceFigure },
    { limit, skip }: { limit: number; skip: number },
  ) =>
    read<PerformanceCases>(
      `/api/v1/units/performance/cases?${new URLSearchParams({ region, from, to, unit, figure, limit: String(limit), skip: String(skip) }).toString()}`,
      SLOW,
    ),
};
