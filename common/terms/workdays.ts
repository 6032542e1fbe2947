import type { CalendarYear } from '../../contract/calendar.ts';
import { DAY_MS, parseDay } from '../regionTime.ts';

/** Whole days as in regionTime: 1970-01-01 is 0. It was a Thursday. */
const FIRST_MONDAY = 4;

/** A day that was reckoned, and whether it rests on a year whose calendar is not there. */
export interface ReckonedDay {
  day: number;
  provisional: boolean;
}

interface YearOfWork {
  known: boolean;
  /** Its working days in order. */
  days: readonly number[];
}

/**
 * Which days are working days. In a year whose calendar is there: Monday to Friday without the days off, and the make-up
 * work days. In any other year: Monday to Friday, which is provisional.
 */
export class Workdays {
  /** Years that are known, and those that were asked for. */
  private readonly years = new Map<number, YearOfWork>();

  /** @param calendars without faults; of two for a year, the later one counts */
  constructor(calendars: Iterable<Pick<CalendarYear, 'year' | 'off' | 'work'>>) {
    for (const calendar of calendars)
      this.years.set(calendar.year, { known: true, days: workingDaysOf(calendar.year, calendar) });
  }

  /** Whether the calendar of a year is there. */
  knows(year: number): boolean {
    return this.years.get(year)?.known === true;
  }

  /** How many working days a year has. */
  count(year: number): number {
    return this.of(year).days.length;
  }

  /** The n-th working day after a day, which itself does not count; n at least 1. */
  after(day: number, n: number): ReckonedDay {
    return this.nth(day + 1, n);
  }

  /** The day itself if it is a working day, else the next one. */
  onOrAfter(day: number): ReckonedDay {
    return this.nth(day, 1);
  }

  /** The n-th working day from a day on, which may be the first. */
  private nth(from: number, n: number): ReckonedDay {
    let left = n;
    let provisional = false;
    for (let year = yearOf(from); ; year++) {
      const { known, days } = this.of(year);
      if (!known) provisional = true;
      const first = placeOf(days, from);
      if (first + left <= days.length) return { day: days[first + left - 1]!, provisional };
      left -= days.length - first;
    }
  }

  private of(year: number): YearOfWork {
    let found = this.years.get(year);
    if (!found) this.years.set(year, (found = { known: false, days: workingDaysOf(year, { off: [], work: [] }) }));
    return found;
  }
}

function workingDaysOf(year: number, { off, work }: Pick<CalendarYear, 'off' | 'work'>): number[] {
  const free = new Set(off.flatMap(({ from, to }) => daysBetween(parseDay(from)!, parseDay(to)!)));
  const made = new Set(work.map((day) => parseDay(day)!));
  const end = startOf(year + 1) - 1;
  return daysBetween(startOf(year), end).filter((day) => made.has(day) || (!isWeekend(day) && !free.has(day)));
}

/** Whether a day is a Saturday or Sunday. */
export function isWeekend(day: number): boolean {
  return (((day - FIRST_MONDAY) % 7) + 7) % 7 > 4;
}

/** The days from the first to the last, both included. */
export function daysBetween(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}

/** The year in which a day lies. */
export function yearOf(day: number): number {
  return new Date(day * DAY_MS).getUTCFullYear();
}

const startOf = (year: number) => Date.UTC(year, 0, 1) / DAY_MS;

/** Place of the first of the days that is not before `day`. */
function placeOf(days: readonly number[], day: number): number {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (days[middle]! < day) low = middle + 1;
    else high = middle;
  }
  return low;
}
