import { MEASURES, type Tier } from '../../contract/codes.ts';
import type { SeriesStep } from '../../contract/frame.ts';
import { ExactSums } from '../../common/exactSums.ts';
import { toRfc3339 } from '../../common/regionTime.ts';
import { MEASURE_SHIFT } from './bucketCodec.ts';
import type { Columns } from './columns.ts';
import {
  channelRow,
  channelOf,
  industryOf,
  industryRow,
  TOTAL_ROW,
  tierOf,
  tierRow,
  townOf,
  townRow,
  type Dictionary,
} from './dictionary.ts';
import { HeatSums } from './heatSums.ts';
import { MEASURE_INDEX, type MeasureVector } from './increments.ts';
import { SparseSum } from './sparseSum.ts';
import { stepStart, type Step } from './windows.ts';

const N = MEASURES.length;
const { raised: RAISED, effective: EFFECTIVE, falseAlarm: FALSE_ALARM, recoveredFen: RECOVERED_FEN } = MEASURE_INDEX;

/** One step of a series. */
class StepSums {
  /** Its start as frames say it. */
  readonly key: string;
  /** Alerts raised, by tier. */
  readonly tiers: Float64Array;
  effective = 0;
  falseAlarm = 0;
  /** The one sum, fen. */
  recovered = new ExactSums(1);
  /** The step as it stands in frames, until it changes. */
  shown: SeriesStep | undefined;

  constructor(key: string, tiers: Float64Array) {
    this.key = key;
    this.tiers = tiers;
  }

  copy(): StepSums {
    const copy = new StepSums(this.key, this.tiers.slice());
    copy.effective = this.effective;
    copy.falseAlarm = this.falseAlarm;
    copy.recovered = this.recovered.copy();
    return copy;
  }

  get empty(): boolean {
    return (
      this.effective === 0 && this.falseAlarm === 0 && this.recovered.isZero(0) && this.tiers.every((n) => n === 0)
    );
  }
}

/**
 * What a frame shows of one scope and window: total and marginal sums, series, heat, enterprises paid. It is told what to
 * add; which buckets belong is not its business.
 *
 * `series` and `heat` give the same object until something in them changes, so that the diff of two frames passes
 * over them at no cost.
 */
export class WindowSums {
  /** Nine measures a row, rows as in dictionary.ts. */
  readonly rows: ExactSums;
  /** Enterprises with recoveries that do not cancel out. */
  enterprisesPaid = 0;
  private readonly dictionary: Dictionary;
  /** Only this town's sums are taken in. */
  private readonly town: number | undefined;
  private readonly step: Step;
  private readonly steps = new Map<number, StepSums>();
  readonly heat: HeatSums;
  private paidSums = new SparseSum();
  private lastStart = NaN;
  private lastStep: StepSums | undefined;
  private seriesShown: Record<string, SeriesStep> | undefined;

  constructor(dictionary: Dictionary, step: Step, town: number | undefined, rows = new ExactSums(dictionary.rows * N)) {
    this.dictionary = dictionary;
    this.step = step;
    this.town = town;
    this.rows = rows;
    this.heat = new HeatSums(dictionary.heat.names);
  }

  clear(): void {
    this.rows.clear();
    this.heat.clear();
    this.paidSums = new SparseSum();
    this.enterprisesPaid = 0;
    this.steps.clear();
    this.lastStart = NaN;
    this.seriesShown = undefined;
  }

  /** Adds what one increment says of a cell; `start`: of the bucket it falls in. */
  add(cell: number, start: number, measures: MeasureVector): void {
    for (let measure = 0; measure < N; measure++) {
      const value = measures[measure]!;
      if (value !== 0) this.addOne(cell, start, measure, value, 0);
    }
  }

  addPaid(enterprise: number, count: number): void {
    const sum = this.paidSums.add(enterprise, count);
    const before = sum - count;
    this.enterprisesPaid += Number(sum > 0) - Number(before > 0);
  }

