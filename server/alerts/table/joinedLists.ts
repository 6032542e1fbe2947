import type { AlertRow } from '../row.ts';
import { compareText } from './idStore.ts';
import { decodeCursor, DEFAULT_LIMIT, DEFAULT_SORT, encodeCursor, sortOf, type AlertPage, type AlertQuery, type SortKey } from './query.ts';
import type { AlertLists } from './alertLists.ts';
import type { AlertTable } from './alertTable.ts';

/** The value that an order goes by. */
const VALUE: Record<SortKey, (row: AlertRow) => number> = {
  raised: ({ raisedAt }) => raisedAt,
  due: ({ dueAt }) => dueAt,
  amount: ({ amountFen }) => amountFen,
  workers: ({ workers }) => workers,
  changed: ({ changedAt }) => changedAt,
};

/**
 * The alerts of several regions as one list. Each page takes one page of every region's, so it costs what they cost.
 * Where two alerts of two regions have both the order's value and the id in common, and a page ends between them, the
 * second is left out: sources should give ids that differ.
 */
export class JoinedLists implements AlertLists {
  private readonly tables: readonly AlertTable[];

  constructor(tables: readonly AlertTable[]) {
    this.tables = tables;
  }

  query(query: AlertQuery, now: number): AlertPage {
    const { cursor, ...rest } = query;
    const limit = query.limit ?? DEFAULT_LIMIT;
    const { key, descending } = sortOf(query.sort ?? DEFAULT_SORT);
    const valueOf = VALUE[key];
    const sign = descending ? -1 : 1;
    const after = cursor === undefined ? undefined : decodeCursor(query, cursor);
    let total = 0;
    let more = false;
    const rows = this.tables.flatMap((table) => {
      const own: AlertQuery = { ...rest, scope: table.region };
      const page = table.query(after === undefined ? own : { ...own, cursor: encodeCursor(own, after) }, now);
      total += page.total;
      more ||= page.cursor !== undefined;
      return page.rows;
    });
    rows.sort((a, b) => sign * (valueOf(a) - valueOf(b) || compareText(a.alertId, b.alertId)) || compareText(a.town, b.town));
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const page: AlertPage = { total, rows: shown };
    if (last && (more || rows.length > limit)) page.cursor = encodeCursor(query, { value: valueOf(last), alertId: last.alertId });
    return page;
  }

  get(alertId: string): AlertRow | undefined {
    for (const table of this.tables) {
      const row = table.get(alertId);
      if (row) return row;
    }
    return undefined;
  }

  countEnterprises(query: AlertQuery, now: number): number {
    const seen = new Set<string>();
    for (const table of this.tables) for (const key of table.enterprisesOf({ ...query, scope: table.region }, now)) seen.add(key);
    return seen.size;
  }
}
