import type { Tier } from '../../contract/codes.ts';
import { GRAVEST } from '../../contract/briefingLimits.ts';
import type { RegionRow } from '../alerts/row.ts';
import type { AlertLists } from '../lists/alertLists.ts';
import { MAX_LIMIT } from '../lists/query.ts';

const byLateness = (a: RegionRow, b: RegionRow) =>
  a.dueAt - b.dueAt || b.amountFen - a.amountFen || (a.alertId < b.alertId ? -1 : 1);

/** The gravest open alerts, six at most: by tier, then what is late (or due) first, then by amount. */
export function gravestOf(lists: AlertLists, scope: string, tiers: readonly Tier[], now: number): RegionRow[] {
  const found: RegionRow[] = [];
  for (const tier of tiers) {
    const wanted = GRAVEST - found.length;
    if (wanted <= 0) break;
    const rows: RegionRow[] = [];
    let cursor: string | undefined;
    do {
      const page = lists.query(
        { scope, tier: [tier], open: true, sort: 'due', limit: MAX_LIMIT, ...(cursor === undefined ? {} : { cursor }) },
        now,
      );
      rows.push(...page.rows);
      cursor = page.cursor;
      // What follows is due later than those that are wanted, and cannot come before them.
    } while (cursor !== undefined && rows.at(-1)!.dueAt === rows[wanted - 1]?.dueAt);
    found.push(...rows.sort(byLateness).slice(0, wanted));
  }
  return found;
}
