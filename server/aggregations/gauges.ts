import { STAGES, type Stage } from '../../contract/codes.ts';
import { hasTerm, type AlertRow } from '../alerts/row.ts';
import { Dictionary, townOf } from './dictionary.ts';
import { DueQueue } from './dueQueue.ts';
import { OpenCounts } from './openCounts.ts';

/** The gauges of one scope at one moment. */
export interface ScopeGauges {
  readonly open: OpenCounts;
  readonly byStage: Record<Stage, number>;
  /** Alerts whose term ran out before the last `Gauges.advance`. */
  overdue: number;
}

function newScope(dictionary: Dictionary): ScopeGauges {
  return {
    open: new OpenCounts(dictionary),
    byStage: Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Record<Stage, number>,
    overdue: 0,
  };
}

/**
 * What has no window (contract §2): open alerts, alerts by stage, and how many are overdue, for the region
 * and each town. Follows the alerts' rows; time passes only by `advance`.
 */
export class Gauges {
  private readonly dictionary = new Dictionary([]);
  private readonly region = newScope(this.dictionary);
  private readonly towns: ScopeGauges[] = [];
  /** Terms that have not run out yet. */
  private readonly due = new DueQueue();
  private clock = -Infinity;

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
    if (!hasTerm(row.stage)) return;
    if (this.clock > row.dueAt) this.countOverdue(town, sign);
    else this.due.add(row.dueAt, town, sign);
  }

  private countOverdue(town: number, count: number): void {
    this.region.overdue += count;
    this.townAt(town).overdue += count;
  }

  private townAt(town: number): ScopeGauges {
    while (this.towns.length <= town) this.towns.push(newScope(this.dictionary));
    return this.towns[town]!;
  }

  /** Moves the clock on to `now`, epoch ms: terms that have ended since are overdue. It never goes back. */
  advance(now: number): void {
    if (now <= this.clock) return;
    this.clock = now;
    this.due.takeBefore(now, (town, count) => this.countOverdue(town, count));
  }

  /** The gauges of a town, or of the whole region when none is given. To be read, not kept. */
  scope(town?: string): ScopeGauges {
    if (town === undefined) return this.region;
    const number = this.dictionary.towns.find(town);
    return (number === undefined ? undefined : this.towns[number]) ?? newScope(this.dictionary);
  }
}
