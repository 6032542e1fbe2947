import { DAY_MS, floorTo, HOUR_MS, MINUTE_MS } from '../../../../common/regionTime.ts';

/** Hours of the region's day in which nobody is woken; `from` after `to` goes over midnight. */
export interface QuietHours {
  /** `22:00` */
  from: string;
  to: string;
}

/** When the quiet hours end in which a moment lies, epoch ms; undefined where it lies in none. They end as `to` begins. */
export function quietUntil({ from, to }: QuietHours, at: number): number | undefined {
  const day = floorTo(at, DAY_MS);
  // Those that began yesterday may go on.
  for (const first of [day - DAY_MS, day]) {
    const begins = first + ofDay(from);
    const ends = first + ofDay(to) + (ofDay(to) <= ofDay(from) ? DAY_MS : 0);
    if (at >= begins && at < ends) return ends;
  }
  return undefined;
}

function ofDay(text: string): number {
  const [hours, minutes] = text.split(':').map(Number) as [number, number];
  return hours * HOUR_MS + minutes * MINUTE_MS;
}
