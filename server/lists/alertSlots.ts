import type { Enterprise, Project } from '../../contract/events.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { AlertRow, RecoveryTuple } from '../alerts/row.ts';
import { enterpriseKey } from '../../common/identity.ts';
import { forEachBit } from './bitset.ts';
import {
  channelIndex,
  CLOSED,
  Columns,
  industryIndex,
  MAX_TOWNS,
  NO_CELL,
  NO_PROJECT,
  packDims,
  stageIndex,
  stageOf,
  tierIndex,
  townOf,
  verdictIndex,
  verdictOf,
  ZONE,
  Zones,
} from './alertColumns.ts';
import { Spellings } from './spellings.ts';
import { EXTRA_COLUMNS, ExtraColumns, type ExtraColumn } from './extraColumns.ts';
import { gridCell } from './geo.ts';
import { compareText, IdStore } from './idStore.ts';
import { FirstAlerts } from './firstAlerts.ts';
import { FirstSlots } from './firstSlots.ts';
import { NameSearch } from './nameSearch.ts';
import { OrderedIndex } from './orderedIndex.ts';
import { Recoveries } from './recoveries.ts';
import type { SlotFields } from './slotFields.ts';
import { SlotSets } from './slotSets.ts';
import { Standings } from './standings.ts';
import { UnitSlots } from './unitSlots.ts';

/** So many of the most recently raised are known without looking at all alerts; a frame asks for 50 (contract §4). */
export const LATEST_KEPT = 128;

/**
 * All alerts in columns, by slot, with the sets, orders and lists that reads are made from. `AlertStore` puts rows in and gets
 * them out.
 */
export class AlertSlots {
  size = 0;
  readonly ids = new IdStore();
  readonly columns = new Columns();
  readonly recoveries = new Recoveries();
  readonly extras: ExtraColumns;
  readonly units: UnitSlots;
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
  readonly latestRegion = this.newLatest();
  readonly latestTown: FirstSlots[] = [];
  readonly firsts = new FirstAlerts(this);

  readonly region: string;

  constructor(pack: RegionPack, extras: readonly ExtraColumn[] = EXTRA_COLUMNS) {
    this.region = pack.code;
    this.extras = new ExtraColumns(extras);
    this.units = new UnitSlots(this.extras.text('unit'), pack);
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
    this.firsts.addTown();
    return town;
  }

  private newOrder(column: () => Float64Array | Uint32Array): OrderedIndex {
    return new OrderedIndex({
      keys: column,
      tieKey: (slot) => this.ids.orderKey(slot),
      ties: (a, b) => this.ids.compare(a, b),
    });
  }

  /** Slots of the same value stay together, in any order that lasts. */
  private newGrouping(column: () => Uint32Array): OrderedIndex {
    return new OrderedIndex({ keys: column, tieKey: (slot) => slot, ties: () => 0 });
  }

  private newLatest(): FirstSlots {
    return new FirstSlots(LATEST_KEPT, this.newestFirst);
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
    this.units.grow(next);
    this.sets.grow(next);
    for (const zones of Object.values(this.zones)) zones.grow(next);
    for (const index of this.indexes) index.grow(next);
  }

  /** The dimensions of a row, packed as in `columns.dims`. */
  dimsOf(row: AlertRow): number {
    return packDims(
      tierIndex(row.tier),
      stageIndex(row.stage),
      verdictIndex(row.verdict),
      industryIndex(row.industry),
      channelIndex(row.channel),
      this.townIndex(row.town),
    );
  }

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
    this.firsts.enter(slot);
    this.standings.add(this.enterprises.keyOf(enterprise), slot);
  }

  /** Recovered sums that do not follow from the recoveries at hand. */
  readonly otherSums = new Map<number, number>();

  /** Writes all recoveries of a slot; returns whether anything differs. */
  setRecoveries(slot: number, list: readonly RecoveryTuple[], recoveredFen: number): boolean {
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
  addRecoveries(slot: number, kept: number, list: readonly RecoveryTuple[], recoveredFen: number): boolean {
    const { recoveries } = this;
    const moved = recoveries.extend(slot, kept, list);
    if (!moved && this.recoveredFen(slot) === recoveredFen) return false;
    for (const [at] of list) this.zones.recovered.widen(slot, at);
    this.sets.recovered.add(slot);
    if (recoveries.fenOf(slot) === recoveredFen) this.otherSums.delete(slot);
    else this.otherSums.set(slot, recoveredFen);
    return true;
  }

  /** Fen. */
  recoveredFen(slot: number): number {
    if (!this.sets.recovered.has(slot)) return 0;
    return this.otherSums.size > 0 && this.otherSums.has(slot)
      ? this.otherSums.get(slot)!
      : this.recoveries.fenOf(slot);
  }

  /** The `n` most recently raised slots of a scope (`town` -1: the region), for n up to LATEST_KEPT. */
  latest(town: number, n: number): Uint32Array {
    const list = town < 0 ? this.latestRegion : this.latestTown[town]!;
    const set = town < 0 ? undefined : this.sets.byTown[town]!;
    return list.first(n, (visit) => {
      if (set) forEachBit(set.words, set.words.length, visit);
      else for (let slot = 0; slot < this.size; slot++) visit(slot);
    });
  }

  /** Sees to it that an index exists, or is being built (`maintain`). */
  want(index: OrderedIndex): void {
    index.activate(this.size);
  }
}
