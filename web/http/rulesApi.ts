import type { Activate, RulePack, Rules, TestResult, VersionState } from '../../contract/rulePack.ts';
import { OURS } from './accessApi.ts';
import { read, request } from './client.ts';

/** The rules of a region (contract §7). */

const ROOT = '/api/v1/rules';
/** A version is tried on everybody that is watched. */
const TRIAL_TIMEOUT_MS = 60_000;

/** What became of an activation: done (`active`), or how many alerts it would raise, to be confirmed. */
export interface Activated {
  version: string;
  state: VersionState;
  raises?: number;
}

function path(region: string, ...parts: string[]): string {
  return `${[ROOT, ...parts.map(encodeURIComponent)].join('/')}?region=${encodeURIComponent(region)}`;
}

export const rulesApi = {
  list: (region: string) => read<Rules>(path(region)),
  pack: (region: string, version: string) => read<RulePack>(path(region, version)),
  test: (region: string, version: string) =>
    request<{ ok: boolean; tests: TestResult[] }>(path(region, version, 'test'), {
      method: 'POST',
      headers: OURS,
      timeoutMs: TRIAL_TIMEOUT_MS,
    }),
  activate: (region: string, version: string, body: Activate) =>
    request<Activated>(path(region, version, 'activate'), {
      method: 'POST',
      body,
      headers: OURS,
      timeoutMs: TRIAL_TIMEOUT_MS,
    }),
};
