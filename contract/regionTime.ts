/**
 * Calendar arithmetic in the region's time zone, on both sides of the wire.
 *
 * All regions are in Asia/Shanghai (contract §3), which has had no daylight saving time since 1991,
 * and events before 2000 are refused: so the zone is a constant offset and a bucket's start is
 * plain arithmetic. All instants are epoch milliseconds.
 */
export const REGION_OFFSET_MS = 8 * 3_600_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** Start of the minute, hour or day (region's zone) in which `ms` lies. `size` divides a day. */
export function floorTo(ms: number, size: number): number {
  return Math.floor((ms + REGION_OFFSET_MS) / size) * size - REGION_OFFSET_MS;
}

export interface CalendarDate { year: number; month: number; day: number }

/** The region's calendar date of an instant; `month` 1…12. */
export function dateOf(ms: number): CalendarDate {
  const local = new Date(ms + REGION_OFFSET_MS);
  return { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate() };
}

/** Midnight (region's zone) of a date; months and days beyond their range roll over as in `Date.UTC`. */
export function midnight(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) - REGION_OFFSET_MS;
}

/** Midnight of the Monday on or before `ms`. */
export function startOfWeek(ms: number): number {
  const day = floorTo(ms, DAY_MS);
  const weekday = new Date(day + REGION_OFFSET_MS).getUTCDay();
  return day - ((weekday + 6) % 7) * DAY_MS;
}

export function startOfMonth(ms: number): number {
  const { year, month } = dateOf(ms);
  return midnight(year, month, 1);
}

export function startOfYear(ms: number): number {
  return midnight(dateOf(ms).year, 1, 1);
}

/** Midnight of the same date a year earlier; 29 February becomes 28 (contract §3, y(d)). */
export function yearEarlier(ms: number): number {
  const { year, month, day } = dateOf(ms);
  return midnight(year - 1, month, month === 2 && day === 29 ? 28 : day);
}

const pad = (n: number, width = 2) => String(n).padStart(width, '0');

/** RFC 3339 with the region's offset: `2026-11-21T18:24:07+08:00`, with `.123` when there are milliseconds. */
export function toRfc3339(ms: number): string {
  const local = new Date(ms + REGION_OFFSET_MS).toISOString();
  return `${local.slice(0, local.endsWith('.000Z') ? 19 : 23)}+08:00`;
}

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/**
 * Epoch ms of an RFC 3339 timestamp, or `undefined` if it is none. Stricter than `Date.parse`, which
 * takes 30 February for 2 March. Digits past the millisecond are dropped; a leap second counts as the
 * last millisecond of its minute's 59th second.
 */
export function parseRfc3339(text: string): number | undefined {
  const match = RFC3339.exec(text);
  if (!match) return undefined;
  const [, y, mo, d, h, mi, s, fraction, sign, oh, om] = match;
  const year = Number(y), month = Number(mo), day = Number(d);
  const hour = Number(h), minute = Number(mi), second = Number(s);
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 60) return undefined;
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return undefined;
  const millis = second === 60 ? 999 : fraction ? Number(fraction.slice(0, 3).padEnd(3, '0')) : 0;
  let offset = 0;
  if (sign) {
    if (Number(oh) > 23 || Number(om) > 59) return undefined;
    offset = (Number(oh) * 60 + Number(om)) * MINUTE_MS * (sign === '-' ? -1 : 1);
  }
  return Date.UTC(year, month - 1, day, hour, minute, Math.min(second, 59), millis) - offset;
}

/** `2026-11-21` in the region's zone. */
export function isoDate(ms: number): string {
  const { year, month, day } = dateOf(ms);
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
}
