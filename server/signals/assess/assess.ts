import type { Channel, Tier } from '../../../contract/codes.ts';
import { MAX_FEN, MAX_WORKERS } from '../../../contract/fields.ts';
import { fromThousandths, roundToTenth } from '../../../common/decimal.ts';
import { dayOf } from '../../../common/regionTime.ts';
import type { CompiledIndicator, CompiledPack } from './compiledPack.ts';
import { groupByIndicator, newestOf, type Observation } from './observation.ts';

/** What is known of an employer or project besides its observations, as far as rules ask for it. */
export interface AssessedRegistration {
  headcount?: number | undefined;
}

/** What one indicator comes to, of what counts (signals §3). */
export interface AssessedIndicator {
  code: string;
  channel: Channel;
  /** By the indicator's `measure`, in its unit (yuan for `amountYuan`). */
  measure: number;
  points: number;
  /** Time of the oldest observation that counts, epoch ms. */
  since: number;
  /** The last day (`dayOf`) on which the newest one counts. */
  until: number;
  count: number;
  value: number;
  workers: number;
  amountFen: number;
}

/** The assessment of a subject on a day (signals §3). Numbers are decimals as they are shown; all were added up in whole thousandths. */
export interface Assessment {
  /** To 1 decimal. */
  score: number;
  tier?: Tier;
  /** `id` of the rule that gives the tier; there exactly when `tier` is. */
  rule?: string;
  watch: boolean;
  /** How many channels have points. */
  channels: number;
  /** Channels with points, in the order of the vocabulary; of equal points the first one speaks for an alert (signals §4). */
  channelPoints: { channel: Channel; points: number }[];
  /** Those that have something that counts, most points first, then by code. */
  indicators: AssessedIndicator[];
  workers: number;
  amountFen: number;
  months: number;
  /** The next day on which passing time alone may change it: something that counts today does not count then. */
  changesOn?: number;
}

/**
 * Assesses a subject (signals §3). Pure; neither the order of the observations nor repeats among them matter.
 *
 * @param observations all that is kept under the keys that belong to the subject
 * @param registration the one that holds, if there is one
 * @param settledAt epoch ms: what happened until then has been dealt with; -Infinity where nothing was settled
 * @param day a date in the region's zone (`dayOf`)
 */
export function assess(
  observations: readonly Observation[],
  registration: AssessedRegistration | undefined,
  settledAt: number,
  pack: CompiledPack,
  day: number,
): Assessment {
  const { byNumber } = pack;
  const variables = new Array<number>(pack.variables).fill(0);
  const channelPoints = new Array<number>(pack.channels.length).fill(0);
  const tallies: Tally[] = [];
  let workers = 0;
  let amountFen = 0;
  let months = 0;
  let changesOn: number | undefined;

  const groups = groupByIndicator(observations, (one) => one.time > settledAt && byNumber[one.indicator] !== undefined);
  for (const [number, group] of groups) {
    const indicator = byNumber[number]!;
    const tally = tallyOf(indicator, group, day);
    if (!tally) continue;
    tallies.push(tally);
    variables[indicator.slot] = tally.measure;
    channelPoints[indicator.channel]! += tally.points;
    if (indicator.owed) {
      workers = Math.max(workers, tally.workers);
      amountFen = Math.max(amountFen, tally.amountFen);
    }
    if (indicator.months) months = Math.max(months, tally.value);
    if (changesOn === undefined || tally.changesOn < changesOn) changesOn = tally.changesOn;
  }

  let sum = 0;
  const speaking: Assessment['channelPoints'] = [];
  pack.channels.forEach(({ code, cap, slot }, i) => {
    const points = Math.min(cap, channelPoints[i]!);
    variables[slot] = points;
    sum += points;
    if (points > 0) speaking.push({ channel: code, points: fromThousandths(points) });
  });
  const score = roundToTenth(sum);
  const { slots } = pack;
  variables[slots.score] = score;
  variables[slots.channels] = speaking.length * 1000;
  variables[slots.workers] = workers * 1000;
  variables[slots.amountYuan] = amountFen * 10;
  variables[slots.months] = months;
  variables[slots.headcount] = (registration?.headcount ?? 0) * 1000;

  const rule = pack.rules.find(({ matches }) => matches(variables));
  tallies.sort(mostPointsFirst);
  return {
    score: fromThousandths(score),
    ...(rule ? { tier: rule.tier, rule: rule.id } : {}),
    watch: score >= pack.watch,
    channels: speaking.length,
    channelPoints: speaking,
    indicators: tallies.map((tally) => assessed(tally, pack)),
    workers,
    amountFen,
    months: fromThousandths(months),
    ...(changesOn === undefined ? {} : { changesOn }),
  };
}

