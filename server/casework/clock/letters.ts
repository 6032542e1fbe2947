import type { RegionPack } from '../../../contract/region.ts';
import type { InboxEntry } from '../../../contract/supervision.ts';
import { effectsOf } from '../../alerts/effects.ts';
import { compareEvents } from '../../alerts/fold.ts';
import type { AlertState, StoredEvent } from '../../alerts/state.ts';
import type { LetterMark } from './marks.ts';
import { CLOCK_SOURCE, entryOf } from './speech.ts';

export type Letter = Extract<StoredEvent, { type: 'wage.case.urged' | 'wage.case.supervised' }>;

/**
 * The last `urged` or `supervised` of an alert that people or platforms have made and that has an effect, since it was last closed. What
 * the clock urges itself is told as it does so, and what leaders issue of its drafts as they decide.
 * @param events in any order
 */
export function lastLetter(events: readonly StoredEvent[]): Letter | undefined {
  if (!events.some(isLetter)) return undefined;
  const ordered = [...events].sort(compareEvents);
  const effects = effectsOf(ordered);
  for (let i = ordered.length - 1; i >= 0; i--) {
    const event = ordered[i]!;
    if (event.type === 'wage.alert.closed') return undefined;
    if (effects[i] && isLetter(event)) return event;
  }
  return undefined;
}

function isLetter(event: StoredEvent): event is Letter {
  return (event.type === 'wage.case.urged' || event.type === 'wage.case.supervised') && event.source !== CLOCK_SOURCE;
}

/**
 * Whether the last letter comes after the one that was told last. One that comes late, and before it in order, is never the last, and no
 * news any more.
 */
export function isAfter([at, source, id]: LetterMark, told: LetterMark): boolean {
  return at > told[0] || (at === told[0] && (source !== told[1] || id !== told[2]));
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
