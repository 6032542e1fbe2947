import { NO_TERM } from '../../common/termBounds.ts';
import { applyEvent, startState, termEndOf, type FoldRules } from './fold.ts';
import type { StoredEvent } from './state.ts';

/**
 * For each event of an alert, when the term ends that runs after it, epoch ms; undefined where it is the same as before the event, and where none
 * runs. With the tier as it was then: what was late at its time stays late when the tier is amended.
 * @param events in the order of contract §2, a `raised` among them
 */
export function termsAfter(
  alertId: string,
  events: readonly StoredEvent[],
  rules: FoldRules,
): readonly (number | undefined)[] {
  const first = events.find((event) => event.type === 'wage.alert.raised')!;
  const state = startState(alertId, first);
  let before: number | undefined;
  let raised = false;
  return events.map((event) => {
    raised ||= event === first;
    applyEvent(state, event);
    const end = raised ? termEndOf(state, rules) : NO_TERM;
    const same = end === before;
    before = end;
    return same || end === NO_TERM ? undefined : end;
  });
}
