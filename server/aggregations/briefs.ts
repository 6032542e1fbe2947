import type { AlertBrief, Frame } from '../../contract/frame.ts';
import type { RegionPack } from '../../contract/region.ts';
import { diffMergePatch, newRecord, notePatch, put, type Json } from '../../common/mergePatch.ts';
import { isOverdue, toBrief, type RegionRow } from '../alerts/row.ts';
import { briefKeyOf } from './figures.ts';

/**
 * The briefs of a frame's `latest` at one moment after another: a brief that has not changed is the same object, and what leads from one
 * record to the next is noted.
 */
export class Briefs {
  private readonly keyOf: (row: RegionRow) => string;
  private known = new Map<RegionRow, AlertBrief>();
  private rows: readonly RegionRow[] = [];
  private record: Frame['latest'] = newRecord();

  constructor(pack: RegionPack) {
    this.keyOf = briefKeyOf(pack);
  }

  /** @param rows the same objects as before where nothing of them has changed */
  at(rows: readonly RegionRow[], at: number): Frame['latest'] {
    const same = rows === this.rows && rows.every((row) => this.known.get(row)!.overdue === isOverdue(row, at));
    if (same) return this.record;
    const before = { known: this.known, record: this.record };
    const known = new Map<RegionRow, AlertBrief>();
    const record: Frame['latest'] = newRecord();
    const patch = newRecord<Json>();
    for (const row of rows) {
      const last = before.known.get(row);
      const brief = last && last.overdue === isOverdue(row, at) ? last : toBrief(row, at);
      const key = this.keyOf(row);
      known.set(row, brief);
      put(record, key, brief);
      if (brief === last) continue;
      // The alert may have been there as another row.
      const shown = Object.hasOwn(before.record, key) ? before.record[key] : undefined;
      const change = shown ? diffMergePatch(shown, brief) : (brief as unknown as Json);
      if (change !== undefined) put(patch, key, change);
    }
    for (const row of before.known.keys()) {
      if (known.has(row)) continue;
      const key = this.keyOf(row);
      if (!Object.hasOwn(record, key)) put(patch, key, null);
    }
    if (Object.keys(patch).length > 0) notePatch(before.record, record, patch);
    this.known = known;
    this.rows = rows;
    return (this.record = record);
  }
}
