import { HOUR_MS } from '../common/regionTime.ts';
import type { Pace } from './calendar.ts';

/** How far the feed is: this point of the schedule (ms of activity since the anchor) was at this moment (epoch ms). */
export interface Position {
  at: number;
  wall: number;
}

/** Where a feed that is broken off now goes on: before the first step that waits. What is sent again by that counts once. */
export function resumesAt(position: Position, waiting: Position | undefined): Position {
  return waiting && waiting.at <= position.at ? { at: waiting.at - 1, wall: waiting.wall } : position;
}

/** After a pause, no more of the schedule is caught up with than this. */
export const MOST_CAUGHT_UP_MS = 8 * HOUR_MS;
/** Of it, the last part is told at the usual pace, so that what is open in the end is as young as ever. */
const LAST_PART_MS = 3 * HOUR_MS;

export interface Timeline {
  /** When what is at this point of the schedule happens, epoch ms. */
  wallOf(at: number): number;
  /** After a long pause: the point of the schedule that is now. */
  skipsTo?: number;
}

/**
 * When the schedule after `position` happens, seen from `now`.
 *
 * As long as the feed runs, and after short pauses, at its pace. A long pause (server down, machine asleep)
 * would owe thousands of events, so its schedule is stretched: a bounded part of it is spread over the whole
 * pause. No alert loses a step, lives only take longer.
 */
export function timelineFrom(position: Position, now: number, pace: Pace, speed: number): Timeline {
  const { at: from, wall } = position;
  if (pace.between(wall, now) * speed <= MOST_CAUGHT_UP_MS) {
    return { wallOf: (at) => pace.after(wall, (at - from) / speed) };
  }
  const lastFrom = pace.before(now, LAST_PART_MS / speed);
  const stretched = MOST_CAUGHT_UP_MS - LAST_PART_MS;
  const factor = pace.between(wall, lastFrom) / stretched;
  return {
    skipsTo: from + MOST_CAUGHT_UP_MS,
    wallOf: (at) => {
      const beyond = at - from - stretched;
      return beyond <= 0 ? pace.after(wall, (at - from) * factor) : pace.after(lastFrom, beyond / speed);
    },
  };
}
