import type { AlertBrief, Frame } from '../../contract/frame.ts';
import type { RegionPack } from '../../contract/region.ts';
import { diffMergePatch, newRecord, put, type Json, type JsonObject } from '../../common/mergePatch.ts';
import { isOverdue, toBrief, type RegionRow } from '../alerts/row.ts';
import { briefKeyOf } from './figures.ts';

interface Shown {
  row: RegionRow;
  brief: AlertBrief;
}

/** The briefs of a frame's `latest` at one moment after another: a brief that has not changed is the same object. */
export class Briefs {
  private readonly keyOf: (row: RegionRow) => string;
  private rows: readonly RegionRow[] = [];
  /** By their keys in frames, in the order of the rows. */
  private shown = new Map<string, Shown>();
  private made: Frame['latest'] | undefined;

  constructor(pack: RegionPack) {
    this.keyOf = briefKeyOf(pack);
  }

  /**
   * Moves on; what has changed, as a merge patch, or undefined where nothing has.
   * @param rows the same objects as before where nothing of them has changed
   */
  moveTo(rows: readonly RegionRow[], at: number): JsonObject | undefined {
    const before = this.shown;
    if (rows === this.rows && this.isCurrent(at)) return undefined;
    this.rows = rows;
    this.made = undefined;
    this.shown = new Map();
    const patch = newRecord<Json>();
    let changed = false;
    for (const row of rows) {
      const key = this.keyOf(row);
      const last = before.get(key);
      if (last?.row === row && last.brief.overdue === isOverdue(row, at)) {
        this.shown.set(key, last);
        continue;
      }
      const brief = toBrief(row, at);
      this.shown.set(key, { row, brief });
      const change = last ? diffMergePatch(last.brief, brief) : (brief as unknown as Json);
      if (change === undefined) continue;
      put(patch, key, change);
      changed = true;
    }
    for (const key of before.keys()) {
      if (this.shown.has(key)) continue;
      put(patch, key, null);
      changed = true;
    }
    return changed ? patch : undefined;
  }

  private isCurrent(at: number): boolean {
    for (const { row, brief } of this.shown.values()) if (brief.overdue !== isOverdue(row, at)) return false;
    return true;
  }

  /** The briefs as a frame has them; the same object while nothing has changed. */
  record(): Frame['latest'] {
    if (this.made) return this.made;
    const record: Frame['latest'] = newRecord();
    for (const [key, { brief }] of this.shown) put(record, key, brief);
    return (this.made = record);
  }
}
