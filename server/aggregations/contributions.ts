import { MEASURES } from '../../contract/codes.ts';
import { MINUTE_MS } from '../../contract/regionTime.ts';
import type { AlertState } from '../alerts/state.ts';
import { Dictionary } from './dictionary.ts';
import { heatCell } from './heatCell.ts';
import { MEASURE_INDEX, type Increments, type MeasureVector } from './increments.ts';

const N = MEASURES.length;
const M = MEASURE_INDEX;

/** Minutes are the same in every zone whose offset is whole minutes. */
const minuteOf = (ms: number) => Math.floor(ms / MINUTE_MS);

/** Something and a minute in one number: minutes since 1970 stay below 2²⁷ until the year 2225. */
const MINUTES = 2 ** 27;

interface Counted { name: string; town: string; minute: number; count: number }

/**
 * Adds up what alerts contribute to the cube (contract §2), after with sign 1 and before with −1, so that `take`
 * gives what changed: whatever an alert contributed before and still does cancels out and is not there at all.
 */
export class IncrementSum {
  private readonly dictionary = new Dictionary([]);
  /** By cell and minute. */
  private cells = new Map<number, MeasureVector>();
  /** By town, H3 cell and minute. */
  private heat = new Map<string, Counted>();
  /** By town, enterprise and minute. */
  private paid = new Map<string, Counted>();

  /** Adds (sign 1) or takes away (sign −1) all that an alert in this state contributes. */
  add(state: AlertState, sign: 1 | -1): void {
    const { facts, raisedAt } = state;
    const cell = this.dictionary.number(facts.tier, facts.town, facts.industry, facts.channel);
    const raised = this.vector(cell, raisedAt);
    raised[M.raised]! += sign;
    raised[M.workers]! += sign * facts.workers;
    raised[M.amountFen]! += sign * facts.amountFen;
    if (state.verdict && state.verdictAt !== undefined) {
      this.vector(cell, state.verdictAt)[state.verdict === 'effective' ? M.effective : M.falseAlarm]! += sign;
    }
    if (state.stage === 'closed' && state.closedAt !== undefined) {
      const closed = this.vector(cell, state.closedAt);
      closed[M.closed]! += sign;
      closed[M.closeMs]! += sign * (state.closedAt - raisedAt);
    }
    if (facts.location) count(this.heat, facts.town, heatCell(facts.location), raisedAt, sign);
    if (state.recoveries.length === 0) return;
    const enterprise = facts.enterprise.uscc ?? facts.enterprise.name;
    for (const recovery of state.recoveries) {
      const recovered = this.vector(cell, recovery.at);
      recovered[M.recoveredFen]! += sign * recovery.amountFen;
      recovered[M.recoveredWorkers]! += sign * recovery.workers;
      count(this.paid, facts.town, enterprise, recovery.at, sign);
    }
  }

  private vector(cell: number, ms: number): MeasureVector {
    const key = cell * MINUTES + minuteOf(ms);
    let vector = this.cells.get(key);
    if (!vector) this.cells.set(key, (vector = [0, 0, 0, 0, 0, 0, 0, 0, 0]));
    return vector;
  }

  /** What has been added since the last `take`, netted: no cell, H3 cell or enterprise that sums to zero. */
  take(): Increments {
    const increments: Increments = { cells: [], heat: [], paid: [] };
    for (const [key, vector] of this.cells) {
      if (isZero(vector)) continue;
      const cell = Math.floor(key / MINUTES);
      increments.cells.push([this.dictionary.key(cell), (key % MINUTES) * MINUTE_MS, vector]);
    }
    for (const { town, name, minute, count } of this.heat.values()) {
      if (count !== 0) increments.heat.push([town, name, minute * MINUTE_MS, count]);
    }
    for (const { town, name, minute, count } of this.paid.values()) {
      if (count !== 0) increments.paid.push([town, name, minute * MINUTE_MS, count]);
    }
    this.cells = new Map();
    this.heat = new Map();
    this.paid = new Map();
    return increments;
  }
}

function count(into: Map<string, Counted>, town: string, name: string, ms: number, sign: 1 | -1): void {
  const minute = minuteOf(ms);
  const key = `${minute}|${town}|${name}`;
  const entry = into.get(key);
  if (entry) entry.count += sign;
  else into.set(key, { town, name, minute, count: sign });
}

function isZero(vector: MeasureVector): boolean {
  for (let i = 0; i < N; i++) if (vector[i] !== 0) return false;
  return true;
}
