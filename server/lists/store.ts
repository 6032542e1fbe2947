import { CHANNELS, INDUSTRIES, STAGES, TIERS } from '../../contract/codes.ts';
import type { Enterprise, Project } from '../../contract/events.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { AlertRow, FeedRow, RecoveryTuple, RegionRow } from '../alerts/row.ts';
import { enterpriseKey } from '../../common/identity.ts';
import { forEachBit } from './bitset.ts';
import {
  channelIndex,
  channelOf,
  CLOSED,
  Columns,
  industryIndex,
  industryOf,
  MAX_TOWNS,
  NO_CELL,
  NO_PROJECT,
  packDims,
  stageIndex,
  stageOf,
  tierIndex,
  tierOf,
  townOf,
  VERDICT_CODES,
  verdictIndex,
  verdictOf,
  ZONE,
  Zones,
} from './alertColumns.ts';
import { Spellings } from './spellings.ts';
import { EXTRA_COLUMNS, ExtraColumns, type ExtraColumn } from './extraColumns.ts';
import { gridCell } from './geo.ts';
import { compareText, IdStore } from './idStore.ts';
import { LatestList } from './latestList.ts';
import { NameSearch } from './nameSearch.ts';
import { OrderedIndex } from './orderedIndex.ts';
import { Recoveries } from './recoveries.ts';
import { NO_RECOVERIES, SlotFields } from './slotFields.ts';
import { SlotSets } from './slotSets.ts';
import { Standings } from './standings.ts';

/** Slots of a checkpoint chunk. */
export const CHUNK = 4096;

/**
 * All alerts in columns, with the sets, orders and lists that reads are made from. An alert keeps the slot it got when
 * it first appeared; its row changes in place.
 */
export class AlertStore {
  size = 0;
  readonly ids = new IdStore();
  readonly columns = new Columns();
  readonly recoveries = new Recoveries();
  readonly extras: ExtraColumns;
  readonly enterprises = new Spellings<Enterprise>((value) => value.uscc, enterpriseKey);
  readonly projects = new Spellings<Project>(
    (value) => value.id,
    (value) => value.id,
  );
  readonly enterpriseNames = new NameSearch(this.enterprises.values);
  readonly projectNames = new NameSearch(this.projects.values);
  readonly towns: string[] = [];
  private readonly townIds = new Map<string, number>();

  readonly sets = new SlotSets();
  readonly zones = {
    raisedAt: new Zones(),
    dueAt: new Zones(),
    closedAt: new Zones(),
    verdictAt: new Zones(),
    recovered: new Zones(),
  };

  /** raisedAt descending, then alertId ascending: the order of the frame's `latest`. */
  readonly newestFirst = (a: number, b: number): number =>
    this.columns.raisedAt[b]! - this.columns.raisedAt[a]! ||
    (a === b ? 0 : compareText(this.ids.id(a), this.ids.id(b)));
  readonly orders = {
    raised: this.newOrder(() => this.columns.raisedAt),
    due: this.newOrder(() => this.columns.dueAt),
    amount: this.newOrder(() => this.columns.amountFen),
    workers: this.newOrder(() => this.columns.workers),
    changed: this.newOrder(() => this.columns.changedAt),
  };
  readonly byEnterprise = this.newGrouping(() => this.columns.enterprise);
  readonly byCell = this.newGrouping(() => this.columns.cell);
  readonly indexes = [...Object.values(this.orders), this.byEnterprise, this.byCell];

  readonly standings = new Standings(this.newestFirst);
  private readonly latestRegion = this.newLatest();
  private readonly latestTown: LatestList[] = [];

  /** By chunk: how often its rows have changed. */
  readonly chunkVersions: number[] = [];

  private readonly region: string;

  constructor(pack: RegionPack, extras: readonly ExtraColumn[] = EXTRA_COLUMNS) {
    this.region = pack.code;
    this.extras = new ExtraColumns(extras);
    this.projects.addHidden({ id: '', name: '' });
    for (const town of pack.towns) this.townIndex(town.code);
  }

