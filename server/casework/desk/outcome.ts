import type { ActionPending } from '../../../contract/casework.ts';
import type { AlertBrief } from '../../../contract/frame.ts';
import type { AlertDetail } from '../../../contract/rest.ts';
import { HttpProblem } from '../../platform/http/problem.ts';
import type { Refusal } from '../rules/refusal.ts';

/** What became of an action: done and counted, accepted and not counted yet, or not done. */
export type Outcome =
  { status: 200; alert: AlertDetail } | ({ status: 202 } & ActionPending) | { status: 'problem'; problem: HttpProblem };

export const notDone = (problem: HttpProblem): Outcome => ({ status: 'problem', problem });

export function refused({ status, rule, detail, parameter }: Refusal): HttpProblem {
  return new HttpProblem(status, status === 403 ? 'Not allowed' : 'Cannot be done', detail, parameter, { rule });
}

export function noAlert(alertId: string): HttpProblem {
  return new HttpProblem(404, 'Unknown alert', `there is no alert ${alertId}`, 'id');
}

export function notCounted(): HttpProblem {
  return new HttpProblem(
    422,
    'Was not done',
    'an event of the same id has been counted before, so this one was not: send it with another Idempotency-Key',
    'Idempotency-Key',
  );
}

export function onItsWay(alert: AlertDetail): HttpProblem {
  return new HttpProblem(
    409,
    'Another action is on its way',
    'somebody is acting on this alert at this moment: look at it again, and decide anew',
    undefined,
    { alert },
  );
}

export function hasChanged(expected: { stage: string; events: number }, alert: AlertDetail): HttpProblem {
  return new HttpProblem(
    409,
    'It has changed',
    `when you looked, it was ${expected.stage} with ${eventsOf(expected.events)}; now it is ${alert.stage} with ${eventsOf(alert.eventsTotal!)}`,
    'expect',
    { alert },
  );
}

export function isOpenAlready(alerts: AlertBrief[]): HttpProblem {
  return new HttpProblem(
    409,
    'An alert of this employer is open',
    `${alerts.map(({ alertId }) => alertId).join(', ')}: look at it first; to raise another one, send duplicate: true`,
    'duplicate',
    { alerts },
  );
}

const eventsOf = (n: number) => (n === 1 ? '1 event' : `${n} events`);
