import { join } from 'node:path';
import { parseDay } from '../../../common/regionTime.ts';
import { Workdays } from '../../../common/terms/workdays.ts';
import { PROJECT_ROOT } from '../../../server/platform/paths.ts';
import { shippedCalendars } from '../../../server/calendar/shipped.ts';

export const SHIPPED = shippedCalendars(join(PROJECT_ROOT, 'assets/calendar'));
export const shippedWorkdays = () => new Workdays(SHIPPED);
/** Whether a date such as 2026-10-01 is a working day. */
export const worksOn = (workdays: Workdays, date: string) => workdays.onOrAfter(parseDay(date)!).day === parseDay(date);
export const FIRST_YEAR = 2018;
export const LAST_YEAR = 2026;

/** Every date of the shipped years, by the machine's own reckoning: `2018-01-01` and so on. */
export function everyDate(first = FIRST_YEAR, last = LAST_YEAR): string[] {
  const dates: string[] = [];
  for (
    const date = new Date(`${first}-01-01T00:00:00Z`);
    date.getUTCFullYear() <= last;
    date.setUTCDate(date.getUTCDate() + 1)
  )
    dates.push(date.toISOString().slice(0, 10));
  return dates;
}
