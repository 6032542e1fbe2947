import { floorTo, MINUTE_MS } from './regionTime.ts';

/**
 * How long a term still runs, ms; negative once it is overdue. Counted from the minute that has begun: whatever tells of a
 * term on one screen (sentence, agenda, alarm) says the same, and nothing has to be drawn by the second.
 * @param dueAt epoch ms
 * @param now epoch ms
 */
export function termLeft(dueAt: number, now: number): number {
  return dueAt - floorTo(now, MINUTE_MS);
}
