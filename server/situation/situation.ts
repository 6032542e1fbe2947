import type { RegionPack } from '../../contract/region.ts';
import type { WindowName } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import type { RegionRow } from '../alerts/row.ts';
import type { AlertLists } from '../lists/alertLists.ts';
import { AlertTable } from '../lists/alertTable.ts';
import type { Change } from '../aggregations/change.ts';
import { Cube } from '../aggregations/cube.ts';
import { LATEST } from '../aggregations/figures.ts';
import { buildFrame, type FrameLists } from '../aggregations/frame.ts';
import { buildPastFrame } from '../aggregations/pastFrame.ts';
import { replayPast, type ReplaySpan } from '../aggregations/replay.ts';
import { Gauges } from '../aggregations/gauges.ts';
import type { Monitor } from '../../contract/signals.ts';
import type { RegionView } from '../region/region.ts';
import type { Monitored } from './monitored.ts';

const SWEEP_MS = 5_000;
/** Steps of upkeep in a turn, about 0.1 ms each. */
const ORDER_STEPS = 20;

/**
 * The situation of one region in memory: everything the screens show is read from here. It is the sum of the
 * changes applied to it and knows no clock: `now` (epoch ms) is handed in.
 */
export class Situation implements RegionView {
  readonly pack: RegionPack;
  readonly cube: Cube;
  readonly table: AlertTable;
  readonly gauges = new Gauges();
  /** Entries of the feed applied so far. */
  changes = 0;
  private sweptAt = 0;
  private replaying = true;
  private readonly towns: Set<string>;
  private readonly monitored: Monitored | undefined;

  /** @param monitored what is watched in the region; without it, frames say nothing of that */
  constructor(pack: RegionPack, monitored?: Monitored) {
    this.pack = pack;
    this.monitored = monitored;
    this.cube = new Cube(pack);
    this.table = new AlertTable(pack);
    this.towns = new Set(pack.towns.map(({ code }) => code));
  }

  /** Differs when a frame may: after a change, also of what is watched, and when a term has ended by the clock. Windows slide besides, with the minute. */
  get stamp(): string {
    return `${this.changes}/${this.gauges.scope().overdue}/${this.watchStamp}`;
  }

  /** Differs after each change of what is watched. */
  get watchStamp(): string {
    return this.monitored?.stamp ?? '';
  }

  /** What is watched in the region; undefined where nothing is. */
  monitor(now: number): Monitor | undefined {
    return this.monitored?.monitor(now);
  }

  /** The latest `now` that was handed in, epoch ms; −∞ before the first. Terms and buckets have ended by it. */
  get now(): number {
    return Math.max(this.cube.now, this.gauges.now);
  }

  get size(): number {
    return this.table.size;
  }

  get lists(): AlertLists {
    return this.table;
  }

  holders(alertId: string): string[] {
    return this.table.get(alertId) ? [this.pack.code] : [];
  }

  /** Whether there is such a scope here: the region itself or one of its towns. */
  has(scope: string): boolean {
    return scope === this.pack.code || this.towns.has(scope);
  }

  /** Brings the gauges up to the table, once the checkpoint has been loaded. */
  settle(now: number): void {
    this.table.forEach((row) => this.gauges.update(undefined, row));
    this.gauges.advance(now);
  }

  /** From here on, changes are news, and lists will be asked for: their orders are wanted (`keepOrders` builds them). */
  caughtUp(): void {
    this.replaying = false;
    this.table.warm();
  }

  /** Works on the orders of lists for about 2 ms; returns whether there is more to do. */
  keepOrders(): boolean {
    return this.table.maintain(ORDER_STEPS);
  }

  /**
   * Applies an entry of the change feed; the alerts that it raised for the first time, none while catching up.
   * @param feedId the entry's id: parts of a checkpoint that already include it are left alone; undefined for what is no entry
   */
  apply(change: Change, feedId: string | undefined, now: number): RegionRow[] {
    this.changes++;
    this.cube.apply(change.increments, now, feedId);
    const raised: RegionRow[] = [];
    for (const row of change.rows) {
      const before = this.table.upsert(row);
      this.gauges.update(before, row);
      if (!before && !this.replaying) raised.push({ ...row, region: this.pack.code });
    }
    return raised;
  }

  /** Lets the clock move on: buckets and terms that end without any event. */
  advance(now: number): void {
    this.gauges.advance(now);
    // Buckets expire by the minute: looking for them at every tick would be idle work.
    if (Math.abs(now - this.sweptAt) < SWEEP_MS) return;
    this.sweptAt = now;
    this.cube.sweep(now);
  }

  /** The situation now (contract §4). */
  frame(scope: string, window: WindowName, now: number, seq: number): Frame {
    this.gauges.advance(now);
    const { pack, cube, gauges } = this;
    const monitor = scope === pack.code ? this.monitor(now) : this.monitored?.townMonitor(scope);
    return buildFrame({ pack, scope, window, now, seq, cube, gauges, lists: this.listsOf(scope), monitor });
  }

  /** What a frame shows of single alerts. */
  private listsOf(scope: string): FrameLists {
    const { table } = this;
    return {
      latest: table.latest(scope, LATEST),
      agenda: table.agenda(scope),
      oldestOpenAt: (town) => table.oldestOpenAt(town),
      lastByChannel: scope === this.pack.code ? table.lastByChannel() : undefined,
    };
  }

  /** The situation as it stood at `at`, in today's facts (contract §4). */
  pastFrame(scope: string, window: WindowName, at: number, seq: number): Frame {
    const latest = this.table.latest(scope, LATEST, at);
    return buildPastFrame({ pack: this.pack, scope, window, at, seq, cube: this.cube, latest });
  }

  replay(scope: string, window: WindowName, span: ReplaySpan, seq: number): Generator<Frame | undefined, void> {
    const latest = this.table.latestPast(scope, LATEST);
    return replayPast({ pack: this.pack, scope, window, ...span, seq }, this.cube, (at) => latest.at(at));
  }
}
