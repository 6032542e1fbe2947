import type { CaseAction, Stage } from '../../contract/codes.ts';
import type { AlertBrief } from '../../contract/frame.ts';

/** What the next event about an alert must be. */
export type NextAction = Extract<CaseAction, 'dispatch' | 'accept' | 'handle' | 'audit' | 'close'>;
const STEPS: Partial<Record<Stage, NextAction>> = {
  raised: 'dispatch',
  dispatched: 'accept',
  accepted: 'handle',
  handled: 'audit',
  audited: 'close',
};

/** What happens next about an alert, and who must do it: the unit that it was dispatched to, or the district's officers. */
export interface NextStep {
  action: NextAction;
  by: 'unit' | 'officers';
  unit?: string;
}

/** By the stage of an alert (casework §2 and §3); undefined for one that is closed. */
export function nextStepOf({ stage, unit }: Pick<AlertBrief, 'stage' | 'unit'>): NextStep | undefined {
  const action = STEPS[stage];
  if (!action) return undefined;
  if (action === 'audit' || action === 'close' || (action === 'dispatch' && unit === undefined))
    return { action, by: 'officers' };
  return { action, by: 'unit', ...(unit === undefined ? {} : { unit }) };
}
