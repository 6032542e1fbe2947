import type { AlertRef } from '../../contract/frame.ts';
import type { AlertRow, RegionRow } from '../alerts/row.ts';
import { compareAlertIds } from './idStore.ts';
import {
  decodeCursor,
  encodeCursor,
  pagingOf,
  QueryError,
  type AlertPage,
  type AlertQuery,
  type Position,
  type SortKey,
} from './query.ts';
import type { AlertLists } from './alertLists.ts';
import type { AlertTable, OrderedAlerts } from './alertTable.ts';

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
 * Ids are a region's own: where two regions have the same one, the order of the regions decides, and cursors name it.
 */
export class JoinedLists implements AlertLists {
  private readonly tables: readonly AlertTable[];

  constructor(tables: readonly AlertTable[]) {
    this.tables = tables;
  }

  query(query: AlertQuery, now: number): AlertPage {
    const { limit, key, descending, skip } = pagingOf(query);
    if (skip > 0) return this.jump(query, now);
    const { cursor, ...rest } = query;
    const valueOf = VALUE[key];
    const sign = descending ? -1 : 1;
    const after = cursor === undefined ? undefined : this.positionOf(query, cursor);
    let total = 0;
    let more = false;
    const rows = this.tables.flatMap((table, at) => {
      const own: AlertQuery = { ...rest, scope: table.region };
      if (after) own.after = { ...after.position, inclusive: at > after.table };
      const page = table.query(own, now);
      total += page.total;
      more ||= page.cursor !== undefined;
      return page.rows.map((row) => ({ row, at }));
    });
    rows.sort(
      (a, b) =>
        sign * (valueOf(a.row) - valueOf(b.row) || compareAlertIds(a.row.alertId, b.row.alertId)) || a.at - b.at,
    );
    const shown = rows.slice(0, limit);
    const page: AlertPage = { total, rows: shown.map(({ row }) => row) };
    if (more || rows.length > limit) page.cursor = this.cursorAfter(query, shown.at(-1)!);
    return page;
  }

  private cursorAfter(query: AlertQuery, { row, at }: { row: RegionRow; at: number }): string {
    return encodeCursor(query, {
      value: VALUE[pagingOf(query).key](row),
      alertId: `${this.tables[at]!.region} ${row.alertId}`,
    });
  }

  /** @throws QueryError when it is no cursor of this list */
  private positionOf(query: AlertQuery, cursor: string): { position: Position; table: number } {
    const { value, alertId: text } = decodeCursor(query, cursor);
    const region = text.slice(0, text.indexOf(' '));
    const table = this.tables.findIndex((one) => one.region === region);
    if (table < 0) throw new QueryError('cursor', 'not a cursor of this list');
    return { position: { value, alertId: text.slice(region.length + 1) }, table };
  }

  /** The page after the first `skip` alerts of all regions together. */
  private jump(query: AlertQuery, now: number): AlertPage {
    const { limit, descending, skip } = pagingOf(query);
    const sign = descending ? -1 : 1;
    const lists = this.tables.map((table) => table.ordered({ ...query, scope: table.region }, now));
    const total = lists.reduce((sum, { length }) => sum + length, 0);
    /** How an alert of one list stands to one of another; those that are equal in all go by the order of the lists. */
    const compare = (a: number, i: number, b: number, j: number) =>
      sign * (lists[a]!.value(i) - lists[b]!.value(j) || compareAlertIds(lists[a]!.id(i), lists[b]!.id(j))) || a - b;
    const next = lists.map((list, at) => countBefore(lists, at, list.length, skip, compare));
    const shown: { row: RegionRow; at: number }[] = [];
    while (shown.length < limit) {
      let first = -1;
      for (let at = 0; at < lists.length; at++) {
        if (next[at]! < lists[at]!.length && (first < 0 || compare(at, next[at]!, first, next[first]!) < 0)) first = at;
      }
      if (first < 0) break;
      shown.push({ row: lists[first]!.row(next[first]!++), at: first });
    }
    const page: AlertPage = { total, rows: shown.map(({ row }) => row) };
    if (shown.length > 0 && skip + shown.length < total) page.cursor = this.cursorAfter(query, shown.at(-1)!);
    return page;
  }

  get positionsOutside(): number {
    return this.tables.reduce((sum, table) => sum + table.positionsOutside, 0);
  }

  find(ref: AlertRef): RegionRow | undefined {
    return this.tables.find(({ region }) => region === ref.region)?.get(ref.alertId);
  }

  /** Of all of them: a city or a province has no towns of its own. */
  supervisions(): number[] {
    return this.tables.flatMap((table) => table.supervisions(table.region));
  }

  countEnterprises(query: AlertQuery, now: number): number {
    const seen = new Set<string>();
    for (const table of this.tables)
      for (const key of table.enterprisesOf({ ...query, scope: table.region }, now)) seen.add(key);
    return seen.size;
  }
}

type CompareAcross = (a: number, i: number, b: number, j: number) => number;

/** How many of list `at` are among the first `skip` of all lists together: found by halving, as places only ever rise. */
function countBefore(
  lists: readonly OrderedAlerts[],
  at: number,
  length: number,
  skip: number,
  compare: CompareAcross,
): number {
  return lowest(length, (i) => {
    let place = i;
    for (let other = 0; other < lists.length && place < skip; other++) {
      if (other !== at) place += lowest(lists[other]!.length, (j) => compare(other, j, at, i) > 0);
    }
    return place >= skip;
  });
}

/** The lowest of 0 … `end` − 1 for which `holds`, which then holds for all above; `end` if none. */
function lowest(end: number, holds: (i: number) => boolean): number {
  let low = 0;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
