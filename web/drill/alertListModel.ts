import { alertKey } from '../../common/alertRef.ts';
import type { AlertBrief, AlertRef } from '../../contract/frame.ts';
import { parseRfc3339 } from '../../common/regionTime.ts';
import type { AlertList } from '../../contract/rest.ts';
import type { SortOrder } from './query.ts';

/** A row of the list: the alert as it stands, and whether it has left the list since it was read. */
export interface ListRow {
  brief: AlertBrief;
  gone: boolean;
}

const at = (text: string | undefined) => (text === undefined ? Number.NEGATIVE_INFINITY : (parseRfc3339(text) ?? 0));
const VALUES: Record<string, (brief: AlertBrief) => number> = {
  raised: (brief) => at(brief.raisedAt),
  due: (brief) => at(brief.dueAt),
  amount: (brief) => brief.amountFen,
  workers: (brief) => brief.workers,
  changed: (brief) => at(brief.changedAt),
};

/**
 * Order of the list: by its key, then by alert id, both turned round when descending, then by region, as the server's pages
 * are.
 */
export function compareBy(sort: SortOrder): (a: AlertBrief, b: AlertBrief) => number {
  const descending = sort.startsWith('-');
  const value = VALUES[descending ? sort.slice(1) : sort]!;
  const sign = descending ? -1 : 1;
  const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return (a, b) => sign * (value(a) - value(b) || byText(a.alertId, b.alertId)) || byText(a.region, b.region);
}

/**
 * A list that follows what happens without moving anything under a finger: rows keep their places and change in them,
 * those that no longer match stay, marked, and new ones wait to be asked for. Pure: it is told what was read.
 */
export class AlertListModel {
  /** A run of the list; all of it before the first is at hand until one jumps far. */
  readonly rows: ListRow[] = [];
  /** Place in the list of the first row at hand. */
  start = 0;
  /** How many match now. */
  total = 0;
  enterprises: number | undefined;
  /** Leads to the rows after the last; undefined: all are here. */
  cursor: string | undefined;
  /** Place among the rows at hand, by `alertKey`: two districts of a city may use one id. */
  private readonly places = new Map<string, number>();
  private readonly waitingKeys = new Set<string>();
  private readonly compare: (a: AlertBrief, b: AlertBrief) => number;

  constructor(sort: SortOrder) {
    this.compare = compareBy(sort);
  }

  /** New alerts whose place is among the rows already here. */
  get waiting(): number {
    return this.waitingKeys.size;
  }

  has(alert: AlertRef): boolean {
    return this.places.has(alertKey(alert));
  }

  /** Takes the next page. */
  append(page: AlertList): void {
    this.count(page);
    for (const brief of page.items) {
      const key = alertKey(brief);
      const place = this.places.get(key);
      // A row that moved down by its change was here already: it stays where it is.
      if (place !== undefined) this.rows[place] = { brief, gone: false };
      else {
        this.places.set(key, this.rows.length);
        this.rows.push({ brief, gone: false });
        this.waitingKeys.delete(key);
      }
    }
    this.cursor = page.cursor;
  }

  /** Place after the last row at hand. */
  get end(): number {
    return this.start + this.rows.length;
  }

  /** The row at a place of the list, if it is at hand. */
  at(place: number): ListRow | undefined {
    return this.rows[place - this.start];
  }

  /** Goes on from another place: the page that begins there takes the place of all rows at hand. */
  jump(start: number, page: AlertList): void {
    this.rows.length = 0;
    this.places.clear();
    // What comes in above is met by scrolling up again.
    this.waitingKeys.clear();
    this.start = start;
    this.append(page);
    if (page.items.length === 0) this.start = 0;
  }

  /**
   * Takes the rows before the first: of a page that begins `skip` rows from the top and should reach into what is at hand,
   * those before the first row that is known. That rows have come or gone above meanwhile does not matter then.
   * @returns by how many places the rows at hand have moved, since the top turned out to be nearer or further
   */
  prepend({ items }: AlertList, skip: number): number {
    const known = items.findIndex((brief) => this.has(brief));
    const above = items.slice(0, known < 0 ? Math.max(0, this.start - skip) : known);
    const before = this.start;
    this.rows.unshift(...above.map((brief) => ({ brief, gone: false })));
    this.start = skip === 0 ? 0 : Math.max(1, before - above.length);
    this.rows.forEach(({ brief }, i) => this.places.set(alertKey(brief), i));
    return this.start + above.length - before;
  }

  /**
   * Takes what changed last, twice over: of the list (same filters), and of the whole region (none). Alerts in the second
   * that would be in the first but are not have left the list.
   * @returns whether anything on screen is different now
   */
  follow(matching: AlertList, everywhere: AlertList): boolean {
    let changed = this.total !== matching.total || this.enterprises !== matching.enterprises;
    this.count(matching);
    const before = this.waitingKeys.size;
    const matchingKeys = new Set(matching.items.map(alertKey));
    const last = this.rows.at(-1)?.brief;
    for (const brief of matching.items) {
      const key = alertKey(brief);
      const place = this.places.get(key);
      if (place !== undefined) changed = this.put(place, brief, false) || changed;
      // Beyond the rows at hand it will be met by scrolling there; among them it would push them apart.
      else if (this.start === 0 && (this.cursor === undefined || !last || this.compare(brief, last) < 0))
        this.waitingKeys.add(key);
    }
    // The list's changes reach back to here, so nothing newer is missing from them but what does not match.
    const complete = matching.cursor === undefined;
    const reach = complete ? Number.NEGATIVE_INFINITY : at(matching.items.at(-1)?.changedAt);
    for (const brief of everywhere.items) {
      const key = alertKey(brief);
      if (matchingKeys.has(key) || (!complete && at(brief.changedAt) <= reach)) continue;
      this.waitingKeys.delete(key);
      const place = this.places.get(key);
      if (place !== undefined) changed = this.put(place, brief, true) || changed;
    }
    return changed || before !== this.waitingKeys.size;
  }

  private count({ total, enterprises }: AlertList): void {
    this.total = total;
    this.enterprises = enterprises;
  }

  private put(place: number, brief: AlertBrief, gone: boolean): boolean {
    const row = this.rows[place]!;
    if (row.gone === gone && JSON.stringify(row.brief) === JSON.stringify(brief)) return false;
    this.rows[place] = { brief, gone };
    return true;
  }
}
