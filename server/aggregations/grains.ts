import { DAY_MS, floorTo, HOUR_MS, MINUTE_MS, REGION_OFFSET_MS } from '../../common/regionTime.ts';

/** The three bucket sizes, finest first (contract §3). */
export const GRAINS = ['minute', 'hour', 'day'] as const;
export type Grain = (typeof GRAINS)[number];

/** Length of a bucket, ms. */
export const GRAIN_MS: Record<Grain, number> = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS };
/** How long buckets are kept, ms: minutes 50 hours, hours 70 days, days for ever (contract §3). */
export const KEPT_MS: Record<Grain, number> = { minute: 50 * HOUR_MS, hour: 70 * DAY_MS, day: Infinity };

/** Bucket starts `lo ≤ s < hi`, epoch ms. */
export interface Range {
  lo: number;
  hi: number;
}
export const EVER: Range = { lo: -Infinity, hi: Infinity };

/** Start of the bucket in which `ms` lies. */
export function bucketStart(grain: Grain, ms: number): number {
  return floorTo(ms, GRAIN_MS[grain]);
}

/** Consecutive number of the bucket that starts at `start`; day 0 is 1970-01-01 in the region. */
export function bucketNumber(grain: Grain, start: number): number {
  return Math.round((start + REGION_OFFSET_MS) / GRAIN_MS[grain]);
}

export function startOfNumber(grain: Grain, number: number): number {
  return number * GRAIN_MS[grain] - REGION_OFFSET_MS;
}

/** Start of the oldest bucket of a grain that is kept at `now`; −∞ for days. */
export function keptFrom(grain: Grain, now: number): number {
  const kept = KEPT_MS[grain];
  return kept === Infinity ? -Infinity : bucketStart(grain, now) - kept + GRAIN_MS[grain];
}

/** Numbers of the buckets of a range, `first` ≤ n < `end`. Bounds need not lie on the grain: those of a window of hours may be applied to days. */
export function numbersOf(grain: Grain, { lo, hi }: Range): { first: number; end: number } {
  const size = GRAIN_MS[grain];
  return { first: Math.ceil((lo + REGION_OFFSET_MS) / size), end: Math.ceil((hi + REGION_OFFSET_MS) / size) };
}