  /** Adds (sign 1) or takes away (sign −1) a whole bucket. */
  addBucket(start: number, { cells, heat, paid }: Columns, sign: 1 | -1): void {
    const { town, dictionary } = this;
    const { highs } = cells;
    for (let i = 0; i < cells.length; i++) {
      const key = cells.keys[i]! - 1;
      if (key < 0) continue;
      const cell = key >>> MEASURE_SHIFT;
      const value = cells.values[i]!;
      const high = highs === undefined ? 0 : highs[i]!;
      if ((value !== 0 || high !== 0) && (town === undefined || townOf(cell) === town))
        this.addOne(cell, start, key & 15, sign * value, sign * high);
    }
    for (let i = 0; i < heat.length; i++) {
      const pair = heat.keys[i]! - 1;
      if (pair < 0 || (town !== undefined && dictionary.heat.town[pair] !== town)) continue;
      this.heat.add(dictionary.heat.item[pair]!, sign * heat.values[i]!);
    }
    for (let i = 0; i < paid.length; i++) {
      const pair = paid.keys[i]! - 1;
      if (pair < 0 || (town !== undefined && dictionary.paid.town[pair] !== town)) continue;
      this.addPaid(dictionary.paid.item[pair]!, sign * paid.values[i]!);
    }
  }

  /** `value` and `high`: the two lanes of a sum (common/exactSums.ts). */
  private addOne(cell: number, start: number, measure: number, value: number, high: number): void {
    const { rows } = this;
    const last = townRow(townOf(cell)) * N + measure;
    if (last >= rows.length) rows.grow(this.dictionary.rows * N);
    rows.add(TOTAL_ROW * N + measure, value, high);
    rows.add(tierRow(tierOf(cell)) * N + measure, value, high);
    rows.add(industryRow(industryOf(cell)) * N + measure, value, high);
    rows.add(channelRow(channelOf(cell)) * N + measure, value, high);
    rows.add(last, value, high);
    switch (measure) {
      case RAISED:
        this.stepAt(start).tiers[tierOf(cell)]! += value;
        break;
      case EFFECTIVE:
        this.stepAt(start).effective += value;
        break;
      case FALSE_ALARM:
        this.stepAt(start).falseAlarm += value;
        break;
      case RECOVERED_FEN:
        this.stepAt(start).recovered.add(0, value, high);
        break;
    }
  }

  /** The step of a bucket, about to change. */
  private stepAt(start: number): StepSums {
    if (start !== this.lastStart) {
      const key = stepStart(this.step, start);
      let step = this.steps.get(key);
      if (!step) {
        step = new StepSums(toRfc3339(key), new Float64Array(this.dictionary.tiers.names.length));
        this.steps.set(key, step);
      }
      this.lastStart = start;
      this.lastStep = step;
    }
    const step = this.lastStep!;
    step.shown = this.seriesShown = undefined;
    return step;
  }

  /** Contract §4: steps with something in them, by their start, in order of time. */
  series(tiers: readonly Tier[]): Record<string, SeriesStep> {
    if (this.seriesShown) return this.seriesShown;
    const record: Record<string, SeriesStep> = {};
    for (const start of [...this.steps.keys()].sort((a, b) => a - b)) {
      const step = this.steps.get(start)!;
      if (step.empty) {
        this.steps.delete(start);
        this.lastStart = NaN;
        continue;
      }
      record[step.key] = step.shown ??= this.shown(step, tiers);
    }
    return (this.seriesShown = record);
  }

  private shown(step: StepSums, tiers: readonly Tier[]): SeriesStep {
    const counts: Record<string, number> = {};
    for (const tier of tiers) counts[tier] = 0;
    this.dictionary.tiers.names.forEach((tier, i) => {
      if (step.tiers[i] !== 0) counts[tier] = step.tiers[i]!;
    });
    return {
      tiers: counts,
      effective: step.effective,
      falseAlarm: step.falseAlarm,
      recoveredFen: step.recovered.value(0),
    };
  }

  /** A copy that can go its own way. */
  copy(): WindowSums {
    const copy = new WindowSums(this.dictionary, this.step, this.town, this.rows.copy());
    copy.enterprisesPaid = this.enterprisesPaid;
    copy.heat.copyFrom(this.heat);
    copy.paidSums.copyFrom(this.paidSums);
    for (const [start, step] of this.steps) copy.steps.set(start, step.copy());
    return copy;
  }
}
