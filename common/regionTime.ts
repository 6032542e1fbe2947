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

export interface CalendarDate {
  year: number;
  month: number;
  day: number;
}

/** The region's calendar date of an instant; `month` 1…12. */
export function dateOf(ms: number): CalendarDate {
  const local = new Date(ms + REGION_OFFSET_MS);
  return { year: local.getUTCFullYear(), month: local.getUTCMonth() + 1, day: local.getUTCDate() };
}

/** Midnight (region's zone) of a date; months and days beyond their range roll over as in `Date.UTC`. */
export function midnight(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) - REGION_OFFSET_MS;
}

/**
 * The moment with which a term ends, as people say it: an instant of its day, and the minutes of that day. A term of days ends with midnight,
 * which is the 24:00 (1,440) of the day that it ends, and not the next day's.
 */
export function endOfTerm(ms: number): { day: number; minutes: number } {
  const ofDay = ms - floorTo(ms, DAY_MS);
  return ofDay === 0
    ? { day: ms - 1, minutes: DAY_MS / MINUTE_MS }
    : { day: ms, minutes: Math.floor(ofDay / MINUTE_MS) };
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

const SIXTY = Array.from({ length: 60 }, (_, n) => pad(n));
const THOUSAND = Array.from({ length: 1_000 }, (_, n) => pad(n, 3));
/** Days since 1970 that were asked for lately, and their dates: each in one of 256 places, the latest wins. */
const days = new Float64Array(256).fill(NaN);
const dates: string[] = new Array<string>(256).fill('');

/**
 * RFC 3339 with the region's offset: `2026-11-21T18:24:07+08:00`, with `.123` when there are milliseconds.
 * @throws RangeError for a number that is no instant
 */
export function toRfc3339(ms: number): string {
  const local = Math.trunc(ms + REGION_OFFSET_MS);
  const day = Math.floor(local / DAY_MS);
  const place = day & 255;
  if (days[place] !== day) {
    dates[place] = new Date(day * DAY_MS).toISOString().slice(0, -14);
    days[place] = day;
  }
  // A replay names 80,000 instants: a `Date` for each took 7 % of its CPU.
  const ofDay = local - day * DAY_MS;
  const second = Math.floor(ofDay / 1000);
  const minute = Math.floor(second / 60);
  const rest = ofDay - second * 1000;
  const time = `${dates[place]!}T${SIXTY[Math.floor(minute / 60)]!}:${SIXTY[minute % 60]!}:${SIXTY[second % 60]!}`;
  return rest === 0 ? `${time}+08:00` : `${time}.${THOUSAND[rest]!}+08:00`;
}

/** Value of `count` decimal digits from `at`; NaN if one of them is none. */
function digits(text: string, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const isLeap = (year: number) => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/**
 * Epoch ms of an RFC 3339 timestamp, or `undefined` if it is none. Stricter than `Date.parse`, which
 * takes 30 February for 2 March. Digits past the millisecond are dropped; a leap second counts as the
 * last millisecond of its minute's 59th second. Read by hand: every event has up to two of them, and a
 * regular expression took a tenth of the time that an event costs.
 */
export function parseRfc3339(text: string): number | undefined {
  const year = digits(text, 0, 4),
    month = digits(text, 5, 2),
    day = digits(text, 8, 2);
  const hour = digits(text, 11, 2),
    minute = digits(text, 14, 2),
    second = digits(text, 17, 2);
  const separator = text[10];
  if (
    text[4] !== '-' ||
    text[7] !== '-' ||
    (separator !== 'T' && separator !== 't') ||
    text[13] !== ':' ||
    text[16] !== ':'
  )
    return undefined;
  // Written so that NaN fails.
  if (!(month >= 1 && month <= 12 && day >= 1 && hour <= 23 && minute <= 59 && second <= 60 && year >= 0))
    return undefined;
  if (day > (month === 2 && isLeap(year) ? 29 : DAYS_IN_MONTH[month - 1]!)) return undefined;

  let at = 19;
  let millis = 0;
  if (text[at] === '.') {
    const first = ++at;
    while (digits(text, at, 1) >= 0) at++;
    if (at === first) return undefined;
    for (let i = 0; i < 3; i++) millis = millis * 10 + (first + i < at ? digits(text, first + i, 1) : 0);
  }
  let offset = 0;
  const sign = text[at];
  if (sign === '+' || sign === '-') {
    const hours = digits(text, at + 1, 2),
      minutes = digits(text, at + 4, 2);
    if (text[at + 3] !== ':' || !(hours <= 23 && minutes <= 59)) return undefined;
    offset = (hours * 60 + minutes) * MINUTE_MS * (sign === '-' ? -1 : 1);
    at += 6;
  } else if (sign === 'Z' || sign === 'z') {
    at += 1;
  } else {
    return undefined;
  }
  if (at !== text.length) return undefined;
  const clock = second === 60 ? (minute * 60 + 59) * 1000 + 999 : (minute * 60 + second) * 1000 + millis;
  return (
    Date.UTC(year < 100 ? year + 400 : year, month - 1, day) -
    (year < 100 ? CENTURIES_4_MS : 0) +
    hour * HOUR_MS +
    clock -
    offset
  );
}

/** 400 years: `Date.UTC` takes years below 100 for those of the twentieth century. */
const CENTURIES_4_MS = 146_097 * DAY_MS;

/** `2026-11-21` in the region's zone. */
export function isoDate(ms: number): string {
  const { year, month, day } = dateOf(ms);
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
}

/** A day of the region's zone as a whole number, that of 1970-01-01 being 0: the day in which `ms` lies. */
export function dayOf(ms: number): number {
  return Math.floor((ms + REGION_OFFSET_MS) / DAY_MS);
}

/** The midnight (region's zone) with which a day begins, epoch ms. */
export function startOfDay(day: number): number {
  return day * DAY_MS - REGION_OFFSET_MS;
}

/** `2026-12-01` of a day. */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The day of a date `2026-12-01`, or `undefined` if it is none of the calendar. */
export function parseDay(text: string): number | undefined {
  if (text.length !== 10) return undefined;
  const ms = parseRfc3339(`${text}T00:00:00Z`);
  return ms === undefined ? undefined : ms / DAY_MS;
}
