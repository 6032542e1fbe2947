import { HttpProblem } from '../../platform/http/problem.ts';
import type { Region, Regions } from '../../region/region.ts';
import type { Asker } from './asker.ts';
import type { Desk } from './desk.ts';
import type { KeptOutcome } from './deskStore.ts';
import { noAlert, notDone, type Outcome } from './outcome.ts';

export interface Recalled {
  outcome: Outcome;
  alertId?: string | undefined;
}
/** What became of an action that was asked for before, as the asker may see it today. */
export async function recalled(
  kept: KeptOutcome,
  { desk, regions }: { desk: Desk; regions: Regions },
  asker: Asker,
  several: boolean,
): Promise<Recalled> {
  const { alertId } = kept;
  const region = kept.region === undefined ? undefined : regions.of(kept.region);
  const event = kept.status === 'problem' ? undefined : kept.event;
  if (region && alertId !== undefined) {
    const outcome = await desk.recall({ region, alertId, ...(event === undefined ? {} : { event }) }, asker, several);
    if (outcome) return { outcome, alertId };
  }
  if (kept.status !== 'problem') return { outcome: notDone(noAlert(kept.alertId)), alertId };
  const { status, title, detail, parameter, rule } = kept.problem;
  const problem = new HttpProblem(status, title, detail, parameter, rule === undefined ? {} : { rule });
  return { outcome: notDone(problem), alertId };
}

/** Of an outcome, what is kept for whoever asks the same again: nothing of what the alert holds. */
export function keptOf(
  outcome: Outcome,
  task: { event?: string; region?: Region; alertId?: string } = {},
): KeptOutcome {
  const event = task.event ?? '';
  if (outcome.status === 200) {
    const { region, alertId } = outcome.alert;
    return { status: 200, region, alertId, event };
  }
  if (outcome.status === 202) return { status: 202, region: outcome.region, alertId: outcome.alertId, event };
  const { status, title, detail, parameter, extensions } = outcome.problem;
  return {
    status: 'problem',
    ...(task.region && task.alertId !== undefined ? { region: task.region.code, alertId: task.alertId } : {}),
    problem: { status, title, detail, parameter, rule: extensions.rule },
  };
}
