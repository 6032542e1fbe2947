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

/** The notice for a scope (contract §5), of the alerts that somebody is told of; undefined where there is nothing to tell. */
export type News = (scope: string, now: number, shows: (row: RegionRow) => boolean) => AlertNotice | undefined;

/** Collects newly raised alerts between ticks, by the scopes that somebody watches. */
export class Notices {
  private waiting: RegionRow[] = [];

  add(raised: readonly RegionRow[], now: number): void {
    for (const row of raised) if (row.raisedAt > now - NEWS_MS) this.waiting.push(row);
  }

  /** What tells each scope its news, and forgets them; undefined where there are none. */
  take(region: string): News | undefined {
    if (!this.waiting.length) return undefined;
    const rows = this.waiting.sort(byGravity);
    this.waiting = [];
    return (scope, now, shows) => {
      const mine = rows.filter((row) => (scope === region || row.town === scope) && shows(row));
      if (!mine.length) return undefined;
      const gravest = mine.slice(0, MAX_ALERT_BRIEFS);
      return { scope, briefs: gravest.map((row) => toBrief(row, now)), more: mine.length - gravest.length };
    };
  }
}
