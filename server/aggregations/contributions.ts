import { MEASURES } from '../../contract/codes.ts';
import { ExactSums, SPAN } from '../../common/exactSums.ts';
import { MINUTE_MS } from '../../common/regionTime.ts';
import { enterpriseKey } from '../../common/identity.ts';
import type { AlertFacts, AlertState } from '../alerts/state.ts';
import { Dictionary, townOf, type TownPairs } from './dictionary.ts';
import { heatCell } from './heatCell.ts';
import { MEASURE_INDEX, type Increments, type MeasureVector } from './increments.ts';

const N = MEASURES.length;
const M = MEASURE_INDEX;

/** Minutes are the same in every zone whose offset is whole minutes. */
const minuteOf = (ms: number) => Math.floor(ms / MINUTE_MS);

/** Something and a minute in one number: minutes since 1970 stay below 2²⁷ until the year 2225. */
const MINUTES = 2 ** 27;

/** So many H3 cells and enterprises are remembered before the numbers given to them are given anew. */
const MAX_NAMES = 200_000;

/**
 * Adds up what alerts contribute to the cube (contract §2), after with sign 1 and before with −1, so that `take`
 * gives what changed: whatever an alert contributed before and still does cancels out and is not there at all.
 */
export class IncrementSum {
  private dictionary = new Dictionary([]);
  /** By cell and minute. */
  private cells = new Map<number, MeasureVector>();
  /** How many SPANs are to be added to a measure of a vector, where the sum has left it. */
  private high = new Map<MeasureVector, MeasureVector>();
  /** By pair of town and H3 cell, and minute. */
  private heat = new Map<number, number>();
  /** By pair of town and enterprise, and minute. */
  private paid = new Map<number, number>();
  /** The last state, if it was added with sign −1: likely the one before that which comes next. */
  private before: AlertState | undefined;

  /** Adds (sign 1) or takes away (sign −1) all that an alert in this state contributes. */
  add(state: AlertState, sign: 1 | -1): void {
    const { before } = this;
    this.before = undefined;
    if (before) {
      if (sign === 1 && this.change(before, state)) return;
      this.addAll(before, -1);
    }
    if (sign === -1) this.before = state;
    else this.addAll(state, 1);
  }

  /**
   * Adds only those parts in which two states of an alert differ; an event of a usual life touches one or none.
   * Returns false, and adds nothing, when the states have too little in common.
   */
  private change(before: AlertState, after: AlertState): boolean {
    if (before.alertId !== after.alertId || !contributesAlike(before, after)) return false;
    const verdict = before.verdict !== after.verdict || before.verdictAt !== after.verdictAt;
    const closing = before.stage !== after.stage || before.closedAt !== after.closedAt;
    const recoveries = before.recoveries.length > 0 || after.recoveries.length > 0;
    if (!verdict && !closing && !recoveries) return true;
    const cell = this.cellOf(after);
    for (const [state, sign] of [
      [before, -1],
      [after, 1],
    ] as const) {
      if (verdict) this.addVerdict(cell, state, sign);
      if (closing) this.addClosing(cell, state, sign);
      if (recoveries) this.addRecoveries(cell, state, sign);
    }
    return true;
  }

  private addAll(state: AlertState, sign: 1 | -1): void {
    const { facts, raisedAt } = state;
    const cell = this.cellOf(state);
    const raised = this.vector(cell, raisedAt);
    raised[M.raised]! += sign;
    this.plus(raised, M.workers, sign * facts.workers);
    this.plus(raised, M.amountFen, sign * facts.amountFen);
    if (facts.location && !state.positionOutside) {
      count(this.heat, this.dictionary.heat.byText(townOf(cell), heatCell(facts.location)), raisedAt, sign);
    }
    this.addVerdict(cell, state, sign);
    this.addClosing(cell, state, sign);
    this.addRecoveries(cell, state, sign);
  }

  private addVerdict(cell: number, { verdict, verdictAt }: AlertState, sign: 1 | -1): void {
    if (!verdict || verdictAt === undefined) return;
    this.vector(cell, verdictAt)[verdict === 'effective' ? M.effective : M.falseAlarm]! += sign;
  }

  private addClosing(cell: number, { stage, closedAt, raisedAt }: AlertState, sign: 1 | -1): void {
    if (stage !== 'closed' || closedAt === undefined) return;
    const closed = this.vector(cell, closedAt);
    closed[M.closed]! += sign;
    this.plus(closed, M.closeMs, sign * (closedAt - raisedAt));
  }

  private addRecoveries(cell: number, { recoveries, facts }: AlertState, sign: 1 | -1): void {
    if (recoveries.length === 0) return;
    const { paid } = this.dictionary;
    const pair = paid.pair(townOf(cell), paid.names.number(enterpriseKey(facts.enterprise)));
    for (const { at, amountFen, workers } of recoveries) {
      const recovered = this.vector(cell, at);
      this.plus(recovered, M.recoveredFen, sign * amountFen);
      this.plus(recovered, M.recoveredWorkers, sign * workers);
      count(this.paid, pair, at, sign);
    }
  }

