import { DAY_MS, floorTo, HOUR_MS, yearEarlier } from '../common/regionTime.ts';
import { dayWeight, hourOf } from './calendar.ts';
import { hashText, Random } from './random.ts';
import type { Scenario } from './scenario.ts';

const STREAM = hashText('raise times');
/** How much days differ by chance (standard deviation of the logarithm). */
const DAY_NOISE = 0.35;

/**
 * When the alerts of the history are raised, ascending, epoch ms: with the seasons, weekdays and hours of the
 * scenario, and denser towards `anchor`, so that the last hours, days and weeks are never empty.
 * @param counts how many in each slice: the oldest first, then those of `scenario.recent` from the farthest to the nearest
 */
export function raiseTimes(scenario: Scenario, anchor: number, seed: number, counts: readonly number[]): Float64Array {
  const random = new Random(seed, STREAM);
  let start = anchor;
  for (let i = 0; i < scenario.years; i++) start = yearEarlier(start) + (anchor - floorTo(anchor, DAY_MS));
  const edges = [start, ...scenario.recent.map(({ hours }) => anchor - hours * HOUR_MS).reverse(), anchor];
  const times = new Float64Array(counts.reduce((a, b) => a + b, 0));
  let filled = 0;
  counts.forEach((count, slice) => {
    const [from, to] = [edges[slice]!, edges[slice + 1]!];
    const place = slice === counts.length - 1 ? nearest : spread;
    const found = place({ scenario, from, to, count, anchor, seed, random });
    times.set(found, filled);
    filled += count;
  });
  return times;
}

interface Slice {
  scenario: Scenario;
  from: number;
  to: number;
  count: number;
  anchor: number;
  seed: number;
  random: Random;
}

/** The last hour: closer and closer together, so that at any hour something has just come in. */
function nearest({ from, to, count, random }: Slice): number[] {
  return Array.from({ length: count }, (_, i) =>
    Math.round(to - (to - from) * ((i + random.between(0.05, 0.95)) / count) ** 1.6),
  ).reverse();
}

/** By the weights of the hours; one in each of `count` equal parts of the weight, so they come out in order. */
function spread({ scenario, from, to, count, anchor, seed, random }: Slice): number[] {
  const starts: number[] = [];
  const upTo: number[] = [];
  let sum = 0;
  let day = NaN;
  let ofDay = 0;
  for (let t = floorTo(from, HOUR_MS); t < to; t += HOUR_MS) {
    const today = floorTo(t, DAY_MS);
    if (today !== day) {
      day = today;
      const age = (anchor - day) / DAY_MS;
      const growth = 1 + 0.9 * Math.exp(-age / 45);
      ofDay = dayWeight(day, scenario) * growth * Math.exp(DAY_NOISE * new Random(seed, STREAM, day).normal());
    }
    const part = (Math.min(to, t + HOUR_MS) - Math.max(from, t)) / HOUR_MS;
    starts.push(Math.max(from, t));
    upTo.push((sum += ofDay * scenario.hours[hourOf(t)]! * part));
  }
  const times: number[] = [];
  for (let i = 0, hour = 0; i < count; i++) {
    const x = ((i + random.next()) / count) * sum;
    while (upTo[hour]! < x && hour < upTo.length - 1) hour++;
    const before = hour ? upTo[hour - 1]! : 0;
    const end = Math.min(to, floorTo(starts[hour]!, HOUR_MS) + HOUR_MS);
    times.push(Math.floor(starts[hour]! + ((end - starts[hour]!) * (x - before)) / (upTo[hour]! - before)));
  }
  return times;
}
