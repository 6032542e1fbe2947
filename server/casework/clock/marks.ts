import type { StoredEvent } from '../../alerts/state.ts';

/** Which letter, or which news, of an alert was told last: time of its event (epoch ms), source and id. */
export type LetterMark = [at: number, source: string, id: string];

export function markOf({ time, source, id }: Pick<StoredEvent, 'time' | 'source' | 'id'>): LetterMark {
  return [time, source, id];
}
