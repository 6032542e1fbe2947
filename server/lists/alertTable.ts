import { enterpriseKeyOf } from './enterpriseSlots.ts';
import type { Channel } from '../../contract/codes.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { AlertRef, LngLat } from '../../contract/frame.ts';
import type { ExtraField } from '../alerts/fields.ts';
import type { FeedRow, RegionRow } from '../alerts/row.ts';
import { supervisedTimes } from '../alerts/supervisedTimes.ts';
import { enterpriseKey } from '../../common/identity.ts';
import { townOf } from './alertColumns.ts';
import type { AlertLists } from './alertLists.ts';
import { forEachBit } from './bitset.ts';
import { decodeSlots, encodeSlots } from './chunkCodec.ts';
import type { ExtraColumn } from './extraColumns.ts';
import { LATEST_KEPT } from './alertSlots.ts';
import { AGENDA, type LastTimes } from './firstAlerts.ts';
import { LatestPast } from './latestPast.ts';
import { nearby } from './nearby.ts';
import { pageAt, pageOf, sortColumn } from './page.ts';
import { portraitOf, unitPortraitOf, type Portrait, type UnitPortrait } from './portrait.ts';
import {
  decodeCursor,
  DEFAULT_SORT,
  encodeCursor,
  pagingOf,
  QueryError,
  sortOf,
  type AlertPage,
  type AlertQuery,
} from './query.ts';
import { Selector } from './selection.ts';
import { AlertStore, CHUNK } from './store.ts';

/** Alerts by their place in an order: the value it goes by, the id that decides between equal ones, and the alert. */
export interface OrderedAlerts {
  readonly length: number;
  value(i: number): number;
  id(i: number): string;
  row(i: number): RegionRow;
}

/** Upkeep keeps pace with changes at one step for so many: a merge of a 32nd of all takes a step for each 4096 of all. */
const UPSERTS_PER_STEP = 8;
/** Steps of upkeep that a query pays for, about half a millisecond. */
const STEPS_PER_QUERY = 4;
/** A town with so few alerts has all of them looked at, rather than those of all towns down to the last it needs. */
const FEW = 4_096;
/** Rows a portrait carries at most. */
const PORTRAIT_ALERTS = 1000;

/**
 * All alerts of a region in memory: a compact copy that follows the change feed, from which lists, the frame's
 * `latest`, drill-down, search and portraits are read. Times in epoch ms, money in fen. Single-threaded, no clock.
 *
 * Orders are built when first asked for, a little with every upsert and query; until one is built, reads look at all
 * alerts. An owner with time to spare has them built sooner by `warm` and `maintain`.
 */
export class AlertTable implements AlertLists {
  readonly region: string;
  private readonly store: AlertStore;
  private readonly selector: Selector;
  private upserts = 0;
  /** By chunk: its version when last encoded, and when last said to be clean. */
  private readonly encodedVersions: number[] = [];
  private readonly cleanVersions: number[] = [];

  /** @param extras the fields that are kept beside those with code of their own; those of `ALERT_FIELDS` by default */
  constructor(pack: RegionPack, extras?: readonly ExtraColumn[]) {
    this.region = pack.code;
    this.store = new AlertStore(pack, extras);
    this.selector = new Selector(this.store);
  }

  get size(): number {
    return this.store.size;
  }

  /** How many alerts have a position outside the region. */
  get positionsOutside(): number {
    return this.store.sets.outside.count;
  }

  /** Makes room for so many alerts at once, where it is known how many are to come. */
  reserve(size: number): void {
    this.store.reserve(size);
  }

  /** Takes over an alert's state; returns its state before, undefined if it is new. Doing so twice changes nothing. */
  upsert(row: FeedRow): RegionRow | undefined {
    const before = this.store.upsert(row);
    if (++this.upserts % UPSERTS_PER_STEP === 0) this.maintain(1);
    return before;
  }

  get(alertId: string): RegionRow | undefined {
    const slot = this.store.ids.find(alertId);
    return slot < 0 ? undefined : this.store.row(slot);
  }

  find({ region, alertId }: AlertRef): RegionRow | undefined {
    return region === this.region ? this.get(alertId) : undefined;
  }

  /** Calls `fn` with every alert, in the order in which they first appeared. */
  forEach(fn: (row: RegionRow) => void): void {
    for (let slot = 0; slot < this.store.size; slot++) fn(this.store.row(slot));
  }

  supervisions(scope: string): number[] {
    const town = this.townOf(scope);
    const times = this.store.extras.text('supervisions' satisfies ExtraField);
    if (!times) return [];
    const { columns, size } = this.store;
    const found: number[] = [];
    for (let slot = 0; slot < size; slot++) {
      const text = times.get(slot);
      if (text !== undefined && (town < 0 || townOf(columns.dims[slot]!) === town))
        found.push(...supervisedTimes(text));
    }
    return found;
  }

