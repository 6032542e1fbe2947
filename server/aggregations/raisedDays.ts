import { DAY_MS, isoDate, REGION_OFFSET_MS } from '../../common/regionTime.ts';

/** Contract §4: `days` of a town are the last 30, today included. */
const DAYS = 30;
/** Kept beyond those, so that a clock that is set back finds them. */
const KEPT_DAYS = 2 * DAYS;

/** Number of the day (region's zone) in which a moment lies. */
export const dayNumber = (ms: number): number => Math.floor((ms + REGION_OFFSET_MS) / DAY_MS);

/** Alerts raised by day in one place. */
export class RaisedDays {
  private readonly counts = new Map<number, number>();
  /** Days before it are forgotten. */
  private from = -Infinity;
  /** What was given out last, for which day. */
  private shown: Record<string, number> | undefined;
  private shownFor = NaN;

  add(raisedAt: number, by: number): void {
    const day = dayNumber(raisedAt);
    if (day < this.from) return;
    const count = (this.counts.get(day) ?? 0) + by;
    if (count === 0) this.counts.delete(day);
    else this.counts.set(day, count);
    this.shown = undefined;
  }

  /** Forgets what no frame shows from `today` on. It never goes back. */
  forget(today: number): void {
    const from = today - KEPT_DAYS;
    if (from <= this.from) return;
    this.from = from;
    for (const day of this.counts.keys()) if (day < from) this.counts.delete(day);
  }

  /** By date, of the 30 days up to `today` those with something in them; the same object while nothing changes. */
  upTo(today: number): Record<string, number> {
    if (this.shown && this.shownFor === today) return this.shown;
    const shown: Record<string, number> = {};
    for (let day = today - DAYS + 1; day <= today; day++) {
      const count = this.counts.get(day);
      if (count !== undefined) shown[isoDate(day * DAY_MS - REGION_OFFSET_MS)] = count;
    }
    this.shown = shown;
    this.shownFor = today;
    return shown;
  }
}
