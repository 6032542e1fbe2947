import { STAGES, type Stage } from '../../contract/codes.ts';
import { hasTerm, type AlertRow } from '../alerts/row.ts';
import { DAY_MS, floorTo } from '../../common/regionTime.ts';
import { Dictionary, townOf } from './dictionary.ts';
import { DueQueue } from './dueQueue.ts';
import { OpenCounts } from './openCounts.ts';
import { dayNumber, RaisedDays } from './raisedDays.ts';

/** The gauges of one scope at one moment. */
export interface ScopeGauges {
  readonly open: OpenCounts;
  readonly byStage: Record<Stage, number>;
  /** Alerts whose term ran out before the last `Gauges.advance`. */
  overdue: number;
  /** Alerts whose term had not run out by then, and does by the next midnight. */
  dueToday: number;
  readonly days: RaisedDays;
}

function newScope(dictionary: Dictionary): ScopeGauges {
  return {
    open: new OpenCounts(dictionary),
    byStage: Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<Stage, number>,
    overdue: 0,
    dueToday: 0,
    days: new RaisedDays(),
  };
}

/**
 * What has no window (contract §2): open alerts, alerts by stage, and how many are overdue or due today, for the region
 * and each town; and alerts raised by day, whatever the window. Follows the alerts' rows; time passes only by `advance`.
 */
export class Gauges {
  private readonly dictionary = new Dictionary([]);
  private readonly region = newScope(this.dictionary);
  private readonly towns: ScopeGauges[] = [];
  /** Terms that have not run out yet: those that do by midnight, and those after it. */
  private readonly dueToday = new DueQueue();
  private readonly dueLater = new DueQueue();
  private clock = -Infinity;
  /** The next one after the clock, epoch ms. */
  private midnight = -Infinity;

  /** The latest moment that `advance` was given; −∞ before the first. */
  get now(): number {
    return this.clock;
  }

  /** Takes in that a row has become `after`; `before` is the row as last handed in, `undefined` for a new alert. */
  update(before: AlertRow | undefined, after: AlertRow): void {
    if (before) this.count(before, -1);
    this.count(after, 1);
  }

  private count(row: AlertRow, sign: 1 | -1): void {
    const cell = this.dictionary.number(row.tier, row.town, row.industry, row.channel);
    const town = townOf(cell);
    const local = this.townAt(town);
    this.region.byStage[row.stage] += sign;
    local.byStage[row.stage] += sign;
    if (row.stage !== 'closed') {
      this.region.open.add(cell, sign);
      local.open.add(cell, sign);
    }
    this.region.days.add(row.raisedAt, sign);
    local.days.add(row.raisedAt, sign);
    if (!hasTerm(row.stage)) return;
    if (this.clock > row.dueAt) this.countOverdue(town, sign);
    else if (row.dueAt > this.midnight) this.dueLater.add(row.dueAt, town, sign);
    else {
      this.dueToday.add(row.dueAt, town, sign);
      this.countDueToday(town, sign);
    }
  }

  private countDueToday(town: number, count: number): void {
    this.region.dueToday += count;
    this.townAt(town).dueToday += count;
  }

  private countOverdue(town: number, count: number): void {
    this.region.overdue += count;
    this.townAt(town).overdue += count;
  }

  private townAt(town: number): ScopeGauges {
    while (this.towns.length <= town) this.towns.push(newScope(this.dictionary));
    return this.towns[town]!;
  }

  /** Moves the clock on to `now`, epoch ms: terms that have ended since are overdue, and on a new day others are due. It never goes back. */
  advance(now: number): void {
    if (now <= this.clock) return;
    this.clock = now;
    this.dueToday.takeBefore(now, (town, count) => {
      this.countDueToday(town, -count);
      this.countOverdue(town, count);
    });
    const midnight = floorTo(now, DAY_MS) + DAY_MS;
    if (midnight > this.midnight) this.startDay(midnight);
  }

  private startDay(midnight: number): void {
    this.midnight = midnight;
    this.dueLater.takeBefore(this.clock, (town, count) => this.countOverdue(town, count));
    // A term given in days ends at 24:00, which is this midnight.
    this.dueLater.takeBefore(midnight + 1, (town, count, dueAt) => {
      this.dueToday.add(dueAt, town, count);
      this.countDueToday(town, count);
    });
    const today = dayNumber(this.clock);
    for (const { days } of [this.region, ...this.towns]) days.forget(today);
  }

  /** Alerts raised by date in a town, or in the whole region: of the 30 days up to `now`, epoch ms, those with something in them. */
  days(town: string | undefined, now: number): Record<string, number> {
    return this.scope(town).days.upTo(dayNumber(now));
  }

  /** The gauges of a town, or of the whole region when none is given. To be read, not kept. */
  scope(town?: string): ScopeGauges {
    if (town === undefined) return this.region;
    const number = this.dictionary.towns.find(town);
    return (number === undefined ? undefined : this.towns[number]) ?? newScope(this.dictionary);
  }
}
