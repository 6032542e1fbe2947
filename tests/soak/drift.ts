/** Whether something grows: judged by the slope of a line through its samples, not by how large or fast it is. */

export interface Series {
  name: string;
  at: number[];
  values: number[];
}

/**
 * What may be added over the whole of the samples before it is called drift, in the unit of the values: what is
 * meant to grow (alerts are kept), and the noise of one sample.
 */
export interface Allowance {
  name: string;
  most: number;
}

export interface Drift {
  name: string;
  first: number;
  last: number;
  perHour: number;
  overall: number;
  allowed: number;
  drifts: boolean;
}

const HOUR_MS = 3_600_000;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The median of the slopes between all pairs of samples (Theil–Sen): one odd sample does not move it. Per ms. */
export function slopeOf({ at, values }: Series): number {
  const slopes: number[] = [];
  for (let i = 0; i < at.length; i++)
    for (let j = i + 1; j < at.length; j++) slopes.push((values[j]! - values[i]!) / (at[j]! - at[i]!));
  return slopes.length ? median(slopes) : 0;
}

/** @param warmUp share of the samples that are left out: caches and tables fill up first */
export function driftOf(series: Series, most: number, warmUp = 0.25): Drift {
  const from = Math.floor(series.at.length * warmUp);
  const rest: Series = { name: series.name, at: series.at.slice(from), values: series.values.slice(from) };
  const slope = slopeOf(rest);
  const span = (rest.at.at(-1) ?? 0) - (rest.at[0] ?? 0);
  const third = Math.max(1, Math.floor(rest.values.length / 3));
  const overall = slope * span;
  return {
    name: series.name,
    first: median(rest.values.slice(0, third)),
    last: median(rest.values.slice(-third)),
    perHour: slope * HOUR_MS,
    overall,
    allowed: most,
    drifts: overall > most,
  };
}
