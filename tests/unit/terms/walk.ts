import type { CalendarYear } from '../../../contract/calendar.ts';

/**
 * Terms once more, literally as docs/terms.md says them: a day is a date, and one goes from day to day. Knows nothing of the
 * program's own reckoning; the machine's Date and Intl do the calendar.
 */

const ZONE = 'Asia/Shanghai';
const DATE = new Intl.DateTimeFormat('en-CA', { timeZone: ZONE, year: 'numeric', month: '2-digit', day: '2-digit' });

const dateOf = (moment: Date) => DATE.format(moment);
function dayAfter(date: string): string {
  const next = new Date(`${date}T12:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}

export function walkTerm(from: string, term: string, calendars: readonly CalendarYear[], dayEnds = '24:00') {
  const [, number, unit] = /^(\d+)(m|h|d|wd)$/.exec(term)!;
  const n = Number(number);
  const start = new Date(from);
  if (unit === 'm' || unit === 'h')
    return { dueAt: start.getTime() + n * (unit === 'm' ? 60_000 : 3_600_000), provisional: false };

  let provisional = false;
  const works = (date: string): boolean => {
    const calendar = calendars.find(({ year }) => year === Number(date.slice(0, 4)));
    const weekday = new Date(`${date}T12:00:00Z`).getUTCDay();
    const ordinary = weekday !== 0 && weekday !== 6;
    if (!calendar) {
      provisional = true;
      return ordinary;
    }
    if (calendar.work.includes(date)) return true;
    return ordinary && !calendar.off.some(({ from: first, to }) => first <= date && date <= to);
  };

  let day = dateOf(start);
  if (unit === 'd') {
    for (let i = 0; i < n; i++) day = dayAfter(day);
    while (!works(day)) day = dayAfter(day);
  } else {
    for (let found = 0; found < n;) {
      day = dayAfter(day);
      if (works(day)) found++;
    }
  }
  const end = dayEnds === '24:00' ? `${dayAfter(day)}T00:00:00+08:00` : `${day}T${dayEnds}:00+08:00`;
  return { dueAt: Date.parse(end), provisional };
}
