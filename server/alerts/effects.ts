import { hasEffect, type Stands } from './fold.ts';
import type { StoredEvent } from './state.ts';

/**
 * For each event of an alert, whether it has an effect (contract §2, "Made by"): one of an outside platform to which the alert did not stand
 * dispatched then has none, and is not told as something that happened.
 * @param events in the order of contract §2
 */
export function effectsOf(events: readonly StoredEvent[]): readonly boolean[] {
  let stands: Stands = {};
  return events.map((event) => {
    const effect = hasEffect(stands, event);
    if (effect && event.type === 'wage.alert.dispatched') stands = event.data;
    return effect;
  });
}
