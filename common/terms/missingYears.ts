import { dateOf } from '../regionTime.ts';
import type { Workdays } from './workdays.ts';

/** The notice for a year is published in October to December of the one before. */
const DECEMBER = 12;

/** The year after that of a moment. */
export function nextYear(now: number): number {
  return dateOf(now).year + 1;
}

/**
 * Years whose calendar should be there by now and is not: the current one, and from 1 December on the next (docs/terms.md).
 * @param now epoch ms
 */
export function missingYears(workdays: Workdays, now: number): number[] {
  const { year, month } = dateOf(now);
  return (month >= DECEMBER ? [year, year + 1] : [year]).filter((one) => !workdays.knows(one));
}
