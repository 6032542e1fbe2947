/**
 * Calendar arithmetic of contract §3 once more, sharing nothing with the program: JavaScript's own dates, moved by eight hours, on civil
 * fields.
 */

const HOUR = 3_600_000,
  DAY = 24 * HOUR;

export interface Civil {
  y: number;
  mo: number;
  d: number;
  h: number;
  mi: number;
}
export function civil(t: number): Civil {
  const x = new Date(t + 8 * HOUR);
  return { y: x.getUTCFullYear(), mo: x.getUTCMonth(), d: x.getUTCDate(), h: x.getUTCHours(), mi: x.getUTCMinutes() };
}
export const instant = (y: number, mo: number, d: number, h = 0, mi = 0) =>
  new Date(Date.UTC(y, mo, d, h, mi)).getTime() - 8 * HOUR;
export const minuteOf = (t: number) => {
  const c = civil(t);
  return instant(c.y, c.mo, c.d, c.h, c.mi);
};
export const hourOf = (t: number) => {
  const c = civil(t);
  return instant(c.y, c.mo, c.d, c.h);
};
export const dayOf = (t: number) => {
  const c = civil(t);
  return instant(c.y, c.mo, c.d);
};
export const monthOf = (t: number) => {
  const c = civil(t);
  return instant(c.y, c.mo, 1);
};
export const yearOf = (t: number) => instant(civil(t).y, 0, 1);
export const mondayOf = (t: number) => {
  let day = dayOf(t);
  while (new Date(day + 8 * HOUR).getUTCDay() !== 1) day -= DAY;
  return day;
};
/** y(d) of §3. */
export function y(day: number): number {
  const c = civil(day);
  return c.mo === 1 && c.d === 29 ? instant(c.y - 1, 1, 28) : instant(c.y - 1, c.mo, c.d);
}
export function stamp(t: number): string {
  const c = civil(t);
  const two = (n: number) => `${n}`.padStart(2, '0');
  const rest = t - minuteOf(t);
  const ms = rest % 1000;
  return (
    `${c.y}-${two(c.mo + 1)}-${two(c.d)}T${two(c.h)}:${two(c.mi)}:${two(Math.floor(rest / 1000))}` +
    `${ms ? `.${`${ms}`.padStart(3, '0')}` : ''}+08:00`
  );
}
