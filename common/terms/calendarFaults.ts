import type { CalendarFault, CalendarFaultCode, CalendarYear } from '../../contract/calendar.ts';
import { dayText, parseDay } from '../regionTime.ts';
import { daysBetween, isWeekend, yearOf } from './workdays.ts';

/** Days. The longest holiday so far had ten (Spring Festival 2020): a span this long is a slip of the pen. */
const LONGEST_SPAN = 31;
const WEEKDAYS = ['Thursday', 'Friday', 'Saturday', 'Sunday', 'Monday', 'Tuesday', 'Wednesday'] as const;
/**
 * Days that are off in every year by their date: New Year, Labour Day, National Day (全国年节及纪念日放假办法 2). The other
 * holidays follow the moon or the sun.
 */
const STATUTORY = ['01-01', '05-01', '10-01', '10-02', '10-03'];

/**
 * What is wrong with a calendar that has the right form (contract/calendar.ts): days of another year, a day that is there
 * twice, a make-up day on a weekday, notices that contradict. Empty if nothing is.
 */
export function calendarFaults({ year, notices, off, work }: CalendarYear): CalendarFault[] {
  const faults: CalendarFault[] = [];
  const add = (path: string, code: CalendarFaultCode, given: string, problem: string) =>
    faults.push({ path, code, given, problem: `${given} ${problem}` });
  /** The day of a date that can be used, else undefined and a fault. */
  const dayAt = (path: string, text: string): number | undefined => {
    const day = parseDay(text);
    if (day === undefined) add(path, 'noDate', text, 'is no date of the calendar');
    else if (yearOf(day) !== year) add(path, 'otherYear', text, `is not in ${year}: a file is for one year`);
    else return day;
    return undefined;
  };

  const free = new Set<number>();
  off.forEach((span, i) => {
    const from = dayAt(`/off/${i}/from`, span.from);
    const to = dayAt(`/off/${i}/to`, span.to);
    if (from === undefined || to === undefined) return;
    if (from > to)
      return add(`/off/${i}/to`, 'backwards', span.to, `is before ${span.from}, with which the days off begin`);
    if (to - from >= LONGEST_SPAN)
      return add(`/off/${i}`, 'long', `${span.from}/${span.to}`, `is longer than ${LONGEST_SPAN} days`);
    for (const day of daysBetween(from, to)) {
      if (free.has(day)) add(`/off/${i}`, 'twice', dayText(day), 'is there twice');
      free.add(day);
    }
  });

  // A span that cannot be used would also be told as days that are missing.
  const spansFit = faults.length === 0;

  const made = new Set<number>();
  work.forEach((text, i) => {
    const path = `/work/${i}`;
    const day = dayAt(path, text);
    if (day === undefined) return;
    if (made.has(day)) add(path, 'twice', text, 'is there twice');
    if (free.has(day)) add(path, 'offAndWork', text, 'is a day off and a make-up work day at once');
    else if (!isWeekend(day))
      add(
        path,
        'weekday',
        text,
        `is a ${weekday(day)}, a working day in any case: make-up work days are Saturdays and Sundays`,
      );
    made.add(day);
  });

  notices.forEach(({ number, date }, i) => {
    if (parseDay(date) === undefined) add(`/notices/${i}/date`, 'noDate', date, 'is no date of the calendar');
    else if (!number.includes(`〔${date.slice(0, 4)}〕`))
      add(
        `/notices/${i}/number`,
        'noticeNumber',
        number,
        `is not a number of ${date.slice(0, 4)}, the year of its date`,
      );
  });
  if (!notices.some(({ title }) => title.includes(`${year}年`)))
    add(
      '/notices',
      'noticeYear',
      String(year),
      `is named by none of the titles ("…${year}年…"): the days are of another year`,
    );

  for (const date of spansFit ? STATUTORY : []) {
    const text = `${year}-${date}`;
    if (!free.has(parseDay(text)!))
      add('/off', 'statutory', text, 'is not a day off here, and is one in every year (全国年节及纪念日放假办法 2)');
  }
  return faults;
}

function weekday(day: number): string {
  return WEEKDAYS[((day % 7) + 7) % 7]!;
}
