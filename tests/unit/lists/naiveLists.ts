import { getResolution, isValidCell } from 'h3-js';
import { alertKey } from '../../../common/alertRef.ts';
import type { AlertRef } from '../../../contract/frame.ts';
import { ALERT_SORTS } from '../../../contract/rest.ts';
import type { RegionRow } from '../../../server/alerts/row.ts';
import type { AlertLists } from '../../../server/lists/alertLists.ts';
import { QueryError, type AlertPage, type AlertQuery } from '../../../server/lists/query.ts';
import { keyOf, naiveMatch, PACK, sortValue } from './support.ts';

/** A cursor: which list it belongs to, and the alert that the page ended with. */
type Cursor = [list: string, value: number, alertId: string, region: string];

/**
 * Lists of alerts as one would write them down: a map of rows, filtered and sorted anew for every question. The oracle of
 * the columnar table and of the joined lists; shares nothing with them but the interface.
 */
export class NaiveLists implements AlertLists {
  private readonly rows = new Map<string, RegionRow>();
  private readonly scope: string;
  private readonly regions: readonly string[];
  private readonly towns: readonly string[];

  /** @param towns the scopes within `scope` that can be asked for */
  constructor(scope: string, regions: readonly string[], towns: readonly string[]) {
    this.scope = scope;
    this.regions = regions;
    this.towns = towns;
  }

  upsert(row: RegionRow): void {
    this.rows.set(alertKey(row), row);
  }

  find(ref: AlertRef): RegionRow | undefined {
    return this.rows.get(alertKey(ref));
  }

  get positionsOutside(): number {
    return [...this.rows.values()].filter(({ positionOutside }) => positionOutside).length;
  }

  supervisions(scope: string): number[] {
    return this.matching({ scope }, 0).flatMap(({ supervisions }) =>
      supervisions ? supervisions.split(' ').map((text) => Number.parseInt(text, 36)) : [],
    );
  }

  countEnterprises(query: AlertQuery, now: number): number {
    return new Set(this.matching(query, now).map(keyOf)).size;
  }

  query(query: AlertQuery, now: number): AlertPage {
    const { limit = 50, skip = 0, sort = '-raised' } = query;
    const wrong = (name: keyof AlertQuery, is: boolean) => {
      if (is) throw new QueryError(name, 'wrong');
    };
    wrong('limit', !Number.isInteger(limit) || limit < 1 || limit > 200);
    wrong('sort', !ALERT_SORTS.includes(sort));
    wrong('skip', !Number.isInteger(skip) || skip < 0 || (skip > 0 && query.cursor !== undefined));
    const after = query.cursor === undefined ? undefined : this.positionOf(query, query.cursor);
    const sign = sort.startsWith('-') ? -1 : 1;
    const compare = (a: RegionRow, b: RegionRow) =>
      sign * (sortValue(a, sort) - sortValue(b, sort) || byText(a.alertId, b.alertId)) ||
      this.regions.indexOf(a.region) - this.regions.indexOf(b.region);
    const all = this.matching(query, now).sort(compare);
    const last = after && { row: this.rows.get(alertKey({ region: after[3], alertId: after[2] })) };
    const first = last?.row ? all.findIndex((row) => compare(row, last.row!) > 0) : skip;
    const rows = first < 0 ? [] : all.slice(first, first + limit);
    const page: AlertPage = { total: all.length, rows };
    const end = rows.at(-1);
    if (end && all.at(-1) !== end) page.cursor = encode([listOf(query), sortValue(end, sort), end.alertId, end.region]);
    return page;
  }

  /** In each region by itself: which employer a name means is decided there. */
  private matching(query: AlertQuery, now: number): RegionRow[] {
    const { scope, from = -Infinity, to = Infinity, q = '', h3 } = query;
    if (scope !== this.scope && !this.towns.includes(scope)) throw new QueryError('scope', 'unknown');
    if (Number.isNaN(from)) throw new QueryError('from', 'no time');
    if (Number.isNaN(to) || from > to) throw new QueryError('to', 'before from');
    if (q.trim().length > 200) throw new QueryError('q', 'too long');
    if (h3 !== undefined && !(isValidCell(h3) && getResolution(h3) === 8)) throw new QueryError('h3', 'no cell');
    const inside = { ...query, scope: scope === this.scope ? PACK.code : scope };
    return this.regions.flatMap(
      (region) =>
        naiveMatch(
          [...this.rows.values()].filter((row) => row.region === region),
          inside,
          now,
        ) as RegionRow[],
    );
  }

  private positionOf(query: AlertQuery, cursor: string): Cursor {
    const problem = new QueryError('cursor', 'of another list');
    let value: unknown;
    try {
      value = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    } catch {
      throw problem;
    }
    if (!Array.isArray(value) || value[0] !== listOf(query)) throw problem;
    return value as Cursor;
  }
}

const byText = (a: string, b: string) => (a < b ? -1 : Number(a > b));
const encode = (cursor: Cursor) => Buffer.from(JSON.stringify(cursor)).toString('base64url');

/** The same for queries that ask for the same list, whatever the page. */
function listOf(query: AlertQuery): string {
  const { cursor, limit, skip, after, ...filters } = query;
  const plain = Object.entries({ sort: '-raised', ...filters })
    .map(([name, value]): [string, unknown] => {
      if (Array.isArray(value)) return [name, [...new Set(value as string[])].sort()];
      return [name, name === 'q' ? String(value).trim().toLowerCase() : value];
    })
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => byText(a, b));
  // Named so that nothing but the page is left out.
  void [cursor, limit, skip, after];
  return JSON.stringify(plain);
}
