import { dayOf, HOUR_MS, MINUTE_MS, startOfDay } from '../regionTime.ts';
import type { Term } from './term.ts';
import type { Workdays } from './workdays.ts';

/** When a day ends where a region pack does not say so (Civil Code 203, second sentence). */
export const DAY_ENDS = '24:00';
/** `17:30`, at the latest `24:00`; a day that ended at 00:00 would have no time. */
export const DAY_ENDS_PATTERN = '^(?!00:00)(?:(?:[01]\\d|2[0-3]):[0-5]\\d|24:00)$';

export interface TermEnd {
  /** Epoch ms: the last moment of the term. */
  dueAt: number;
  /** Whether it rests on a year whose calendar is not there yet. */
  provisional: boolean;
}

/**
 * When a term that begins at a moment ends (docs/terms.md).
 *
 * - `m`, `h`: that much later by the clock. Civil Code (民法典) 201, second paragraph: a period in hours begins at the moment
 *   itself. Neither calendar nor `dayEnds` matter.
 * - `d`: the end of the n-th day after that of the moment, which does not count (201, first paragraph); if that day is no
 *   working day, the end of the next one (203, first paragraph). 202 is about months and years, which terms do not have.
 * - `wd`: the end of the n-th working day after that of the moment, which does not count either.
 *
 * Days are those of the regions' time zone (contract §3, common/regionTime).
 *
 * @param from epoch ms
 * @param dayEnds when a working day ends: 24:00, or where an office has business hours, their end (203, second paragraph);
 *   as `DAY_ENDS_PATTERN` allows. 24:00 is the midnight with which the next day begins.
 */
export function termEnd(from: number, term: Term, workdays: Workdays, dayEnds: string = DAY_ENDS): TermEnd {
  switch (term.unit) {
    case 'm':
      return { dueAt: from + term.count * MINUTE_MS, provisional: false };
    case 'h':
      return { dueAt: from + term.count * HOUR_MS, provisional: false };
    case 'd':
      return endOf(workdays.onOrAfter(dayOf(from) + term.count), dayEnds);
    case 'wd':
      return endOf(workdays.after(dayOf(from), term.count), dayEnds);
  }
}

function endOf({ day, provisional }: { day: number; provisional: boolean }, dayEnds: string): TermEnd {
  const [hours, minutes] = dayEnds.split(':').map(Number) as [number, number];
  return { dueAt: startOfDay(day) + hours * HOUR_MS + minutes * MINUTE_MS, provisional };
}
