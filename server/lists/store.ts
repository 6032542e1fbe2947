import { CHANNELS, INDUSTRIES, STAGES, TIERS } from '../../contract/codes.ts';
import type { Enterprise, Project } from '../../contract/events.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { Covers, OwnField } from '../alerts/fields.ts';
import type { AlertRow, FeedRow, RecoveryTuple, RegionRow } from '../alerts/row.ts';
import { enterpriseKey, normalName, normalUscc, searchText } from '../../common/identity.ts';
import { Bitset, forEachBit } from './bitset.ts';
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
} from './columns.ts';
import { Spellings } from './spellings.ts';
import { EXTRA_COLUMNS, ExtraColumns, type ExtraColumn } from './extraColumns.ts';
import { gridCell } from './geo.ts';
import { compareText, IdStore } from './idStore.ts';
import { LatestList } from './latestList.ts';
import { NameSearch } from './nameSearch.ts';
import { OrderedIndex } from './orderedIndex.ts';
import { Recoveries } from './recoveries.ts';
import { Standings } from './standings.ts';

/** Slots of a checkpoint chunk. */
export const CHUNK = 4096;
const NO_RECOVERIES: readonly RecoveryTuple[] = [];

/**
 * A row in the terms of the columns: numbers all, so that filling slots is fast whatever shape rows come in. Fields that
 * need no code of their own are written apart (`extras`).
 */
export class Fields {
  dims = 0;
  enterprise = 0;
  project = NO_PROJECT;
  workers = 0;
  amountFen = 0;
  raisedAt = 0;
  dueAt = 0;
  changedAt = 0;
  closedAt = NaN;
  verdictAt = NaN;
  lng = NaN;
  lat = NaN;
  positionOutside = false;
  recoveries: readonly RecoveryTuple[] = NO_RECOVERIES;
  recoveredFen = 0;
}

/** The fields that the table and its chunks name by hand: all that are `own`. */
export type StoredFields = Covers<
  OwnField,
  | 'alertId'
  | 'tier'
  | 'town'
  | 'industry'
  | 'channel'
  | 'stage'
  | 'enterprise'
  | 'project'
  | 'workers'
  | 'amountFen'
  | 'raisedAt'
  | 'dueAt'
  | 'verdict'
  | 'recoveredFen'
  | 'location'
  | 'positionOutside'
  | 'changedAt'
  | 'closedAt'
  | 'verdictAt'
  | 'recoveries'
