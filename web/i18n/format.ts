import { dateOf, DAY_MS, endOfTerm, HOUR_MS, MINUTE_MS, REGION_OFFSET_MS } from '../../common/regionTime.ts';
import { count, decimal, hourMinute, monthDay } from '../../common/format.ts';
import type { Lang } from './lang.ts';

export { count, decimal, hourMinute, monthDay, shortCount, yearMonth } from '../../common/format.ts';

/**
 * Figures as people read them, in both languages. Pure: no clock, no locale data of the machine (`Intl` differs
 * between browsers and would make walls of one room differ). Dates are in the region's time zone.
 */

/** What is absent: no figure, or nothing to compare with. */
export const ABSENT = '—';

/** A figure in parts, so that a unit can be set smaller than its number: `¥` `216.53` `万元`. */
export interface Figure {
  prefix: string;
  value: string;
  unit: string;
}

/** Rounded to hundredths of `unitFen`, in whole hundredths: integer arithmetic, no drift. */
const hundredths = (fen: number, unitFen: number) => Math.round(fen / (unitFen / 100));

/**
 * Money in the unit that fits its size (screens.md: 元, 万元 or 亿元): 216.53 万元; in English ¥2.17 M.
 * @param fen integer fen
 */
export function moneyFigure(fen: number, lang: Lang): Figure {
  const size = Math.abs(fen);
  if (lang === 'zh-CN') {
    if (size < 1_000_000) return { prefix: '', value: decimal(fen / 100, fen % 100 === 0 ? 0 : 2), unit: '元' };
    // 99,999,999.99 yuan would round to 10,000.00 万元; it reads better as 1.00 亿元.
    if (hundredths(size, 1e6) < 1_000_000)
      return { prefix: '', value: decimal(hundredths(fen, 1e6) / 100, 2), unit: '万元' };
    return { prefix: '', value: decimal(hundredths(fen, 1e10) / 100, 2), unit: '亿元' };
  }
  if (size < 1_000_000) return { prefix: '¥', value: decimal(fen / 100, fen % 100 === 0 ? 0 : 2), unit: '' };
  if (hundredths(size, 1e5) < 100_000) return { prefix: '¥', value: decimal(hundredths(fen, 1e5) / 100, 1), unit: 'K' };
  if (hundredths(size, 1e8) < 100_000) return { prefix: '¥', value: decimal(hundredths(fen, 1e8) / 100, 2), unit: 'M' };
  return { prefix: '¥', value: decimal(hundredths(fen, 1e11) / 100, 2), unit: 'B' };
}

/** {@link moneyFigure} as one string: `216.53 万元`, `¥2.17 M`. */
export function money(fen: number, lang: Lang): string {
  return join(moneyFigure(fen, lang));
}

/** Money to the fen however much it is, where it is evidence: 12,345.67 元. @param fen integer fen */
export function exactMoney(fen: number, lang: Lang): string {
  const value = decimal(fen / 100, fen % 100 === 0 ? 0 : 2);
  return join(lang === 'zh-CN' ? { prefix: '', value, unit: '元' } : { prefix: '¥', value, unit: '' });
}

/** A figure as one string; a percent sign stands close to its number. */
export function join({ prefix, value, unit }: Figure): string {
  return unit && unit !== '%' ? `${prefix}${value} ${unit}` : `${prefix}${value}${unit}`;
}

/** A rate of 0…1 in parts: `81.07` `%`; absent when nothing was audited. */
export function percentFigure(rate: number | undefined, digits = 2): Figure {
  return {
    prefix: '',
    value: rate === undefined ? ABSENT : decimal(rate * 100, digits),
    unit: rate === undefined ? '' : '%',
  };
}

/** `81.07%`. */
export function percent(rate: number | undefined, digits = 2): string {
  return join(percentFigure(rate, digits));
}

/** The size of a file: `482 KB`, `3.1 MB`; powers of 1,024, as computers show them. */
export function fileSize(bytes: number): string {
  if (bytes < 1024) return `${count(bytes)} B`;
  const kilobytes = bytes / 1024;
  return kilobytes < 999.5 ? `${decimal(kilobytes, 0)} KB` : `${decimal(kilobytes / 1024, 1)} MB`;
}

const WEEKDAYS: Record<Lang, readonly string[]> = {
  'zh-CN': ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
};
const localDate = (ms: number) => new Date(ms + REGION_OFFSET_MS);

/** `2026-11-21`; in English `21 Nov 2026`. */
export function date(ms: number, lang: Lang): string {
  const { year } = dateOf(ms);
  return lang === 'zh-CN' ? `${year}-${monthDay(ms, lang)}` : `${monthDay(ms, lang)} ${year}`;
}

/** `2026-11-21 周六`; in English `Sat 21 Nov 2026`. */
export function dateWithWeekday(ms: number, lang: Lang): string {
  const weekday = WEEKDAYS[lang][localDate(ms).getUTCDay()]!;
  return lang === 'zh-CN' ? `${date(ms, lang)} ${weekday}` : `${weekday} ${date(ms, lang)}`;
}

