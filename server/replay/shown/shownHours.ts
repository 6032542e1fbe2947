import { DAY_MS, floorTo, HOUR_MS, isoDate, toRfc3339 } from '../../../common/regionTime.ts';
import { SHOWN_DAYS } from '../../../contract/replayLimits.ts';

/** Which hours have a kept frame, and how those hours are named. Pure. */

export type Every = 'hour' | 'day';

/** So long after the full hour a frame may still be taken as that of the hour, ms: a worker that dies is replaced by then. */
export const GRACE_MS = 60_000;

/** A region's frames, and those of cities and provinces, are kept every hour; a town's every day. */
export const everyOf = (scope: string): Every => (scope.length === 9 ? 'day' : 'hour');

/** Start of the hour (of a town: of the day) that a moment's frame belongs to. */
export const slotOf = (scope: string, at: number): number => floorTo(at, slotMs(scope));
export const slotMs = (scope: string): number => (everyOf(scope) === 'day' ? DAY_MS : HOUR_MS);

/** The hour whose frames are to be taken at `now`; undefined where it is too late for the last one. */
export function hourToKeep(now: number): number | undefined {
  const hour = floorTo(now, HOUR_MS);
  return now - hour <= GRACE_MS ? hour : undefined;
}

/** `2026-11-28T09`, in the region's time. */
export const hourName = (hour: number): string => toRfc3339(hour).slice(0, 13);
/** `2026-11` */
export const monthName = (hour: number): string => isoDate(hour).slice(0, 7);

const HOUR_NAME = /^(\d{4})-(\d{2})-(\d{2})T(\d{2})$/;
/** Start of the hour that has this name; undefined if none has. */
export function hourOfName(name: string): number | undefined {
  if (!HOUR_NAME.test(name)) return undefined;
  const hour = Date.parse(`${name}:00:00+08:00`);
  return Number.isNaN(hour) || hourName(hour) !== name ? undefined : hour;
}

/** Names of the months that have an hour in `from` ≤ t ≤ `to`. */
export function monthsBetween(from: number, to: number): string[] {
  const months = new Set<string>();
  for (let day = floorTo(from, DAY_MS); day <= to; day += DAY_MS) months.add(monthName(day));
  return [...months];
}

/** So many frames must have been kept by a clock before anything is removed by it: a clock that jumped ahead removes nothing. */
const TRUSTED_HOURS = 24;

/**
 * Frames of hours before this are removed. By the hours that were kept, not by the clock alone.
 * @param newest the latest hours kept, in any order; at least 24 of them where there are so many
 */
export function removedBefore(newest: readonly number[]): number {
  const trusted = [...newest].sort((a, b) => b - a)[TRUSTED_HOURS - 1];
  return trusted === undefined ? -Infinity : trusted - SHOWN_DAYS * DAY_MS;
}

export interface Span {
  from: number;
  to: number;
}

/**
 * The spans without a frame.
 * @param instants the hours kept, ascending
 * @param from a moment of the first hour (of a town: day) that should have one
 * @param to a moment of the last; not after `now`. An hour or day whose frame may still come is not missing.
 */
export function missingSpans(
  scope: string,
  instants: readonly number[],
  from: number,
  to: number,
  now: number,
): Span[] {
  const size = slotMs(scope);
  const current = slotOf(scope, now);
  const mayCome = everyOf(scope) === 'day' || hourToKeep(now) !== undefined;
  const end = Math.min(slotOf(scope, to) + size, mayCome ? current : current + size);
  const missing: Span[] = [];
  let next = slotOf(scope, from);
  for (const instant of instants) {
    const slot = slotOf(scope, instant);
    if (slot > next) missing.push({ from: next, to: Math.min(slot, end) });
    next = Math.max(next, slot + size);
  }
  if (next < end) missing.push({ from: next, to: end });
  return missing.filter((span) => span.from < span.to);
}