>;

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

  /** Sets of slots by the value of a dimension, in the order of its codes. */
  readonly byTier = TIERS.map(() => new Bitset());
  readonly byStage = STAGES.map(() => new Bitset());
  readonly byIndustry = INDUSTRIES.map(() => new Bitset());
  readonly byChannel = CHANNELS.map(() => new Bitset());
  /** None, then as VERDICT_CODES. */
  readonly byVerdict = [undefined, ...VERDICT_CODES].map(() => new Bitset());
  readonly byTown: Bitset[] = [];
  /** Alerts with a recovery. */
  readonly recovered = new Bitset();
  /** Alerts whose position lies outside the region: in no cell, so near nothing. */
  readonly outside = new Bitset();
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
    const slots = new Bitset();
    slots.grow(this.columns.capacity);
    this.byTown.push(slots);
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
    for (const set of this.sets()) set.grow(next);
    for (const zones of Object.values(this.zones)) zones.grow(next);
    for (const index of this.indexes) index.grow(next);
  }

  private *sets(): Iterable<Bitset> {
    yield* this.byTier;
    yield* this.byStage;
    yield* this.byIndustry;
    yield* this.byChannel;
    yield* this.byVerdict;
    yield* this.byTown;
    yield this.recovered;
    yield this.outside;
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

  private readonly fields = new Fields();

  /** Fills the slot that `ids` has just appended, and adds it to everything that knows slots. */
  fill(slot: number, fields: Fields): void {
    this.size++;
    const { columns, zones } = this;
    const { dims, enterprise, project, raisedAt, dueAt } = fields;
    columns.dims[slot] = dims;
    this.byTier[tierOf(dims)]!.add(slot);
    this.byStage[stageOf(dims)]!.add(slot);
    this.byIndustry[industryOf(dims)]!.add(slot);
    this.byChannel[channelOf(dims)]!.add(slot);
    this.byVerdict[verdictOf(dims)]!.add(slot);
    this.byTown[townOf(dims)]!.add(slot);
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
    if (fields.positionOutside) this.outside.add(slot);
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
      move(this.byTier, slot, tierOf(before), tierOf(after));
      move(this.byStage, slot, stageOf(before), stageOf(after));
      move(this.byIndustry, slot, industryOf(before), industryOf(after));
      move(this.byChannel, slot, channelOf(before), channelOf(after));
      move(this.byVerdict, slot, verdictOf(before), verdictOf(after));
      move(this.byTown, slot, townOf(before), townOf(after));
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
    if (row.positionOutside ? this.outside.add(slot) : this.outside.remove(slot)) changed = true;
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
    if (list.length === 0 && recoveredFen === 0 && !this.recovered.has(slot)) return false;
    const listMoved = !recoveries.equals(slot, list);
    const sumMoved = this.recoveredFen(slot) !== recoveredFen;
    if (!listMoved && !sumMoved) return false;
    if (listMoved) recoveries.set(slot, list);
    this.otherSums.delete(slot);
    if (recoveries.fenOf(slot) !== recoveredFen) this.otherSums.set(slot, recoveredFen);
    for (const [at] of list) this.zones.recovered.widen(slot, at);
    if (list.length > 0 || recoveredFen > 0) this.recovered.add(slot);
    else this.recovered.remove(slot);
    return true;
  }

  /** Takes over what follows on the first `kept` recoveries, whatever stands there. @throws RangeError if there are fewer */
  private addRecoveries(slot: number, kept: number, list: readonly RecoveryTuple[], recoveredFen: number): boolean {
    const { recoveries } = this;
    const moved = recoveries.extend(slot, kept, list);
    if (!moved && this.recoveredFen(slot) === recoveredFen) return false;
    for (const [at] of list) this.zones.recovered.widen(slot, at);
    this.recovered.add(slot);
    if (recoveries.fenOf(slot) === recoveredFen) this.otherSums.delete(slot);
    else this.otherSums.set(slot, recoveredFen);
    return true;
  }

  recoveredFen(slot: number): number {
    if (!this.recovered.has(slot)) return 0;
    return this.otherSums.size > 0 && this.otherSums.has(slot)
      ? this.otherSums.get(slot)!
      : this.recoveries.fenOf(slot);
  }

  /** The row in a slot, as it was given; `alertId` if it is at hand. */
  row(slot: number, alertId = this.ids.id(slot)): RegionRow {
    const row = this.rowWithoutRecoveries(slot, alertId);
    const list = this.recovered.has(slot) ? this.recoveries.list(slot) : undefined;
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
    if (this.outside.has(slot)) row.positionOutside = true;
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
    const set = town < 0 ? undefined : this.byTown[town]!;
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

  /** Number of the enterprise known by a uscc or, failing that, by a name (if by several: with most alerts, then least uscc). */
  enterpriseKey(usccOrName: string): number | undefined {
    const { enterprises } = this;
    const name = normalName(usccOrName);
    for (const text of [normalUscc(usccOrName), name]) {
      const key = enterprises.keyId(text);
      if (key !== undefined && this.standings.count(key) > 0) return key;
    }
    let best: number | undefined;
    const holders = name === '' ? undefined : this.enterpriseNames.find(searchText(name));
    for (let entry = holders?.indexOf(1) ?? -1; entry >= 0; entry = holders!.indexOf(1, entry + 1)) {
      if (enterprises.uses(entry) === 0 || normalName(enterprises.values[entry]!.name) !== name) continue;
      const other = enterprises.keyOf(entry);
      const more = best === undefined ? 1 : this.standings.count(other) - this.standings.count(best);
      if (more > 0 || (more === 0 && this.enterpriseKeyText(other) < this.enterpriseKeyText(best!))) best = other;
    }
    return best;
  }

  private enterpriseKeyText(key: number): string {
    return enterpriseKey(this.enterprises.values[this.enterprises.entriesOfKey(key)[0]!]!);
  }

  /** Calls `visit` with every alert of an enterprise, in no order. */
  eachOfEnterprise(key: number, visit: (slot: number) => void): void {
    const { byEnterprise } = this;
    const { enterprise } = this.columns;
    const { enterprises } = this;
    this.want(byEnterprise);
    if (!byEnterprise.ready) {
      for (let slot = 0; slot < this.size; slot++) if (enterprises.keyOf(enterprise[slot]!) === key) visit(slot);
      return;
    }
    byEnterprise.forEachPending((slot) => {
      if (enterprises.keyOf(enterprise[slot]!) === key) visit(slot);
    });
    for (const entry of enterprises.entriesOfKey(key)) {
      if (enterprises.uses(entry) === 0) continue;
      byEnterprise.walk(
        (value) => value >= entry,
        false,
        (slot) => {
          if (enterprise[slot] !== entry) return false;
          visit(slot);
          return true;
        },
      );
    }
  }
}

function move(sets: Bitset[], slot: number, from: number, to: number): void {
  if (from === to) return;
  sets[from]!.remove(slot);
  sets[to]!.add(slot);
}
