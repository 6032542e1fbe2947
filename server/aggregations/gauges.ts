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
  /** Those overdue, by stage. */
  readonly overdueByStage: Record<Stage, number>;
  /** Open alerts whose last supervision has not been answered. */
  supervised: number;
  readonly days: RaisedDays;
}

const byStage = () => Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<Stage, number>;

function newScope(dictionary: Dictionary): ScopeGauges {
  return {
    open: new OpenCounts(dictionary),
    byStage: byStage(),
    overdue: 0,
    dueToday: 0,
    overdueByStage: byStage(),
    supervised: 0,
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
      if (row.supervised) {
        this.region.supervised += sign;
        local.supervised += sign;
      }
    }
    this.region.days.add(row.raisedAt, sign);
    local.days.add(row.raisedAt, sign);
    if (!hasTerm(row)) return;
    const place = town * STAGES.length + STAGES.indexOf(row.stage);
    if (this.clock > row.dueAt) this.countOverdue(place, sign);
    else if (row.dueAt > this.midnight) this.dueLater.add(row.dueAt, place, sign);
    else {
      this.dueToday.add(row.dueAt, place, sign);
      this.countDueToday(place, sign);
    }
  }

  /** @param place town and stage in one number */
  private countDueToday(place: number, count: number): void {
    this.region.dueToday += count;
    this.townAt(Math.floor(place / STAGES.length)).dueToday += count;
  }

  private countOverdue(place: number, count: number): void {
    const stage = STAGES[place % STAGES.length]!;
    for (const scope of [this.region, this.townAt(Math.floor(place / STAGES.length))]) {
      scope.overdue += count;
      scope.overdueByStage[stage] += count;
    }
  }

  private townAt(town: number): ScopeGauges {
    while (this.towns.length <= town) this.towns.push(newScope(this.dictionary));
    return this.towns[town]!;
  }

  /** Moves the clock on to `now`, epoch ms: terms that have ended since are overdue, and on a new day others are due. It never goes back. */
  advance(now: number): void {
    if (now <= this.clock) return;
    this.clock = now;
    this.dueToday.takeBefore(now, (place, count) => {
      this.countDueToday(place, -count);
      this.countOverdue(place, count);
    });
    const midnight = floorTo(now, DAY_MS) + DAY_MS;
    if (midnight > this.midnight) this.startDay(midnight);
  }

  private startDay(midnight: number): void {
    this.midnight = midnight;
    this.dueLater.takeBefore(this.clock, (place, count) => this.countOverdue(place, count));
    // A term given in days ends at 24:00, which is this midnight.
    this.dueLater.takeBefore(midnight + 1, (place, count, dueAt) => {
      this.dueToday.add(dueAt, place, count);
      this.countDueToday(place, count);
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
