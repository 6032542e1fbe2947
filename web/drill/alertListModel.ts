import type { AlertBrief } from '../../contract/frame.ts';
import { parseRfc3339 } from '../../contract/regionTime.ts';
import type { AlertList } from '../../contract/rest.ts';
import type { SortOrder } from './query.ts';

/** A row of the list: the alert as it stands, and whether it has left the list since it was read. */
export interface ListRow {
  brief: AlertBrief;
  gone: boolean;
}

const at = (text: string | undefined) => (text === undefined ? Number.NEGATIVE_INFINITY : parseRfc3339(text) ?? 0);
const VALUES: Record<string, (brief: AlertBrief) => number> = {
  raised: (brief) => at(brief.raisedAt),
  due: (brief) => at(brief.dueAt),
  amount: (brief) => brief.amountFen,
  workers: (brief) => brief.workers,
  changed: (brief) => at(brief.changedAt),
};

/** Order of the list: by its key, then by alert id, both turned round when descending (as the server's pages are). */
export function compareBy(sort: SortOrder): (a: AlertBrief, b: AlertBrief) => number {
  const descending = sort.startsWith('-');
  const value = VALUES[descending ? sort.slice(1) : sort]!;
  const sign = descending ? -1 : 1;
  return (a, b) => sign * (value(a) - value(b) || (a.alertId < b.alertId ? -1 : a.alertId > b.alertId ? 1 : 0));
}

/**
 * A list that follows what happens without moving anything under a finger: rows keep their places and change in them,
 * those that no longer match stay, marked, and new ones wait to be asked for. Pure: it is told what was read.
 */
export class AlertListModel {
  readonly rows: ListRow[] = [];
  /** How many match now. */
  total = 0;
  enterprises: number | undefined;
  /** Leads to the rows after the last; undefined: all are here. */
  cursor: string | undefined;
  private readonly places = new Map<string, number>();
  private readonly waitingIds = new Set<string>();
  private readonly compare: (a: AlertBrief, b: AlertBrief) => number;

  constructor(sort: SortOrder) {
    this.compare = compareBy(sort);
  }

  /** New alerts whose place is among the rows already here. */
  get waiting(): number {
    return this.waitingIds.size;
  }

  has(alertId: string): boolean {
    return this.places.has(alertId);
  }

  /** Takes the next page. */
  append(page: AlertList): void {
    this.count(page);
    for (const brief of page.items) {
      const place = this.places.get(brief.alertId);
      // A row that moved down by its change was here already: it stays where it is.
      if (place !== undefined) this.rows[place] = { brief, gone: false };
      else {
        this.places.set(brief.alertId, this.rows.length);
        this.rows.push({ brief, gone: false });
        this.waitingIds.delete(brief.alertId);
      }
    }
    this.cursor = page.cursor;
  }

  /**
   * Takes what changed last, twice over: of the list (same filters), and of the whole region (none). Alerts in the second
   * that would be in the first but are not have left the list.
   * @returns whether anything on screen is different now
   */
  follow(matching: AlertList, everywhere: AlertList): boolean {
    let changed = this.total !== matching.total || this.enterprises !== matching.enterprises;
    this.count(matching);
    const before = this.waitingIds.size;
    const matchingIds = new Set(matching.items.map(({ alertId }) => alertId));
    const last = this.rows.at(-1)?.brief;
    for (const brief of matching.items) {
      const place = this.places.get(brief.alertId);
      if (place !== undefined) changed = this.put(place, brief, false) || changed;
      // Further down it will be met by scrolling there; among the rows it would push them apart.
      else if (this.cursor === undefined || !last || this.compare(brief, last) < 0) this.waitingIds.add(brief.alertId);
    }
    // The list's changes reach back to here, so nothing newer is missing from them but what does not match.
    const complete = matching.cursor === undefined;
    const reach = complete ? Number.NEGATIVE_INFINITY : at(matching.items.at(-1)?.changedAt);
    for (const brief of everywhere.items) {
      if (matchingIds.has(brief.alertId) || (!complete && at(brief.changedAt) <= reach)) continue;
      this.waitingIds.delete(brief.alertId);
      const place = this.places.get(brief.alertId);
      if (place !== undefined) changed = this.put(place, brief, true) || changed;
    }
    return changed || before !== this.waitingIds.size;
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
