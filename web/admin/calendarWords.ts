import type { CalendarYear, DaysOff } from '../../contract/calendar.ts';
import { parseDay, startOfDay } from '../../common/regionTime.ts';
import { dateWithWeekday, monthDay } from '../i18n/format.ts';
import type { Lang } from '../i18n/lang.ts';

const at = (text: string) => startOfDay(parseDay(text) ?? NaN);

/** `春节 02-15 至 02-23`; one day: `清明节 04-05`. */
export function spanText({ name, from, to }: DaysOff, lang: Lang): string {
  const days = [...new Set([from, to])].map((day) => monthDay(at(day), lang));
  return `${name} ${days.join(lang === 'zh-CN' ? ' 至 ' : ' – ')}`;
}

/** `02-14 周六`; in English `Sat 14 Feb`. */
export function makeUpText(day: string, lang: Lang): string {
  const [first = '', ...rest] = dateWithWeekday(at(day), lang).split(' ');
  return lang === 'zh-CN' ? `${monthDay(at(day), lang)} ${rest.join(' ')}` : `${first} ${monthDay(at(day), lang)}`;
}

/** Where in a file something is: `/off/3/to` → `off[3].to`. */
export function placeText(path: string): string {
  return path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((name, part) => (/^\d+$/.test(part) ? `${name}[${part}]` : name ? `${name}.${part}` : part), '');
}

/** A file that the browser saves: the calendar as it is imported. */
export function calendarHref(calendar: CalendarYear): string {
  return `data:application/json;charset=utf-8,${encodeURIComponent(`${JSON.stringify(calendar, undefined, 2)}\n`)}`;
}