  /** A town's number, or -1 if neither the pack nor any alert names it. */
  findTown(code: string): number {
    return this.townIds.get(code) ?? -1;
  }

  townIndex(code: string): number {
    const known = this.townIds.get(code);
    if (known !== undefined) return known;
    const town = this.towns.length;
    if (town === MAX_TOWNS) throw new RangeError('too many towns');
    this.towns.push(code);
    this.townIds.set(code, town);
    this.sets.addTown(this.columns.capacity);
    this.latestTown.push(this.newLatest());
    return town;
  }

  private newOrder(column: () => Float64Array | Uint32Array): OrderedIndex {
    return new OrderedIndex(
      column,
      (slot) => this.ids.orderKey(slot),
      (a, b) => this.ids.compare(a, b),
    );
  }

  /** Slots of the same value stay together, in any order that lasts. */
  private newGrouping(column: () => Uint32Array): OrderedIndex {
    return new OrderedIndex(
      column,
      (slot) => slot,
      () => 0,
    );
  }

  private newLatest(): LatestList {
    return new LatestList(() => this.columns.raisedAt, this.newestFirst);
  }

  /**
   * Makes room for `size` alerts. Doubles what there is: room that is not used yet is address space, not memory, and
   * copying the columns seldom is what keeps adding alerts cheap.
   */
  reserve(size: number): void {
    const { capacity } = this.columns;
    if (size <= capacity) return;
    const wanted = Math.max(size, capacity * 2);
    const next = Math.ceil(wanted / ZONE) * ZONE;
    this.ids.grow(next);
    this.columns.grow(next);
    this.recoveries.grow(next);
    this.extras.grow(next);
    this.sets.grow(next);
    for (const zones of Object.values(this.zones)) zones.grow(next);
    for (const index of this.indexes) index.grow(next);
  }

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
    const before = row.kept === undefined ? this.row(slot, row.alertId) : this.rowWithoutRecoveries(slot, row.alertId);
    if (this.update(slot, row)) this.changed(slot);
    return before;
  }

  private changed(slot: number): void {
    const chunk = Math.floor(slot / CHUNK);
    this.chunkVersions[chunk] = (this.chunkVersions[chunk] ?? 0) + 1;
  }

  private dimsOf(row: AlertRow): number {
    return packDims(
      tierIndex(row.tier),
      stageIndex(row.stage),
      verdictIndex(row.verdict),
      industryIndex(row.industry),
      channelIndex(row.channel),
      this.townIndex(row.town),
    );
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

  /** Fills the slot that `ids` has just appended, and adds it to everything that knows slots. */
  fill(slot: number, fields: SlotFields): void {
    this.size++;
    const { columns, zones } = this;
    const { dims, enterprise, project, raisedAt, dueAt } = fields;
    columns.dims[slot] = dims;
    this.sets.add(slot, dims);
    columns.enterprise[slot] = enterprise;
    this.enterprises.use(enterprise);
    columns.project[slot] = project;
    if (project !== NO_PROJECT) this.projects.use(project);
    columns.workers[slot] = fields.workers;
    columns.amountFen[slot] = fields.amountFen;
    columns.raisedAt[slot] = raisedAt;
    columns.dueAt[slot] = dueAt;
    columns.changedAt[slot] = fields.changedAt;
    columns.closedAt[slot] = fields.closedAt;
    columns.verdictAt[slot] = fields.verdictAt;
    columns.lng[slot] = fields.lng;
    columns.lat[slot] = fields.lat;
    columns.cell[slot] = fields.positionOutside ? NO_CELL : gridCell(fields.lng, fields.lat);
    if (fields.positionOutside) this.sets.outside.add(slot);
    zones.raisedAt.widen(slot, raisedAt);
    zones.dueAt.widen(slot, dueAt);
    if (stageOf(dims) === CLOSED) zones.closedAt.widenOrVoid(slot, fields.closedAt);
    if (verdictOf(dims) > 0) zones.verdictAt.widenOrVoid(slot, fields.verdictAt);
    this.setRecoveries(slot, fields.recoveries, fields.recoveredFen);
    for (const index of this.indexes) index.touch(slot);
    this.latestRegion.insert(slot);
    this.latestTown[townOf(dims)]!.insert(slot);
    this.standings.add(this.enterprises.keyOf(enterprise), slot);
  }

  /** Writes what differs; returns whether anything did. */
  private update(slot: number, row: FeedRow): boolean {
    const { columns, zones, orders } = this;
    const before = columns.dims[slot]!;
    const after = this.dimsOf(row) >>> 0;
    const raisedBefore = columns.raisedAt[slot]!;
    const raisedMoved = raisedBefore !== row.raisedAt;
    const townMoved = townOf(before) !== townOf(after);
    const entry = columns.enterprise[slot]!;
    const enterpriseMoved = !this.enterprises.is(entry, row.enterprise);
    let changed = before !== after || raisedMoved || enterpriseMoved;

    // Lists and standings find a slot by what it was, so they are left before anything is written.
    if (raisedMoved) this.latestRegion.remove(slot);
    if (raisedMoved || townMoved) this.latestTown[townOf(before)]!.remove(slot);
    if (enterpriseMoved) this.standings.remove(this.enterprises.keyOf(entry), slot);
    else if (raisedMoved) this.standings.forget(this.enterprises.keyOf(entry), slot);

    if (before !== after) {
      columns.dims[slot] = after;
      this.sets.move(slot, before, after);
    }
    if (raisedMoved) {
      columns.raisedAt[slot] = row.raisedAt;
      zones.raisedAt.widen(slot, row.raisedAt);
      orders.raised.touch(slot);
      this.latestRegion.insert(slot);
    }
    if (raisedMoved || townMoved) this.latestTown[townOf(after)]!.insert(slot);
    if (enterpriseMoved) {
      const next = this.enterprises.intern(row.enterprise);
      this.enterprises.unuse(entry);
      this.enterprises.use(next);
      columns.enterprise[slot] = next;
      this.byEnterprise.touch(slot);
      this.standings.add(this.enterprises.keyOf(next), slot);
    } else if (raisedMoved) this.standings.raisedChanged(this.enterprises.keyOf(entry), slot);

    const project = columns.project[slot]!;
    const sameProject = row.project
      ? project !== NO_PROJECT && this.projects.is(project, row.project)
      : project === NO_PROJECT;
    if (!sameProject) {
      const next = row.project ? this.projects.intern(row.project) : NO_PROJECT;
      if (project !== NO_PROJECT) this.projects.unuse(project);
      if (next !== NO_PROJECT) this.projects.use(next);
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
    if (row.positionOutside ? this.sets.outside.add(slot) : this.sets.outside.remove(slot)) changed = true;
    const cell = row.positionOutside ? NO_CELL : gridCell(lng, lat);
    if (columns.cell[slot] !== cell) {
      columns.cell[slot] = cell;
      this.byCell.touch(slot);
    }
    if (this.extras.write(slot, row)) changed = true;
    const { recoveries = NO_RECOVERIES, recoveredFen, kept } = row;
    const recoveriesChanged =
      kept === undefined
        ? this.setRecoveries(slot, recoveries, recoveredFen)
        : this.addRecoveries(slot, kept, recoveries, recoveredFen);
    return recoveriesChanged || changed;
  }

  /** Recovered sums that do not follow from the recoveries at hand. */
  private readonly otherSums = new Map<number, number>();

  private setRecoveries(slot: number, list: readonly RecoveryTuple[], recoveredFen: number): boolean {
    const { recoveries } = this;
    if (list.length === 0 && recoveredFen === 0 && !this.sets.recovered.has(slot)) return false;
    const listMoved = !recoveries.equals(slot, list);
    const sumMoved = this.recoveredFen(slot) !== recoveredFen;
    if (!listMoved && !sumMoved) return false;
    if (listMoved) recoveries.set(slot, list);
    this.otherSums.delete(slot);
    if (recoveries.fenOf(slot) !== recoveredFen) this.otherSums.set(slot, recoveredFen);
    for (const [at] of list) this.zones.recovered.widen(slot, at);
    if (list.length > 0 || recoveredFen > 0) this.sets.recovered.add(slot);
    else this.sets.recovered.remove(slot);
    return true;
  }

  /** Takes over what follows on the first `kept` recoveries, whatever stands there. @throws RangeError if there are fewer */
  private addRecoveries(slot: number, kept: number, list: readonly RecoveryTuple[], recoveredFen: number): boolean {
    const { recoveries } = this;
    const moved = recoveries.extend(slot, kept, list);
    if (!moved && this.recoveredFen(slot) === recoveredFen) return false;
    for (const [at] of list) this.zones.recovered.widen(slot, at);
    this.sets.recovered.add(slot);
    if (recoveries.fenOf(slot) === recoveredFen) this.otherSums.delete(slot);
    else this.otherSums.set(slot, recoveredFen);
    return true;
  }

  recoveredFen(slot: number): number {
    if (!this.sets.recovered.has(slot)) return 0;
    return this.otherSums.size > 0 && this.otherSums.has(slot)
      ? this.otherSums.get(slot)!
      : this.recoveries.fenOf(slot);
  }

  /** The row in a slot, as it was given; `alertId` if it is at hand. */
  row(slot: number, alertId = this.ids.id(slot)): RegionRow {
    const row = this.rowWithoutRecoveries(slot, alertId);
    const list = this.sets.recovered.has(slot) ? this.recoveries.list(slot) : undefined;
    if (list) row.recoveries = list;
    return row;
  }

  /** The same, but for the list of its recoveries, which may be very long. */
  rowWithoutRecoveries(slot: number, alertId = this.ids.id(slot)): RegionRow {
    const { columns } = this;
    const dims = columns.dims[slot]!;
    const row: RegionRow = {
      region: this.region,
      alertId,
      tier: TIERS[tierOf(dims)]!,
      town: this.towns[townOf(dims)]!,
      industry: INDUSTRIES[industryOf(dims)]!,
      channel: CHANNELS[channelOf(dims)]!,
      stage: STAGES[stageOf(dims)]!,
      enterprise: this.enterprises.values[columns.enterprise[slot]!]!,
      workers: columns.workers[slot]!,
      amountFen: columns.amountFen[slot]!,
      raisedAt: columns.raisedAt[slot]!,
      dueAt: columns.dueAt[slot]!,
      recoveredFen: 0,
      changedAt: columns.changedAt[slot]!,
    };
    const project = columns.project[slot]!;
    if (project !== NO_PROJECT) row.project = this.projects.values[project]!;
    const lng = columns.lng[slot]!;
    if (lng === lng) row.location = { lng, lat: columns.lat[slot]! };
    if (this.sets.outside.has(slot)) row.positionOutside = true;
    const verdict = verdictOf(dims);
    if (verdict > 0) row.verdict = VERDICT_CODES[verdict - 1]!;
    const closedAt = columns.closedAt[slot]!;
    if (closedAt === closedAt) row.closedAt = closedAt;
    const verdictAt = columns.verdictAt[slot]!;
    if (verdictAt === verdictAt) row.verdictAt = verdictAt;
    row.recoveredFen = this.recoveredFen(slot);
    this.extras.read(slot, row);
    return row;
  }

  /** The `n` most recently raised slots of a scope (`town` -1: the region), for n up to LatestList.capacity. */
  latest(town: number, n: number): Uint32Array {
    const list = town < 0 ? this.latestRegion : this.latestTown[town]!;
    const known = list.take(n);
    if (known) return known;
    const set = town < 0 ? undefined : this.sets.byTown[town]!;
    list.fill(set ? set.count : this.size, (visit) => {
      if (set) forEachBit(set.words, set.words.length, visit);
      else for (let slot = 0; slot < this.size; slot++) visit(slot);
    });
    return list.take(n) ?? new Uint32Array(0);
  }

  /** Sees to it that an index exists, or is being built (`maintain`). */
  want(index: OrderedIndex): void {
    index.activate(this.size);
  }
}