/** `18:24:07`, in both languages. */
export function time(ms: number): string {
  return localDate(ms).toISOString().slice(11, 19);
}

/** `11-21 18:24`; in English `21 Nov 18:24`. */
export function monthDayTime(ms: number, lang: Lang): string {
  return `${monthDay(ms, lang)} ${hourMinute(ms)}`;
}

/** A moment of this year as `monthDayTime`, one of another year as `date`, so that nobody takes it for one of this year. */
export function dayTime(ms: number, nowMs: number, lang: Lang): string {
  return dateOf(ms).year === dateOf(nowMs).year ? monthDayTime(ms, lang) : date(ms, lang);
}

/**
 * When a term ends, like `dayTime`. One that ends with a day ends at 24:00 of it, which nobody should take for the next day.
 * @param ms epoch ms
 */
export function dueTime(ms: number, nowMs: number, lang: Lang): string {
  const { day, minutes } = endOfTerm(ms);
  if (minutes < 1_440) return dayTime(ms, nowMs, lang);
  return dateOf(day).year === dateOf(nowMs).year ? `${monthDay(day, lang)} 24:00` : date(day, lang);
}

const UNITS: Record<Lang, { second: string; minute: string; hour: string; day: string; ago: string; now: string }> = {
  'zh-CN': { second: ' 秒', minute: ' 分钟', hour: ' 小时', day: ' 天', ago: '前', now: '刚刚' },
  en: { second: ' s', minute: ' min', hour: ' h', day: ' d', ago: ' ago', now: 'just now' },
};

/**
 * How long ago, in the largest whole unit: `刚刚`, `12 秒前`, `3 分钟前`, `5 小时前`, `2 天前`; past 60 days the date.
 * A moment ahead of the clock counts as now: sources' clocks differ.
 */
export function age(thenMs: number, nowMs: number, lang: Lang): string {
  const ms = nowMs - thenMs;
  const u = UNITS[lang];
  if (ms < 5_000) return u.now;
  if (ms < MINUTE_MS) return `${Math.floor(ms / 1000)}${u.second}${u.ago}`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)}${u.minute}${u.ago}`;
  if (ms < DAY_MS) return `${Math.floor(ms / HOUR_MS)}${u.hour}${u.ago}`;
  if (ms < 60 * DAY_MS) return `${Math.floor(ms / DAY_MS)}${u.day}${u.ago}`;
  return date(thenMs, lang);
}

/** A length of an hour or more in its two largest units; the second is left out where there is nothing of it. */
function inTwoUnits(size: number, unit: { minute: string; hour: string; day: string }): string {
  const [big, small, bigName, smallName] =
    size < DAY_MS
      ? ([HOUR_MS, MINUTE_MS, unit.hour, unit.minute] as const)
      : ([DAY_MS, HOUR_MS, unit.day, unit.hour] as const);
  const rest = Math.floor((size % big) / small);
  const head = `${count(Math.floor(size / big))}${bigName}`;
  return rest ? `${head} ${rest}${smallName}` : head;
}

/** A length of time in its two largest units: `1 天 3 小时`, `45 分钟`, `8 秒`. Negative lengths count as their size. */
export function duration(ms: number, lang: Lang): string {
  const u = UNITS[lang];
  const size = Math.abs(ms);
  if (size < MINUTE_MS) return `${Math.floor(size / 1000)}${u.second}`;
  if (size < HOUR_MS) return `${Math.floor(size / MINUTE_MS)}${u.minute}`;
  return inTwoUnits(size, u);
}

const SHORT: Record<Lang, { minute: string; hour: string; day: string; least: string }> = {
  'zh-CN': { minute: ' 分', hour: ' 小时', day: ' 天', least: '不足 1 分' },
  en: { minute: ' min', hour: ' h', day: ' d', least: 'under 1 min' },
};

/** A term in its two largest units, minutes at least: `1 天 6 小时`, `3 小时 20 分`, `42 分`. Negative lengths count as their size. */
export function term(ms: number, lang: Lang): string {
  const u = SHORT[lang];
  const size = Math.abs(ms);
  if (size < MINUTE_MS) return u.least;
  if (size < HOUR_MS) return `${Math.floor(size / MINUTE_MS)}${u.minute}`;
  return inTwoUnits(size, u);
}

/** How long something has waited, in its largest unit: `6 天`, `21 小时`, `8 分`. */
export function wait(ms: number, lang: Lang): string {
  const u = SHORT[lang];
  const size = Math.max(0, ms);
  if (size < MINUTE_MS) return u.least;
  if (size < HOUR_MS) return `${Math.floor(size / MINUTE_MS)}${u.minute}`;
  return size < DAY_MS ? `${Math.floor(size / HOUR_MS)}${u.hour}` : `${count(Math.floor(size / DAY_MS))}${u.day}`;
}