  /**
   * The most recently raised alerts of a scope, raisedAt descending, then alertId ascending; with `at` those raised by
   * then. Without `at` and for n ≤ 128 it costs what the result costs.
   * @throws QueryError for an unknown scope
   */
  latest(scope: string, n = 50, at?: number): RegionRow[] {
    const { store } = this;
    const town = this.townOf(scope);
    if (at === undefined && n <= LATEST_KEPT) return Array.from(store.latest(town, n), (slot) => store.row(slot));
    return this.latestSlots(scope, n, -Infinity, at ?? Infinity).map((slot) => store.row(slot));
  }

  /** The alerts of a scope most recently raised by a moment, for one moment after another. @throws QueryError for an unknown scope */
  latestPast(scope: string, n: number): LatestPast {
    this.townOf(scope);
    const { store } = this;
    return new LatestPast({
      most: n,
      raised: (after, until) => this.latestSlots(scope, n, after, until),
      row: (slot) => store.row(slot),
      order: store.newestFirst,
    });
  }

  /** Slots of the `n` alerts of a scope most recently raised in `after` < t ≤ `until`, newest first. */
  private latestSlots(scope: string, n: number, after: number, until: number): number[] {
    const { store } = this;
    const { words, total } = this.selector.select({ scope }, this.region, 0);
    if (total === 0 || n <= 0) return [];
    const { raisedAt } = store.columns;
    const matches = (slot: number) =>
      raisedAt[slot]! <= until &&
      raisedAt[slot]! > after &&
      (!words || (words[slot >>> 5]! & (1 << (slot & 31))) !== 0);
    const slots: number[] = [];
    const index = store.orders.raised;
    store.want(index);
    // Those of a quiet town are found sooner by themselves than among all others.
    if (index.ready && !(words && total <= FEW)) {
      let last = Infinity;
      index.walk(
        (value) => value > until,
        true,
        (slot) => {
          if (raisedAt[slot]! <= after) return false;
          if (!matches(slot)) return true;
          // Alerts raised at the same moment are in another order there, so all of the last moment are needed.
          if (slots.length >= n && raisedAt[slot] !== last) return false;
          last = raisedAt[slot]!;
          slots.push(slot);
          return true;
        },
      );
      index.forEachPending((slot) => {
        if (matches(slot)) slots.push(slot);
      });
    } else if (words) {
      forEachBit(words, Math.ceil(store.size / 32), (slot) => {
        if (matches(slot)) slots.push(slot);
      });
    } else for (let slot = 0; slot < store.size; slot++) if (matches(slot)) slots.push(slot);
    return slots.sort(store.newestFirst).slice(0, n);
  }

  /**
   * The alerts of a scope whose term runs, the earliest end first, then by alertId (contract §4, `agenda`).
   * @throws QueryError for an unknown scope
   */
  agenda(scope: string): RegionRow[] {
    return Array.from(this.store.firsts.agenda(this.townOf(scope), AGENDA), (slot) => this.store.row(slot));
  }

