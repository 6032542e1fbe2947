import type { FeedRow } from '../alerts/row.ts';
import { CLOSED, NO_CELL, NO_PROJECT, stageOf, townOf } from './alertColumns.ts';
import { gridCell } from './geo.ts';
import { NO_RECOVERIES } from './slotFields.ts';
import type { AlertSlots } from './alertSlots.ts';

/** Writes what differs from a row into its slot; returns whether anything did. */
export function updateSlot(store: AlertSlots, slot: number, row: FeedRow): boolean {
  const { columns, zones, orders } = store;
  const before = columns.dims[slot]!;
  const after = store.dimsOf(row) >>> 0;
  const raisedBefore = columns.raisedAt[slot]!;
  const raisedMoved = raisedBefore !== row.raisedAt;
  const townMoved = townOf(before) !== townOf(after);
  const entry = columns.enterprise[slot]!;
  const enterpriseMoved = !store.enterprises.is(entry, row.enterprise);
  const firstsMoved =
    before !== after || raisedMoved || columns.dueAt[slot] !== row.dueAt || columns.changedAt[slot] !== row.changedAt;
  let changed = before !== after || raisedMoved || enterpriseMoved;

  // Lists and standings find a slot by what it was, so they are left before anything is written.
  if (raisedMoved) store.latestRegion.remove(slot);
  if (raisedMoved || townMoved) store.latestTown[townOf(before)]!.remove(slot);
  if (firstsMoved) store.firsts.leave(slot);
  if (enterpriseMoved) store.standings.remove(store.enterprises.keyOf(entry), slot);
  else if (raisedMoved) store.standings.forget(store.enterprises.keyOf(entry), slot);

  if (before !== after) {
    columns.dims[slot] = after;
    store.sets.move(slot, before, after);
  }
  if (raisedMoved) {
    columns.raisedAt[slot] = row.raisedAt;
    zones.raisedAt.widen(slot, row.raisedAt);
    orders.raised.touch(slot);
    store.latestRegion.insert(slot);
  }
  if (raisedMoved || townMoved) store.latestTown[townOf(after)]!.insert(slot);
  if (enterpriseMoved) {
    const next = store.enterprises.intern(row.enterprise);
    store.enterprises.unuse(entry);
    store.enterprises.use(next);
    columns.enterprise[slot] = next;
    store.byEnterprise.touch(slot);
    store.standings.add(store.enterprises.keyOf(next), slot);
  } else if (raisedMoved) store.standings.raisedChanged(store.enterprises.keyOf(entry), slot);

  const project = columns.project[slot]!;
  const sameProject = row.project
    ? project !== NO_PROJECT && store.projects.is(project, row.project)
    : project === NO_PROJECT;
  if (!sameProject) {
    const next = row.project ? store.projects.intern(row.project) : NO_PROJECT;
    if (project !== NO_PROJECT) store.projects.unuse(project);
    if (next !== NO_PROJECT) store.projects.use(next);
    columns.project[slot] = next;
    changed = true;
  }
  if (columns.workers[slot] !== row.workers) {
    columns.workers[slot] = row.workers;
    orders.workers.touch(slot);
    changed = true;
  }
  if (columns.amountFen[slot] !== row.amountFen) {
    columns.amountFen[slot] = row.amountFen;
    orders.amount.touch(slot);
    changed = true;
  }
  if (columns.dueAt[slot] !== row.dueAt) {
    columns.dueAt[slot] = row.dueAt;
    zones.dueAt.widen(slot, row.dueAt);
    orders.due.touch(slot);
    changed = true;
  }
  if (columns.changedAt[slot] !== row.changedAt) {
    columns.changedAt[slot] = row.changedAt;
    orders.changed.touch(slot);
    changed = true;
  }
  if (firstsMoved) store.firsts.enter(slot);
  const closedAt = row.closedAt ?? NaN;
  if (!Object.is(columns.closedAt[slot], closedAt)) {
    columns.closedAt[slot] = closedAt;
    changed = true;
  }
  if (stageOf(after) === CLOSED) zones.closedAt.widenOrVoid(slot, closedAt);
  const verdictAt = row.verdictAt ?? NaN;
  if (!Object.is(columns.verdictAt[slot], verdictAt)) {
    columns.verdictAt[slot] = verdictAt;
    changed = true;
  }
  if (row.verdict) zones.verdictAt.widenOrVoid(slot, verdictAt);
  const lng = row.location?.lng ?? NaN;
  const lat = row.location?.lat ?? NaN;
  if (!Object.is(columns.lng[slot], lng) || !Object.is(columns.lat[slot], lat)) {
    columns.lng[slot] = lng;
    columns.lat[slot] = lat;
    changed = true;
  }
  if (row.positionOutside ? store.sets.outside.add(slot) : store.sets.outside.remove(slot)) changed = true;
  const cell = row.positionOutside ? NO_CELL : gridCell(lng, lat);
  if (columns.cell[slot] !== cell) {
    columns.cell[slot] = cell;
    store.byCell.touch(slot);
  }
  if (store.extras.write(slot, row)) changed = true;
  const { recoveries = NO_RECOVERIES, recoveredFen, kept } = row;
  const recoveriesChanged =
    kept === undefined
      ? store.setRecoveries(slot, recoveries, recoveredFen)
      : store.addRecoveries(slot, kept, recoveries, recoveredFen);
  return recoveriesChanged || changed;
}
