import type { RegionPack } from '../../../contract/region.ts';
import type { InboxEntry } from '../../../contract/supervision.ts';
import { effectsOf } from '../../alerts/effects.ts';
import { compareEvents } from '../../alerts/fold.ts';
import type { AlertState, StoredEvent } from '../../alerts/state.ts';
import { CLOCK_SOURCE, entryOf } from './speech.ts';

export type Letter = Extract<StoredEvent, { type: 'wage.case.urged' | 'wage.case.supervised' }>;

/**
 * The last `urged` and the last `supervised` of an alert, in order, that people or platforms have made and that have an effect, since it was
 * last closed. What the clock urges itself is told as it does so, and what leaders issue of its drafts as they decide.
 * @param events in any order
 */
export function lastLetters(events: readonly StoredEvent[]): Letter[] {
  if (!events.some(isLetter)) return [];
  const ordered = [...events].sort(compareEvents);
  const effects = effectsOf(ordered);
  const found = new Map<Letter['type'], Letter>();
  for (let i = ordered.length - 1; i >= 0; i--) {
    const event = ordered[i]!;
    if (event.type === 'wage.alert.closed') break;
    if (effects[i] && isLetter(event) && !found.has(event.type)) found.set(event.type, event);
  }
  return [...found.values()].reverse();
}

function isLetter(event: StoredEvent): event is Letter {
  return (event.type === 'wage.case.urged' || event.type === 'wage.case.supervised') && event.source !== CLOCK_SOURCE;
}

/** What is said of a letter that somebody has written: who urges, or puts the alert under supervision. */
export function letterOf(
  pack: RegionPack,
  state: AlertState,
  letter: Letter,
  dueAt: number | undefined,
  now: number,
): Omit<InboxEntry, 'id'> {
  const entry = entryOf(pack, state, dueAt, now);
  return letter.type === 'wage.case.urged'
    ? { kind: 'urge', ...entry }
    : { kind: 'supervision', ...entry, level: letter.data.level };
}