  private cellOf({ facts }: AlertState): number {
    return this.dictionary.number(facts.tier, facts.town, facts.industry, facts.channel);
  }

  private vector(cell: number, ms: number): MeasureVector {
    const key = cell * MINUTES + minuteOf(ms);
    let vector = this.cells.get(key);
    if (!vector) this.cells.set(key, (vector = [0, 0, 0, 0, 0, 0, 0, 0, 0]));
    return vector;
  }

  /** Adds to a measure, exactly: what does not fit into the vector is kept beside it. */
  private plus(vector: MeasureVector, measure: number, value: number): void {
    const sum = vector[measure]! + value;
    if (Math.abs(sum) < SPAN) {
      vector[measure] = sum;
      return;
    }
    let high = this.high.get(vector);
    if (!high) this.high.set(vector, (high = [0, 0, 0, 0, 0, 0, 0, 0, 0]));
    high[measure]! += Math.trunc(sum / SPAN);
    vector[measure] = sum % SPAN;
  }

  /**
   * What has been added since the last `take`, netted: no cell, H3 cell or enterprise that sums to zero. A sum beyond ±2⁵²
   * comes in several parts of the same cell and minute.
   */
  take(): Increments {
    if (this.before) this.addAll(this.before, -1);
    this.before = undefined;
    const { dictionary } = this;
    const increments: Increments = {
      cells: [],
      heat: this.pairs(this.heat, dictionary.heat),
      paid: this.pairs(this.paid, dictionary.paid),
    };
    for (const [key, vector] of this.cells) {
      const high = this.high.size > 0 ? this.high.get(vector) : undefined;
      for (const part of high ? partsOf(vector, high) : [vector]) {
        if (isZero(part)) continue;
        increments.cells.push([dictionary.key(Math.floor(key / MINUTES)), (key % MINUTES) * MINUTE_MS, part]);
      }
    }
    this.cells = new Map();
    this.high = new Map();
    this.heat = new Map();
    this.paid = new Map();
    if (dictionary.heat.size + dictionary.paid.size > MAX_NAMES) this.dictionary = new Dictionary([]);
    return increments;
  }

  private pairs(counts: Map<number, number>, pairs: TownPairs): [string, string, number, number][] {
    const result: [string, string, number, number][] = [];
    for (const [key, count] of counts) {
      if (count === 0) continue;
      const pair = Math.floor(key / MINUTES);
      const town = this.dictionary.towns.names[pairs.town[pair]!]!;
      result.push([town, pairs.names.names[pairs.item[pair]!]!, (key % MINUTES) * MINUTE_MS, count]);
    }
    return result;
  }
}

function count(into: Map<number, number>, pair: number, ms: number, sign: 1 | -1): void {
  const key = pair * MINUTES + minuteOf(ms);
  into.set(key, (into.get(key) ?? 0) + sign);
}

/** Vectors that add up to `high · SPAN + vector`, none of whose measures is beyond ±SPAN; one where that is enough. */
function partsOf(vector: MeasureVector, high: MeasureVector): MeasureVector[] {
  const sums = new ExactSums(N);
  for (let measure = 0; measure < N; measure++) sums.add(measure, vector[measure]!, high[measure]);
  const parts = [Array.from(sums.low)];
  for (let measure = 0; measure < N; measure++) {
    const spans = sums.high?.[measure] ?? 0;
    for (let i = 1; i <= Math.abs(spans); i++) {
      parts[i] ??= new Array<number>(N).fill(0);
      parts[i]![measure] = Math.sign(spans) * SPAN;
    }
  }
  return parts;
}

function isZero(vector: MeasureVector): boolean {
  for (let i = 0; i < N; i++) if (vector[i] !== 0) return false;
  return true;
}

/** Whether what two states of an alert have in common contributes the same: they were raised alike, to the cells they are in. */
export function contributesAlike(a: AlertState, b: AlertState): boolean {
  return a.raisedAt === b.raisedAt && a.positionOutside === b.positionOutside && sameFacts(a.facts, b.facts);
}

/** Whether all facts are the same that the cube knows. */
function sameFacts(a: AlertFacts, b: AlertFacts): boolean {
  return (
    a.tier === b.tier &&
    a.town === b.town &&
    a.industry === b.industry &&
    a.channel === b.channel &&
    a.workers === b.workers &&
    a.amountFen === b.amountFen &&
    a.location?.lng === b.location?.lng &&
    a.location?.lat === b.location?.lat &&
    a.enterprise.uscc === b.enterprise.uscc &&
    a.enterprise.name === b.enterprise.name
  );
}
