import type { FeedRow, RegionRow } from '../alerts/row.ts';
import { NO_PROJECT } from './alertColumns.ts';
import { AlertSlots } from './alertSlots.ts';
import { NO_RECOVERIES, SlotFields } from './slotFields.ts';
import { rowWithoutRecoveries } from './slotRow.ts';
import { updateSlot } from './slotUpdate.ts';

/** Slots of a checkpoint chunk. */
export const CHUNK = 4096;

/** All alerts, as rows. An alert keeps the slot it got when it first appeared; its row changes in place. */
export class AlertStore extends AlertSlots {
  /** By chunk: how often its rows have changed. */
  readonly chunkVersions: number[] = [];

  /**
   * Takes over the state of an alert; returns its state before, if it was there. Of an alert with very many events, of which the
   * row has new recoveries only, that is told without its recoveries.
   */
  upsert(row: FeedRow): RegionRow | undefined {
    const slot = this.ids.find(row.alertId);
    if (slot < 0) {
      this.insert(row);
      return undefined;
    }
    const before = row.kept === undefined ? this.row(slot, row.alertId) : rowWithoutRecoveries(this, slot, row.alertId);
    if (updateSlot(this, slot, row)) this.changed(slot);
    return before;
  }

  private changed(slot: number): void {
    const chunk = Math.floor(slot / CHUNK);
    this.chunkVersions[chunk] = (this.chunkVersions[chunk] ?? 0) + 1;
  }

  private insert(row: FeedRow): void {
    // What may throw comes first: a row that is refused must leave no trace.
    const fields = this.fields;
    if (row.kept) throw new RangeError(`alert ${row.alertId} is not in the list, but recoveries of it are to be kept`);
    fields.dims = this.dimsOf(row);
    this.reserve(this.size + 1);
    const { location } = row;
    fields.enterprise = this.enterprises.intern(row.enterprise);
    fields.project = row.project ? this.projects.intern(row.project) : NO_PROJECT;
    const slot = this.ids.append(row.alertId);
    fields.workers = row.workers;
    fields.amountFen = row.amountFen;
    fields.raisedAt = row.raisedAt;
    fields.dueAt = row.dueAt;
    fields.changedAt = row.changedAt;
    fields.closedAt = row.closedAt ?? NaN;
    fields.verdictAt = row.verdictAt ?? NaN;
    fields.lng = location?.lng ?? NaN;
    fields.lat = location?.lat ?? NaN;
    fields.positionOutside = row.positionOutside === true;
    fields.recoveries = row.recoveries ?? NO_RECOVERIES;
    fields.recoveredFen = row.recoveredFen;
    this.fill(slot, fields);
    this.extras.write(slot, row);
    this.changed(slot);
  }

  private readonly fields = new SlotFields();

  /** The row in a slot, as it was given; `alertId` if it is at hand. */
  row(slot: number, alertId = this.ids.id(slot)): RegionRow {
    const row = rowWithoutRecoveries(this, slot, alertId);
    const list = this.sets.recovered.has(slot) ? this.recoveries.list(slot) : undefined;
    if (list) row.recoveries = list;
    return row;
  }
}
