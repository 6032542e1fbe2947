import { MAX_FEN, MAX_WORKERS } from '../../../contract/fields.ts';
import { fromThousandths, roundToTenth } from '../../../common/decimal.ts';
import { dayOf, dayText } from '../../../common/regionTime.ts';
import { lastDayOf, measureOf, pointsOf } from '../assess/assess.ts';
import type { CompiledIndicator, CompiledPack } from '../assess/compiledPack.ts';
import { compareRank, groupByIndicator, MOST_OF_INDICATOR, type Observation } from '../assess/observation.ts';
import type { AlertMark } from '../engine/alertMarks.ts';

/**
 * What the score would have been, day by day, by the version in force and by when things happened: of what is kept, whenever it came, less
 * what had been dealt with by then. What a newer observation has replaced is not kept (signals §3): a state counts from the newest
 * one of its ref on. The engine's own scores (`scores`) say what was known and in force at the time, and begin with the first version. Pure.
 *
 * A subject may have tens of thousands of observations, so no day is assessed as a whole: an indicator is looked at on the days on which it
 * may change, and of each look nothing is made. A test holds this to `assess`, day by day.
 *
 * @param alerts all of the subject; those that are closed now settle (signals §4)
 * @param allSettledAt until when everybody's observations have been dealt with, epoch ms
 * @param days so many, the last of which is `day`
 * @returns the score by date: of the first day, and of those on which it changed
 */
export function pastScores(
  observations: readonly Observation[],
  { alerts, allSettledAt }: { alerts: readonly AlertMark[]; allSettledAt: number },
  pack: CompiledPack,
  { day, days }: { day: number; days: number },
): Record<string, number> {
  const span = { first: day - days + 1, days };
  const settled = settledByDay([allSettledAt, ...alerts.flatMap(({ closedAt }) => closedAt ?? [])], span);
  /** Of each channel, by how much the points of its indicators change on a day. */
  const changes = pack.channels.map(() => new Float64Array(days));
  for (const [number, group] of groupByIndicator(observations, (one) => pack.byNumber[one.indicator] !== undefined)) {
    const indicator = pack.byNumber[number]!;
    addChanges(changes[indicator.channel]!, indicator, group.sort(compareRank), settled, span);
  }
  const points = pack.channels.map(() => 0);
  const scores: Record<string, number> = {};
  let before: number | undefined;
  for (let at = 0; at < days; at++) {
    let sum = 0;
    pack.channels.forEach(({ cap }, i) => {
      points[i]! += changes[i]![at]!;
      sum += Math.min(cap, points[i]!);
    });
    const score = roundToTenth(sum);
    if (score !== before) scores[dayText(span.first + at)] = fromThousandths(score);
    before = score;
  }
  return scores;
}

/** Days that are looked at: places in columns are counted from the first one. */
interface Span {
  first: number;
  days: number;
}

/** Until when all had been dealt with, by the end of each day, epoch ms; -Infinity before anything was. */
function settledByDay(moments: readonly number[], { first, days }: Span): Float64Array {
  const settled = new Float64Array(days).fill(-Infinity);
  for (const moment of moments) {
    if (moment === -Infinity) continue;
    const at = Math.max(0, dayOf(moment) - first);
    if (at < days) settled[at] = Math.max(settled[at]!, moment);
  }
  for (let at = 1; at < days; at++) settled[at] = Math.max(settled[at]!, settled[at - 1]!);
  return settled;
}

/** Adds by how much the points of an indicator change on each day. @param group its observations, the greatest last */
function addChanges(
  changes: Float64Array,
  indicator: CompiledIndicator,
  group: readonly Observation[],
  settled: Float64Array,
  { first, days }: Span,
): void {
  const isState = indicator.kind === 'state';
  const { length } = group;
  const names = numbersOfNames(group, isState);
  const happened = new Int32Array(length);
  const last = new Int32Array(length);
  /** Days on which something may change. */
  const changing = new Uint8Array(days + 1);
  changing[0] = 1;
  for (let i = 0; i < length; i++) {
    const one = group[i]!;
    happened[i] = dayOf(one.time) - first;
    last[i] = lastDayOf(indicator, one) - first;
    changing[within(happened[i]!, days)] = 1;
    changing[within(last[i]! + 1, days)] = 1;
  }
  /** So many days after it happened nothing counts any more, whatever it says itself. */
  const most = isState ? indicator.days : indicator.days - 1;
  /** On which day an observation of a name was last looked at. */
  const looked = new Int32Array(length).fill(-1);
  let before = 0;
  /** Those from `begin` to `end` had happened, and had not been dealt with. */
  let [begin, end] = [0, 0];
  for (let at = 0; at < days; at++) {
    if (!changing[at] && settled[at] === settled[at - 1]) continue;
    while (end < length && happened[end]! <= at) end++;
    while (begin < end && group[begin]!.time <= settled[at]!) begin++;
    let [value, workers, amountFen, count] = [0, 0, 0, 0];
    let left = MOST_OF_INDICATOR;
    for (let i = end - 1; i >= begin && left > 0 && at <= happened[i]! + most; i--) {
      const name = names[i]!;
      if (looked[name] === at) continue;
      looked[name] = at;
      left--;
      const one = group[i]!;
      if (at > last[i]! || (isState && one.value === 0)) continue;
      value = isState ? Math.max(value, one.value) : value + one.value;
      workers += one.workers;
      amountFen += one.amountFen;
      count++;
    }
    const points = count
      ? pointsOf(
          indicator,
          measureOf(indicator, value, count, Math.min(amountFen, MAX_FEN), Math.min(workers, MAX_WORKERS)),
        )
      : 0;
    changes[at]! += points - before;
    before = points;
  }
}

/** What was before the first day is of that day, and what is after the last one of none that is looked at. */
function within(at: number, days: number): number {
  return Math.min(Math.max(at, 0), days);
}

/** What tells those apart of which the greatest alone counts: of a state its ref, of an event itself. */
function numbersOfNames(group: readonly Observation[], isState: boolean): Int32Array {
  const known = new Map<string, number>();
  const numbers = new Int32Array(group.length);
  for (let i = 0; i < group.length; i++) {
    const { ref, source, id } = group[i]!;
    const name = isState ? ref : `${source.length} ${source}${id}`;
    let number = known.get(name);
    if (number === undefined) known.set(name, (number = known.size));
    numbers[i] = number;
  }
  return numbers;
}
