import type { NameLang } from './codeNames.ts';
import { dateOf, REGION_OFFSET_MS } from './regionTime.ts';

/**
 * Figures and days as screens show them, for charts, which the server draws, too. Pure: no locale data of the machine (`Intl` differs
 * between browsers and would make walls of one room differ). Dates are in the region's time zone.
 */

/** `1234567.891`, 2 → `1,234,567.89`. */
export function decimal(value: number, digits: number): string {
  const [whole = '0', fraction] = Math.abs(value).toFixed(digits).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  const text = fraction ? `${grouped}.${fraction}` : grouped;
  return value < 0 && /[1-9]/.test(text) ? `-${text}` : text;
}

/** An integer with separators: `3,446`. */
export function count(value: number): string {
  return decimal(value, 0);
}

/** A count for where room is short: `3,446`, `1.23 万`, `4.50 亿`; in English `12.3 K`, `1.2 M`. */
export function shortCount(value: number, lang: NameLang): string {
  const size = Math.abs(value);
  if (lang === 'zh-CN') {
    if (size < 100_000) return count(value);
    return size < 99_995_000 ? `${decimal(value / 10_000, 1)} 万` : `${decimal(value / 1e8, 2)} 亿`;
  }
  if (size < 100_000) return count(value);
  return size < 999_950 ? `${decimal(value / 1000, 1)} K` : `${decimal(value / 1e6, 2)} M`;
}

const pad = (n: number) => String(n).padStart(2, '0');
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `11-21`; in English `21 Nov`. */
export function monthDay(ms: number, lang: NameLang): string {
  const { month, day } = dateOf(ms);
  return lang === 'zh-CN' ? `${pad(month)}-${pad(day)}` : `${day} ${MONTHS[month - 1]!}`;
}

/** `2026-11`; in English `Nov 2026`. */
export function yearMonth(ms: number, lang: NameLang): string {
  const { year, month } = dateOf(ms);
  return lang === 'zh-CN' ? `${year}-${pad(month)}` : `${MONTHS[month - 1]!} ${year}`;
}

/** `18:24`. */
export function hourMinute(ms: number): string {
  return new Date(ms + REGION_OFFSET_MS).toISOString().slice(11, 16);
}
