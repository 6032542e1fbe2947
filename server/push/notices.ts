import { TIERS } from '../../contract/codes.ts';
import { MAX_ALERT_BRIEFS, type AlertNotice } from '../../contract/protocol.ts';
import { DAY_MS } from '../../common/regionTime.ts';
import { toBrief, type RegionRow } from '../alerts/row.ts';

/**
 * What happened longer ago than this is history that somebody loads, not news: a file of last year's alerts must not
 * set off the alarm on every wall.
 */
const NEWS_MS = DAY_MS;

/** Gravest first: by tier, then people, then amount, then the newest. */
export function byGravity(a: RegionRow, b: RegionRow): number {
  return (
    TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier) ||
    b.workers - a.workers ||
    b.amountFen - a.amountFen ||
    b.raisedAt - a.raisedAt ||
    (a.alertId < b.alertId ? -1 : 1)
  );
}

/** Collects newly raised alerts between ticks, by the scopes that somebody watches. */
export class Notices {
  private waiting: RegionRow[] = [];

  add(raised: readonly RegionRow[], now: number): void {
    for (const row of raised) if (row.raisedAt > now - NEWS_MS) this.waiting.push(row);
  }

  /** One notice for each scope that has news (contract §5), and forgets them. */
  take(scopes: Iterable<string>, region: string, now: number): AlertNotice[] {
    if (!this.waiting.length) return [];
    const rows = this.waiting;
    this.waiting = [];
    const notices: AlertNotice[] = [];
    for (const scope of scopes) {
      const mine = scope === region ? rows : rows.filter((row) => row.town === scope);
      if (!mine.length) continue;
      const gravest = [...mine].sort(byGravity).slice(0, MAX_ALERT_BRIEFS);
      notices.push({ scope, briefs: gravest.map((row) => toBrief(row, now)), more: mine.length - gravest.length });
    }
    return notices;
  }
}
