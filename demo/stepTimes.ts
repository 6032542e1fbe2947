import { DAY_MS, floorTo, HOUR_MS, MINUTE_MS } from '../common/regionTime.ts';
import { weekdayOf } from './calendar.ts';
import type { Step, Wait } from './lifePlan.ts';
import type { Random } from './random.ts';
import type { Scenario } from './scenario.ts';

/** Offices work from 8:30 to 18:30, region's time. */
const OPENS = 8.5 * HOUR_MS;
const CLOSES = 18.5 * HOUR_MS;

/** What people do in office hours; raising and handing out run by themselves. */
const BY_HAND: ReadonlySet<Wait> = new Set(['amend', 'accept', 'handle', 'audit', 'recover', 'close']);

/** When the steps of a life happen in the history: epoch ms, whole, strictly ascending from `raisedAt`. */
export function stepTimes(steps: readonly Step[], raisedAt: number, scenario: Scenario, random: Random): number[] {
  let t = raisedAt;
  return steps.map(({ wait, tier }, i) => {
    if (i === 0) return t;
    const hours = scenario.historyHours[tier];
    const mean =
      wait === 'amend' || wait === 'raise' ? hours.accept / 2 : wait === 'recover' ? hours.close * 1.5 : hours[wait];
    t += random.wait(mean * HOUR_MS);
    if (BY_HAND.has(wait)) t = inOfficeHours(t, tier === 'red', random);
    t = Math.floor(t);
    return t;
  });
}

/** The grave are handled on any day, until late. */
function inOfficeHours(t: number, grave: boolean, random: Random): number {
  const day = floorTo(t, DAY_MS);
  let at = t;
  const close = grave ? CLOSES + 3 * HOUR_MS : CLOSES;
  if (at - day < OPENS) at = day + OPENS + random.next() * 100 * MINUTE_MS;
  else if (at - day > close) at = day + DAY_MS + OPENS + random.next() * 100 * MINUTE_MS;
  const weekday = weekdayOf(at);
  if (!grave && weekday > 4 && random.chance(0.7)) at += (7 - weekday) * DAY_MS;
  return at;
}

/** The same times, drawn together or apart so that the last is at `end`; whole ms, still strictly ascending. */
export function stretchTo(times: readonly number[], end: number): number[] {
  const first = times[0]!;
  const length = times.at(-1)! - first;
  if (!length) return [first];
  const factor = (end - first) / length;
  let before = first - 1;
  return times.map((t) => (before = Math.max(before + 1, Math.floor(first + (t - first) * factor))));
}
