import { MAX_FEN, MAX_WORKERS } from '../../../contract/fields.ts';
import { roundToTenth } from '../../../common/decimal.ts';
import { measureOf, pointsOf } from './assess.ts';
import type { CompiledIndicator, CompiledPack, CompiledRule } from './compiledPack.ts';

/**
 * Observations of one subject as columns: those that rules may ever look at (observation.ts, `newestOf`), by indicator, of each the
 * greatest first.
 */
export interface FactGroups {
  readonly order: Int32Array;
  readonly groups: number;
  /** By group: the number of its indicator, and where in `order` it ends; it begins where the one before ends. */
  readonly groupIndicator: Int32Array;
  readonly groupEnd: Int32Array;
  // By what `order` has, as Observation has them; `day` is `dayOf(time)`.
  readonly time: Float64Array;
  readonly day: Int32Array;
  readonly until: Int32Array;
  readonly value: Float64Array;
  readonly amountFen: Float64Array;
  readonly workers: Float64Array;
}

/** A day that never comes. */
const NEVER = 0x3fff_ffff;

/**
 * The assessment of `assess`, as far as findings and decisions need it, of columns and into places that are there: it makes nothing.
 * `assess` is the law; a test holds this one to it. All numbers are whole thousandths, but those of people, fen and days.
 */
export class QuickAssessment {
  score = 0;
  rule: CompiledRule | undefined;
  watch = false;
  workers = 0;
  amountFen = 0;
  months = 0;
  /** The next day on which passing time alone may change it. */
  changesOn = NEVER;
  /** Channels with points, in the order of the vocabulary: places in `channels` of the pack. */
  speaking = 0;
  readonly channel: number[] = [];
  readonly channelPoints: number[] = [];
  /** Indicators that have something that counts, most points first, then by code. */
  indicators = 0;
  readonly indicator: CompiledIndicator[] = [];
  readonly points: number[] = [];
  private variables: number[] = [];
  private byChannel: number[] = [];

  of(facts: FactGroups, headcount: number | undefined, settledAt: number, pack: CompiledPack, day: number): void {
    const variables = zeros(this.variables, pack.variables);
    const byChannel = zeros(this.byChannel, pack.channels.length);
    this.variables = variables;
    this.byChannel = byChannel;
    this.workers = 0;
    this.amountFen = 0;
    this.months = 0;
    this.changesOn = NEVER;
    this.indicators = 0;
    let begin = 0;
    for (let group = 0; group < facts.groups; group++) {
      const end = facts.groupEnd[group]!;
      const indicator = pack.byNumber[facts.groupIndicator[group]!];
      if (indicator) this.tally(facts, begin, end, indicator, settledAt, day, variables, byChannel);
      begin = end;
    }
    let sum = 0;
    let speaking = 0;
    const { channels, slots, rules } = pack;
    for (let i = 0; i < channels.length; i++) {
      const { cap, slot } = channels[i]!;
      const points = Math.min(cap, byChannel[i]!);
      variables[slot] = points;
      sum += points;
      if (points <= 0) continue;
      this.channel[speaking] = i;
      this.channelPoints[speaking++] = points;
    }
    this.speaking = speaking;
    this.score = roundToTenth(sum);
    variables[slots.score] = this.score;
    variables[slots.channels] = speaking * 1000;
    variables[slots.workers] = this.workers * 1000;
    variables[slots.amountYuan] = this.amountFen * 10;
    variables[slots.months] = this.months;
    variables[slots.headcount] = (headcount ?? 0) * 1000;
    this.watch = this.score >= pack.watch;
    this.rule = undefined;
    for (const rule of rules) {
      if (!rule.matches(variables)) continue;
      this.rule = rule;
      break;
    }
  }

  private tally(
    facts: FactGroups,
    begin: number,
    end: number,
    indicator: CompiledIndicator,
    settledAt: number,
    day: number,
    variables: number[],
    byChannel: number[],
  ): void {
    const { order, time, day: dayOfFact, until, value: valueOf } = facts;
    const state = indicator.kind === 'state';
    const { days } = indicator;
    let count = 0;
    let value = 0;
    let workers = 0;
    let amountFen = 0;
    let changesOn = NEVER;
    for (let at = begin; at < end; at++) {
      const one = order[at]!;
      if (!(time[one]! > settledAt)) continue;
      const ofOne = valueOf[one]!;
      if (state && ofOne === 0) continue;
      const lastDay = state ? Math.min(dayOfFact[one]! + days, until[one]!) : dayOfFact[one]! + days - 1;
      if (day > lastDay) continue;
      count++;
      value = state ? Math.max(value, ofOne) : value + ofOne;
      workers += facts.workers[one]!;
      amountFen += facts.amountFen[one]!;
      if (lastDay < changesOn - 1) changesOn = lastDay + 1;
    }
    if (count === 0) return;
    workers = Math.min(workers, MAX_WORKERS);
    amountFen = Math.min(amountFen, MAX_FEN);
    const measure = measureOf(indicator, value, count, amountFen, workers);
    const points = pointsOf(indicator, measure);
    variables[indicator.slot] = measure;
    byChannel[indicator.channel]! += points;
    if (indicator.owed) {
      this.workers = Math.max(this.workers, workers);
      this.amountFen = Math.max(this.amountFen, amountFen);
    }
    if (indicator.months) this.months = Math.max(this.months, value);
    if (changesOn < this.changesOn) this.changesOn = changesOn;
    // Into its place: most points first, then by code.
    let at = this.indicators++;
    for (; at > 0; at--) {
      const before = this.indicator[at - 1]!;
      const given = this.points[at - 1]!;
      if (given > points || (given === points && before.code < indicator.code)) break;
      this.indicator[at] = before;
      this.points[at] = given;
    }
    this.indicator[at] = indicator;
    this.points[at] = points;
  }
}

function zeros(array: number[], length: number): number[] {
  if (array.length !== length) return new Array<number>(length).fill(0);
  return array.fill(0);
}