  /** When the oldest open alert of a scope was raised, epoch ms; undefined where none is open, and for a scope that is not known. */
  oldestOpenAt(scope: string): number | undefined {
    const { firsts, towns } = this.store;
    if (scope !== this.region) {
      const town = this.store.findTown(scope);
      return town < 0 ? undefined : firsts.oldestOpenAt(town);
    }
    const times = towns.flatMap((_, town) => firsts.oldestOpenAt(town) ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** The last alert and the last event of each channel that ever had an alert, by the events' own times. */
  lastByChannel(): ReadonlyMap<Channel, LastTimes> {
    return this.store.firsts.lastByChannel();
  }

  /**
   * A page of the alerts that match, and how many match in all.
   * @param now epoch ms, for what is overdue
   * @throws QueryError naming the field that is wrong
   */
  query(query: AlertQuery, now: number): AlertPage {
    const { store } = this;
    const { limit, key, descending, skip } = pagingOf(query);
    const after = query.after ?? (query.cursor === undefined ? undefined : decodeCursor(query, query.cursor));
    const selection = this.selector.select(query, this.region, now);
    const slots =
      skip > 0
        ? pageAt(store, selection, key, descending, skip, limit + 1)
        : pageOf(store, selection, key, descending, after, limit + 1);
    const rows: RegionRow[] = [];
    for (let i = 0; i < slots.length && i < limit; i++) rows.push(store.row(slots[i]!));
    const page: AlertPage = { total: selection.total, rows };
    if (slots.length > limit) {
      const last = slots[limit - 1]!;
      page.cursor = encodeCursor(query, { value: sortColumn(store, key)[last]!, alertId: store.ids.id(last) });
    }
    this.maintain(STEPS_PER_QUERY);
    return page;
  }

  /**
   * All matching alerts in the order of a query, to be merged with those of other regions; valid until the next call of anything.
   * @throws QueryError naming the field that is wrong
   */
  ordered(query: AlertQuery, now: number): OrderedAlerts {
    const { store } = this;
    const { key, descending } = sortOf(query.sort ?? DEFAULT_SORT);
    const selection = this.selector.select(query, this.region, now);
    const slots = pageAt(store, selection, key, descending, 0, selection.total);
    const values = sortColumn(store, key);
    return {
      length: slots.length,
      value: (i) => values[slots[i]!]!,
      id: (i) => store.ids.id(slots[i]!),
      row: (i) => store.row(slots[i]!),
    };
  }

  /** How many different enterprises the matching alerts are of (contract §2: by uscc, else name). */
  countEnterprises(query: AlertQuery, now: number): number {
    const { store } = this;
    const { words } = this.selector.select(query, this.region, now);
    const { enterprise } = store.columns;
    const { enterprises } = store;
    const seen = new Uint8Array(enterprises.keyCount);
    let count = 0;
    const visit = (slot: number) => {
      const key = enterprises.keyOf(enterprise[slot]!);
      if (seen[key] === 0) count += seen[key] = 1;
    };
    if (words) forEachBit(words, Math.ceil(store.size / 32), visit);
    else for (let slot = 0; slot < store.size; slot++) visit(slot);
    return count;
  }

  /** The enterprises (by uscc, else name) of the matching alerts. */
  enterprisesOf(query: AlertQuery, now: number): Set<string> {
    const { store } = this;
    const { words } = this.selector.select(query, this.region, now);
    const { enterprise } = store.columns;
    const { values } = store.enterprises;
    const entries = new Set<number>();
    if (words)
      forEachBit(words, Math.ceil(store.size / 32), (slot) => {
        entries.add(enterprise[slot]!);
      });
    else for (let slot = 0; slot < store.size; slot++) entries.add(enterprise[slot]!);
    return new Set([...entries].map((entry) => enterpriseKey(values[entry]!)));
  }

  /** Portrait of the enterprise known by a uscc or, failing that, by a name; undefined if no alert is of it. */
  enterprise(usccOrName: string, limit = PORTRAIT_ALERTS): Portrait | undefined {
    const key = enterpriseKeyOf(this.store, usccOrName);
    return key === undefined ? undefined : portraitOf(this.store, key, limit);
  }

  /**
   * What somebody of a unit and a scope is told of it; undefined if none of its alerts in the scope is the unit's.
   * @throws QueryError for an unknown scope
   */
  enterpriseForUnit(
    usccOrName: string,
    { unit, scope }: { unit: string; scope: string },
    limit = PORTRAIT_ALERTS,
  ): UnitPortrait | undefined {
    const key = enterpriseKeyOf(this.store, usccOrName);
    return key === undefined ? undefined : unitPortraitOf(this.store, key, limit, { unit, town: this.townOf(scope) });
  }

  /** Alerts within `metres` of a position (haversine), nearest first, at most `limit` of them. */
  near(location: LngLat, metres: number, limit = Infinity): RegionRow[] {
    const { store } = this;
    const found: { slot: number; distance: number }[] = [];
    nearby(store, location, metres, (slot, distance) => found.push({ slot, distance }));
    found.sort((a, b) => a.distance - b.distance || store.ids.compare(a.slot, b.slot));
    return found.slice(0, limit).map(({ slot }) => store.row(slot));
  }

  /**
   * Does up to `steps` steps of upkeep of the orders in use, each about 0.1 ms; returns whether more is to do.
   */
  maintain(steps: number): boolean {
    for (let i = 0; i < steps; i++) {
      if (!this.store.indexes.some((index) => index.step()) && !this.store.ids.step()) return false;
    }
    return true;
  }

  /** Has the orders built without waiting for the first question (`maintain` does the work), and names made searchable. */
  warm(): void {
    this.store.enterpriseNames.prepare();
    this.store.projectNames.prepare();
    for (const index of this.store.indexes) this.store.want(index);
  }

  /** Chunks (runs of 4096 alerts in order of appearance) that have changed since they were clean. */
  dirtyChunks(): number[] {
    const dirty: number[] = [];
    this.store.chunkVersions.forEach((version, n) => {
      if (version !== (this.cleanVersions[n] ?? 0)) dirty.push(n);
    });
    return dirty;
  }

  /** The alerts of a chunk as bytes that `loadChunk` understands without anything else. */
  encodeChunk(n: number): Buffer {
    this.encodedVersions[n] = this.store.chunkVersions[n] ?? 0;
    return encodeSlots(this.store, n * CHUNK, Math.min(this.store.size, (n + 1) * CHUNK));
  }

  /** Says that a chunk, as last encoded, has been put away. Changes made since keep it dirty. */
  markClean(n: number): void {
    this.cleanVersions[n] = this.encodedVersions[n] ?? 0;
  }

  /**
   * Takes over a chunk. Chunks are loaded from 0 upwards into an empty table; the feed's tail is upserted after that.
   * @throws RangeError when it is not this chunk's turn, the bytes are no whole chunk, or an alert is there already; the
   * table is of no more use then, and to be made from the documents instead
   */
  loadChunk(n: number, bytes: Buffer): void {
    if (this.store.size !== n * CHUNK) throw new RangeError(`chunk ${n} cannot follow ${this.store.size} alerts`);
    decodeSlots(this.store, bytes);
    this.encodedVersions[n] = this.cleanVersions[n] = this.store.chunkVersions[n] ?? 0;
  }

  private townOf(scope: string): number {
    if (scope === this.region) return -1;
    const town = this.store.findTown(scope);
    if (town < 0) throw new QueryError('scope', `neither the region ${this.region} nor one of its towns`);
    return town;
  }
}
