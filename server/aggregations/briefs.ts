import type { AlertBrief, Frame } from '../../contract/frame.ts';
import type { RegionPack } from '../../contract/region.ts';
import { put } from '../../common/mergePatch.ts';
import { isOverdue, toBrief, type RegionRow } from '../alerts/row.ts';
import { briefKeyOf } from './figures.ts';

/** The briefs of a frame's `latest` at one moment after another: a brief that has not changed is the same object. */
export class Briefs {
  private readonly keyOf: (row: RegionRow) => string;
  private known = new Map<RegionRow, AlertBrief>();
  private rows: readonly RegionRow[] = [];
  private record: Frame['latest'] = {};

  constructor(pack: RegionPack) {
    this.keyOf = briefKeyOf(pack);
  }

  /** @param rows the same objects as before where nothing of them has changed */
  at(rows: readonly RegionRow[], at: number): Frame['latest'] {
    const same = rows === this.rows && rows.every((row) => this.known.get(row)!.overdue === isOverdue(row, at));
    if (same) return this.record;
    const known = new Map<RegionRow, AlertBrief>();
    const record: Frame['latest'] = {};
    for (const row of rows) {
      const last = this.known.get(row);
      const brief = last && last.overdue === isOverdue(row, at) ? last : toBrief(row, at);
      known.set(row, brief);
      put(record, this.keyOf(row), brief);
    }
    this.known = known;
    this.rows = rows;
    return (this.record = record);
  }
}
