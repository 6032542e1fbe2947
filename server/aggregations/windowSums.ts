import { MEASURES, type Tier } from '../../contract/codes.ts';
import type { SeriesStep } from '../../contract/frame.ts';
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
  recoveredFen = 0;
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
    copy.recoveredFen = this.recoveredFen;
    return copy;
  }

  get empty(): boolean {
    return this.effective === 0 && this.falseAlarm === 0 && this.recoveredFen === 0 && this.tiers.every((n) => n === 0);
  }
}

/**
 * What a frame shows of one scope and window: total and marginal sums, series, heat, enterprises paid, and the
 * alerts raised by cell, for drill-down. It is told what to add; which buckets belong is not its business.
 *
 * `series` and `heat` give the same object until something in them changes, so that the diff of two frames passes
 * over them at no cost.
 */
export class WindowSums {
  /** Nine measures a row, rows as in dictionary.ts. */
  rows: Float64Array;
  /** Alerts raised, by cell. */
  readonly raisedByCell = new SparseSum();
  /** Enterprises with recoveries that do not cancel out. */
  enterprisesPaid = 0;
  private readonly dictionary: Dictionary;
  /** Only this town's sums are taken in. */
  private readonly town: number | undefined;
  private readonly step: Step;
  private readonly steps = new Map<number, StepSums>();
  private readonly heatSums = new SparseSum();
  private readonly paidSums = new SparseSum();
  private lastStart = NaN;
  private lastStep: StepSums | undefined;
  private seriesShown: Record<string, SeriesStep> | undefined;
  private heatShown: Record<string, number> = {};
  private heatChanged = false;

  constructor(dictionary: Dictionary, step: Step, town: number | undefined) {
    this.dictionary = dictionary;
    this.step = step;
    this.town = town;
    this.rows = new Float64Array(dictionary.rows * N);
  }

  /** Adds what one increment says of a cell; `start`: of the bucket it falls in. */
  add(cell: number, start: number, measures: MeasureVector): void {
    for (let measure = 0; measure < N; measure++) {
      const value = measures[measure]!;
      if (value !== 0) this.addOne(cell, start, measure, value);
    }
  }

  addHeat(cell: number, count: number): void {
    this.heatSums.add(cell, count);
    this.heatChanged = true;
  }

  addPaid(enterprise: number, count: number): void {
    const sum = this.paidSums.add(enterprise, count);
    const before = sum - count;
    this.enterprisesPaid += Number(sum > 0) - Number(before > 0);
  }

  /** Adds (sign 1) or takes away (sign −1) a whole bucket. */
  addBucket(start: number, { cells, heat, paid }: Columns, sign: 1 | -1): void {
    const { town, dictionary } = this;
    for (let i = 0; i < cells.length; i++) {
      const key = cells.keys[i]! - 1;
      if (key < 0) continue;
      const cell = key >>> MEASURE_SHIFT;
      const value = cells.values[i]!;
      if (value !== 0 && (town === undefined || townOf(cell) === town))
        this.addOne(cell, start, key & 15, sign * value);
    }
    for (let i = 0; i < heat.length; i++) {
      const pair = heat.keys[i]! - 1;
      if (pair < 0 || (town !== undefined && dictionary.heat.town[pair] !== town)) continue;
      this.addHeat(dictionary.heat.item[pair]!, sign * heat.values[i]!);
    }
    for (let i = 0; i < paid.length; i++) {
      const pair = paid.keys[i]! - 1;
      if (pair < 0 || (town !== undefined && dictionary.paid.town[pair] !== town)) continue;
      this.addPaid(dictionary.paid.item[pair]!, sign * paid.values[i]!);
    }
  }

  private addOne(cell: number, start: number, measure: number, value: number): void {
    const last = townRow(townOf(cell)) * N + measure;
    if (last >= this.rows.length) this.grow();
    const { rows } = this;
    rows[TOTAL_ROW * N + measure]! += value;
    rows[tierRow(tierOf(cell)) * N + measure]! += value;
    rows[industryRow(industryOf(cell)) * N + measure]! += value;
    rows[channelRow(channelOf(cell)) * N + measure]! += value;
    rows[last]! += value;
    switch (measure) {
      case RAISED:
        this.stepAt(start).tiers[tierOf(cell)]! += value;
        this.raisedByCell.add(cell, value);
        break;
      case EFFECTIVE:
        this.stepAt(start).effective += value;
        break;
      case FALSE_ALARM:
        this.stepAt(start).falseAlarm += value;
        break;
      case RECOVERED_FEN:
        this.stepAt(start).recoveredFen += value;
        break;
    }
  }

  private grow(): void {
    const rows = new Float64Array(this.dictionary.rows * N);
    rows.set(this.rows);
    this.rows = rows;
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
    return { tiers: counts, effective: step.effective, falseAlarm: step.falseAlarm, recoveredFen: step.recoveredFen };
  }

  /** Contract §4: alerts raised by H3 cell. */
  heat(): Record<string, number> {
    if (!this.heatChanged) return this.heatShown;
    const { keys, values } = this.heatSums;
    const { names } = this.dictionary.heat.names;
    const record: Record<string, number> = {};
    for (let slot = 0; slot < keys.length; slot++) {
      if (values[slot]! > 0) record[names[keys[slot]! - 1]!] = values[slot]!;
    }
    this.heatChanged = false;
    return (this.heatShown = record);
  }

  /** A copy that can go its own way. */
  copy(): WindowSums {
    const copy = new WindowSums(this.dictionary, this.step, this.town);
    copy.rows = this.rows.slice();
    copy.enterprisesPaid = this.enterprisesPaid;
    copy.raisedByCell.copyFrom(this.raisedByCell);
    copy.heatSums.copyFrom(this.heatSums);
    copy.paidSums.copyFrom(this.paidSums);
    copy.heatChanged = true;
    for (const [start, step] of this.steps) copy.steps.set(start, step.copy());
    return copy;
  }
}
