import { notePatch, type JsonObject } from '../../common/mergePatch.ts';
import type { Names } from './dictionary.ts';
import { SparseSum } from './sparseSum.ts';

/** What has changed in the sums that frames show: cells by name, null for those with none left. */
export type HeatChanges = readonly (readonly [cell: string, sum: number | null])[];

/**
 * Alerts raised by H3 cell, as a frame shows them (contract §4), and what has changed in them. A record has a thousand cells and
 * more: it is made when somebody asks for it, and stays the same object until something changes.
 */
export class HeatSums {
  /** Names of the cells. */
  private readonly names: Names;
  private sums = new SparseSum();
  private changed = false;
  /** Sums that may have changed since `changes` was asked last, as they were then; undefined before the first time. */
  private touched: Map<number, number> | undefined;
  /** The sums as they stood when `changes` was asked last, where somebody has asked for them. */
  private shown: Record<string, number> | undefined = {};
  /** The record before, where there is one, and what leads from it to the next. */
  private last: { shown: Record<string, number>; changes: HeatChanges } | undefined;

  constructor(names: Names) {
    this.names = names;
  }

  add(cell: number, count: number): void {
    const sum = this.sums.add(cell, count);
    this.changed = true;
    if (this.touched && !this.touched.has(cell)) this.touched.set(cell, sum - count);
  }

  clear(): void {
    const { touched } = this;
    if (touched) this.each((cell, sum) => touched.has(cell) || touched.set(cell, sum));
    this.sums = new SparseSum();
    this.changed = true;
  }

  /** What has changed since this was asked last; undefined where nothing has, or the first time. */
  changes(): HeatChanges | undefined {
    const { touched, changed } = this;
    this.changed = false;
    if (!touched) {
      this.touched = new Map();
      if (changed) this.shown = undefined;
      return undefined;
    }
    if (!changed) return undefined;
    this.touched = new Map();
    const changes = this.since(touched);
    if (changes.length === 0) return undefined;
    this.last = this.shown && { shown: this.shown, changes };
    this.shown = undefined;
    return changes;
  }

  /** @param before sums by cell */
  private since(before: ReadonlyMap<number, number>): HeatChanges {
    const { names } = this.names;
    const changes: [string, number | null][] = [];
    for (const [cell, last] of before) {
      const sum = this.sums.get(cell);
      if (Math.max(sum, 0) !== Math.max(last, 0)) changes.push([names[cell]!, sum > 0 ? sum : null]);
    }
    return changes;
  }

  /** Cells with alerts, by name. Asks for changes, too, where nobody has. */
  record(): Record<string, number> {
    this.changes();
    if (this.shown) return this.shown;
    const { last } = this;
    const record: Record<string, number> = {};
    this.each((cell, sum) => {
      if (sum > 0) record[this.names.names[cell]!] = sum;
    });
    // Two records need not be compared, then.
    if (last) notePatch(last.shown, record, heatPatch(last.changes));
    this.last = undefined;
    return (this.shown = record);
  }

  private each(use: (cell: number, sum: number) => void): void {
    const { keys, values } = this.sums;
    for (let slot = 0; slot < keys.length; slot++) if (values[slot] !== 0) use(keys[slot]! - 1, values[slot]!);
  }

  /** Takes over the sums of another, in place of its own. */
  copyFrom(other: HeatSums): void {
    this.clear();
    this.sums.copyFrom(other.sums);
  }
}

/** Changes as a merge patch. */
export function heatPatch(changes: HeatChanges): JsonObject {
  const patch: JsonObject = {};
  for (const [cell, sum] of changes) patch[cell] = sum;
  return patch;
}

/** The JSON of the merge patch. A cell's name has letters, so it needs no escapes and is no number. */
export function heatText(changes: HeatChanges): string {
  let text = '';
  for (const [cell, sum] of changes) text += `${text ? ',' : '{'}"${cell}":${sum}`;
  return text + '}';
}
