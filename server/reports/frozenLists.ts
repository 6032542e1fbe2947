import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { DAY_MS } from '../../common/regionTime.ts';
import type { Span } from '../../common/report/spans.ts';
import { MAX_REPORT_LIST, type ReportListName } from '../../contract/reportLimits.ts';
import type { FrozenAlert } from '../../contract/reports.ts';
import { toBrief, type RegionRow } from '../alerts/row.ts';
import { MAX_LIMIT, type AlertQuery } from '../lists/query.ts';
import type { RegionView } from '../region/region.ts';

/** The alerts behind the figures of a report, as they stood when it was frozen: the first `MAX_REPORT_LIST` of each list. */
export interface FrozenLists {
  version: 1;
  /** RFC 3339. */
  at: string;
  lists: Partial<Record<ReportListName, { total: number; items: FrozenAlert[] }>>;
}

/** A file that inflates to more is none of ours. */
const MAX_BYTES = 256 * 1024 * 1024;
const pack = promisify(gzip);
const unpack = promisify(gunzip);

export const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
export const encodeLists = (lists: FrozenLists): Promise<Buffer> => pack(JSON.stringify(lists));

/** @throws Error for bytes that are not those of the digest, or none of ours */
export async function decodeLists(bytes: Buffer, digest: string): Promise<FrozenLists> {
  const found = digestOf(bytes);
  if (found !== digest) throw new Error(`the digest of its lists is ${found}, not ${digest}`);
  const lists = JSON.parse((await unpack(bytes, { maxOutputLength: MAX_BYTES })).toString()) as FrozenLists;
  if ((lists.version as number) !== 1)
    throw new Error(`its lists are of version ${String(lists.version)}; this program reads version 1`);
  return lists;
}

/** What a list keeps of alerts in the order given. */
export const listOf = (items: readonly FrozenAlert[]): { total: number; items: FrozenAlert[] } => ({
  total: items.length,
  items: items.slice(0, MAX_REPORT_LIST),
});

/**
 * Behind the figures of a span: what was raised, audited, paid and closed in it, and what stood open at its end, in today's facts.
 * @param now epoch ms
 */
export function situationLists(view: RegionView, scope: string, { from, to }: Span, now: number): FrozenLists['lists'] {
  const span = { scope, from, to };
  const first = (query: AlertQuery) => {
    const { total, rows } = rowsOf(view, query, now, MAX_REPORT_LIST);
    return { total, items: rows.map((row) => ({ alert: toBrief(row, now) })) };
  };
  return {
    raised: first({ ...span, measure: 'raised', sort: '-raised' }),
    audited: first({ ...span, measure: 'audited', sort: '-changed' }),
    recovered: first({ ...span, measure: 'recovered', sort: '-changed' }),
    closed: first({ ...span, measure: 'closed', sort: '-changed' }),
    open: openAt(view, scope, to, now),
  };
}

/** What is still open of what was raised before a moment, and what was closed only after it. */
function openAt(view: RegionView, scope: string, at: number, now: number) {
  const still = rowsOf(view, { scope, open: true, to: at, sort: '-raised' }, now, MAX_REPORT_LIST);
  // The clock of whoever closed it may be ahead by a little.
  const since = rowsOf(view, { scope, measure: 'closed', from: at, to: now + DAY_MS, sort: '-raised' }, now, Infinity);
  const then = since.rows.filter(({ raisedAt }) => raisedAt < at);
  const rows = [...still.rows, ...then].sort((a, b) => b.raisedAt - a.raisedAt || (a.alertId < b.alertId ? -1 : 1));
  return {
    total: still.total + then.length,
    items: rows.slice(0, MAX_REPORT_LIST).map((row) => ({ alert: toBrief(row, now) })),
  };
}

function rowsOf({ lists }: RegionView, query: AlertQuery, now: number, most: number) {
  const rows: RegionRow[] = [];
  let total = 0;
  let cursor: string | undefined;
  do {
    const limit = Math.min(MAX_LIMIT, most - rows.length);
    const page = lists.query({ ...query, limit, ...(cursor === undefined ? {} : { cursor }) }, now);
    total = page.total;
    rows.push(...page.rows);
    cursor = page.cursor;
  } while (cursor !== undefined && rows.length < most);
  return { total, rows };
}
