import { dateOf, DAY_MS, floorTo, HOUR_MS, midnight, REGION_OFFSET_MS } from '../common/regionTime.ts';
import type { Scenario } from './scenario.ts';

/** First day of the Chinese year, [month, day] by Gregorian year. A year not listed has no peak. */
const SPRING_FESTIVAL: Record<number, [month: number, day: number]> = {
  2018: [2, 16],
  2019: [2, 5],
  2020: [1, 25],
  2021: [2, 12],
  2022: [2, 1],
  2023: [1, 22],
  2024: [2, 10],
  2025: [1, 29],
  2026: [2, 17],
  2027: [2, 6],
  2028: [1, 26],
  2029: [2, 13],
  2030: [2, 3],
  2031: [1, 23],
  2032: [2, 11],
  2033: [1, 31],
  2034: [2, 19],
  2035: [2, 8],
  2036: [1, 28],
  2037: [2, 15],
  2038: [2, 4],
  2039: [1, 24],
  2040: [2, 12],
};

/** Midnight (region's zone) of the Spring Festival of a Gregorian year. */
export function springFestival(year: number): number | undefined {
  const date = SPRING_FESTIVAL[year];
  return date && midnight(year, ...date);
}

/** 0 Monday … 6 Sunday, region's zone. */
export function weekdayOf(ms: number): number {
  return (new Date(ms + REGION_OFFSET_MS).getUTCDay() + 6) % 7;
}

/** How much more than usual is raised on a day: weeks before the festival far more, in its holidays next to nothing. */
export function dayWeight(ms: number, scenario: Scenario): number {
  const day = floorTo(ms, DAY_MS);
  const { year } = dateOf(day);
  let weight = scenario.weekdays[weekdayOf(day)]!;
  for (const festival of [springFestival(year), springFestival(year + 1)]) {
    if (festival !== undefined) weight *= interpolate(scenario.springFestivalWeights, (day - festival) / DAY_MS);
  }
  return weight;
}

/** 1 outside the table. */
function interpolate(table: readonly [number, number][], x: number): number {
  if (x <= table[0]![0] || x >= table.at(-1)![0]) return 1;
  const i = table.findIndex(([at]) => at > x);
  const [x0, y0] = table[i - 1]!;
  const [x1, y1] = table[i]!;
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}

export function hourOf(ms: number): number {
  return Math.floor((ms + REGION_OFFSET_MS) / HOUR_MS) % 24;
}

/**
 * The rhythm of the feed: at pace p a millisecond of the clock is p milliseconds of activity. The feed's
 * schedule is written in activity, so that nights are calm, and a night changes neither how many alerts are
 * open nor the order of anything.
 */
export class Pace {
  readonly #byHour: readonly number[];
  readonly #lively: { from: number; to: number };
  readonly #settled: number;

  /**
   * @param byHour pace of each hour of the day (region's zone), all above zero
   * @param settled share of it that holds outside the lively span (epoch ms); without one all is lively
   */
  constructor(byHour: readonly number[], settled?: { pace: number; lively: { from: number; to: number } }) {
    this.#byHour = byHour;
    this.#lively = settled?.lively ?? { from: -Infinity, to: Infinity };
    this.#settled = settled?.pace ?? 1;
  }

  at(ms: number): number {
    const { from, to } = this.#lively;
    return this.#byHour[hourOf(ms)]! * (ms >= from && ms < to ? 1 : this.#settled);
  }

  /** When the pace may change next after a moment. */
  #next(ms: number): number {
    const { from, to } = this.#lively;
    const hour = floorTo(ms, HOUR_MS) + HOUR_MS;
    return Math.min(hour, from > ms ? from : hour, to > ms ? to : hour);
  }

  /** When the pace that holds just before a moment began, or the hour did. */
  #last(ms: number): number {
    const { from, to } = this.#lively;
    // The hour in which the last millisecond before lies.
    const hour = floorTo(ms - 1, HOUR_MS);
    return Math.max(hour, from < ms ? from : hour, to < ms ? to : hour);
  }

  /** Activity (ms) from one moment to a later one; 0 if it is not later. */
  between(from: number, to: number): number {
    let sum = 0;
    for (let t = from; t < to;) {
      const end = Math.min(to, this.#next(t));
      sum += (end - t) * this.at(t);
      t = end;
    }
    return sum;
  }

  /** The moment at which so much activity (ms) has passed since `from`. */
  after(from: number, activity: number): number {
    let t = from;
    for (let left = activity; left > 0;) {
      const end = this.#next(t);
      const here = (end - t) * this.at(t);
      if (here >= left) return t + left / this.at(t);
      left -= here;
      t = end;
    }
    return t;
  }

  /** The moment from which so much activity (ms) passes until `to`. */
  before(to: number, activity: number): number {
    let t = to;
    for (let left = activity; left > 0;) {
      const start = this.#last(t);
      const pace = this.at(start);
      const here = (t - start) * pace;
      if (here >= left) return t - left / pace;
      left -= here;
      t = start;
    }
    return t;
  }
}
