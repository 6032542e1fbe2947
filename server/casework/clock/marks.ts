import type { StoredEvent } from '../../alerts/state.ts';

/** Which letter, or which news, of an alert was told last: time of its event (epoch ms), source and id. */
export type LetterMark = [at: number, source: string, id: string];

export function markOf({ time, source, id }: Pick<StoredEvent, 'time' | 'source' | 'id'>): LetterMark {
  return [time, source, id];
}

/**
 * Whether what a mark stands for comes after what was told last, in the order of contract §2 of events of one rank. What comes late, and
 * before it, is no news any more; and of two of one moment none is told twice.
 */
export function isAfter([at, source, id]: LetterMark, told: LetterMark): boolean {
  if (at !== told[0]) return at > told[0];
  return source !== told[1] ? source > told[1] : id > told[2];
}
