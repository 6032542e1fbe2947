import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { whenAsked } from '../../common/whenAsked.ts';
import type { CalendarYear } from '../../contract/calendar.ts';
import { PROJECT_ROOT } from '../platform/paths.ts';
import { SettingError } from '../platform/settings.ts';
import { checkCalendarText, faultText } from './checkCalendar.ts';

/**
 * The calendars that come with the program: `cn-2018.json` and so on, by year.
 * @param folder `assets/calendar`
 * @throws SettingError naming each fault with file and path
 */
export function shippedCalendars(folder: string): CalendarYear[] {
  const problems: string[] = [];
  const calendars: CalendarYear[] = [];
  for (const name of readdirSync(folder).sort()) {
    const year = /^cn-(\d{4})\.json$/.exec(name)?.[1];
    if (year === undefined) continue;
    const file = join(folder, name);
    const checked = checkCalendarText(readFileSync(file, 'utf8'));
    if (!checked.ok) problems.push(...checked.faults.map((fault) => `${file}: ${faultText(fault)}`));
    else if (checked.calendar.year !== Number(year))
      problems.push(`${file}: /year is ${checked.calendar.year}, but the name of the file says ${year}`);
    else calendars.push(checked.calendar);
  }
  if (problems.length) throw new SettingError(problems);
  return calendars;
}

/** Those in `assets/calendar`. A program whose own calendars cannot be used does not start. @throws SettingError */
export const programCalendars: () => readonly CalendarYear[] = whenAsked(() =>
  shippedCalendars(join(PROJECT_ROOT, 'assets/calendar')),
);
