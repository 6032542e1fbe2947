import { applyEvent, compareEvents, finishState, hasEffect, startState, type FoldRules } from '../../alerts/fold.ts';
import type { AlertState, StoredEvent, Turn } from '../../alerts/state.ts';

/** An alert as the rules of casework see it: its state, and what its history forbids. */
export interface CaseState {
  alert: AlertState;
  /** How many distinct events it has, also those without effect. */
  events: number;
  /** Id of who made the last `handled`, where that is known. */
  handledBy?: string;
  /** How often its term was extended. */
  extensions: number;
  /** Whose turn it is, and was before, since it was last sent out anew. */
  turn?: Turn;
}

/** @param events in any order; they are put in that of contract §2. @returns undefined while the alert is pending */
export function caseStateOf(alertId: string, events: StoredEvent[], rules: FoldRules): CaseState | undefined {
  events.sort(compareEvents);
  const first = events.find((event) => event.type === 'wage.alert.raised');
  if (!first) return undefined;
  const alert = startState(alertId, first);
  let handledBy: string | undefined;
  let extensions = 0;
  for (const event of events) {
    if (hasEffect(alert, event)) {
      if (event.type === 'wage.alert.handled') handledBy = event.by?.actor;
      else if (event.type === 'wage.case.extended') extensions++;
    }
    applyEvent(alert, event);
  }
  // Finishing it uses them up.
  const { turn } = alert;
  finishState(alert, events[events.length - 1]!.time, rules);
  return {
    alert,
    events: events.length,
    extensions,
    ...(handledBy === undefined ? {} : { handledBy }),
    ...(turn === undefined ? {} : { turn }),
  };
}