/** What of an indicator counts, in whole thousandths (but numbers of people, fen, ms and days). */
interface Tally {
  indicator: CompiledIndicator;
  count: number;
  value: number;
  workers: number;
  amountFen: number;
  measure: number;
  points: number;
  since: number;
  until: number;
  changesOn: number;
}

function mostPointsFirst(a: Tally, b: Tally): number {
  if (a.points !== b.points) return b.points - a.points;
  return a.indicator.code < b.indicator.code ? -1 : 1;
}

function tallyOf(indicator: CompiledIndicator, group: Observation[], day: number): Tally | undefined {
  const state = indicator.kind === 'state';
  let tally: Tally | undefined;
  for (const one of newestOf(group, indicator.kind)) {
    if (state && one.value === 0) continue;
    const lastDay = lastDayOf(indicator, one);
    if (day > lastDay) continue;
    if (!tally) {
      // Greatest first: this is the newest that counts. Written out, as this is the hottest place of all.
      tally = {
        indicator,
        count: 1,
        value: one.value,
        workers: one.workers,
        amountFen: one.amountFen,
        measure: 0,
        points: 0,
        since: one.time,
        until: lastDay,
        changesOn: lastDay + 1,
      };
      continue;
    }
    tally.count++;
    tally.value = state ? Math.max(tally.value, one.value) : tally.value + one.value;
    tally.workers += one.workers;
    tally.amountFen += one.amountFen;
    tally.since = Math.min(tally.since, one.time);
    tally.changesOn = Math.min(tally.changesOn, lastDay + 1);
  }
  if (!tally) return undefined;
  tally.workers = Math.min(tally.workers, MAX_WORKERS);
  tally.amountFen = Math.min(tally.amountFen, MAX_FEN);
  tally.measure = measureOf(indicator, tally.value, tally.count, tally.amountFen, tally.workers);
  tally.points = pointsOf(indicator, tally.measure);
  return tally;
}

/** The last day on which an observation counts, if nothing newer takes its place. */
export function lastDayOf({ kind, days }: CompiledIndicator, { time, until }: Observation): number {
  return kind === 'state' ? Math.min(dayOf(time) + days, until) : dayOf(time) + days - 1;
}

/** By the `measure` of an indicator, in whole thousandths of its unit. */
export function measureOf(
  { measure }: CompiledIndicator,
  value: number,
  count: number,
  amountFen: number,
  workers: number,
): number {
  switch (measure) {
    case 'value':
      return value;
    case 'count':
      return count * 1000;
    case 'amountYuan':
      return amountFen * 10;
    case 'workers':
      return workers * 1000;
  }
}

/** Those of the last step whose threshold is not above the measure, else 0. */
export function pointsOf({ thresholds, points }: CompiledIndicator, measure: number): number {
  let given = 0;
  for (let i = 0; i < thresholds.length && thresholds[i]! <= measure; i++) given = points[i]!;
  return given;
}

function assessed(tally: Tally, pack: CompiledPack): AssessedIndicator {
  const { indicator, count, workers, amountFen, since, until } = tally;
  return {
    code: indicator.code,
    channel: pack.channels[indicator.channel]!.code,
    measure: fromThousandths(tally.measure),
    points: fromThousandths(tally.points),
    since,
    until,
    count,
    value: fromThousandths(tally.value),
    workers,
    amountFen,
  };
}
