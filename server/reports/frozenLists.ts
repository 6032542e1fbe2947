import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Span } from '../../common/report/spans.ts';
import { MAX_REPORT_LIST, type ReportListName } from '../../contract/reportLimits.ts';
import type { FrozenAlert } from '../../contract/reports.ts';
import { toBrief, type RegionRow } from '../alerts/row.ts';
import { firstRows, openAt, type FirstRows } from '../lists/openAt.ts';
import type { AlertQuery } from '../lists/query.ts';
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
/** For so long lists are written before other work gets its turn, ms. */
const TURN_MS = 8;

export const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A list before it is written; `total`: of how many its items are the first. */
export interface ListToWrite {
  total: number;
  items: Iterable<FrozenAlert>;
}
export type ListsToWrite = Partial<Record<ReportListName, ListToWrite>>;

/** The file of lists. Writing thousands of alerts takes a while, in which other work has its turns. */
export async function encodeLists({ at, lists }: { at: string; lists: ListsToWrite }): Promise<Buffer> {
  const parts = [`{"version":1,"at":${JSON.stringify(at)},"lists":{`];
  let began = performance.now();
  let between = '';
  for (const [name, { total, items }] of Object.entries(lists)) {
    parts.push(`${between}${JSON.stringify(name)}:{"total":${total},"items":[`);
    between = '';
    for (const item of items) {
      parts.push(between, JSON.stringify(item));
      between = ',';
      if (performance.now() - began < TURN_MS) continue;
      await turn();
      began = performance.now();
    }
    parts.push(']}');
    between = ',';
  }
  parts.push('}}');
  return pack(parts.join(''));
}

/** @throws Error for bytes that are not those of the digest, or none of ours */
export async function decodeLists(bytes: Buffer, digest: string): Promise<FrozenLists> {
  const found = digestOf(bytes);
  if (found !== digest) throw new Error(`the digest of its lists is ${found}, not ${digest}`);
  const lists = JSON.parse((await unpack(bytes, { maxOutputLength: MAX_BYTES })).toString()) as FrozenLists;
  if ((lists.version as number) !== 1)
    throw new Error(`its lists are of version ${String(lists.version)}; this program reads version 1`);
  return lists;
}

/** What a list keeps of what is given in order. */
export const listOf = <T>(all: readonly T[], told: (one: T) => FrozenAlert): ListToWrite => ({
  total: all.length,
  items: all.slice(0, MAX_REPORT_LIST).map(told),
});

/** Rows are copies: they can be told later, when they are written. */
const toldLater = (rows: readonly RegionRow[], now: number): Iterable<FrozenAlert> => ({
  *[Symbol.iterator]() {
    for (const row of rows) yield { alert: toBrief(row, now) };
  },
});

/**
 * Behind the figures of a span: what was raised, audited, paid and closed in it, and what stood open at its end, in today's facts.
 * @param now epoch ms
 */
export function situationLists(view: RegionView, scope: string, { from, to }: Span, now: number): ListsToWrite {
  const span = { scope, from, to };
  const told = ({ total, rows }: FirstRows): ListToWrite => ({ total, items: toldLater(rows, now) });
  const first = (query: AlertQuery) => told(firstRows(view.lists, query, now, MAX_REPORT_LIST));
  return {
    raised: first({ ...span, measure: 'raised', sort: '-raised' }),
    audited: first({ ...span, measure: 'audited', sort: '-changed' }),
    recovered: first({ ...span, measure: 'recovered', sort: '-changed' }),
    closed: first({ ...span, measure: 'closed', sort: '-changed' }),
    open: told(openAt(view.lists, scope, to, now, MAX_REPORT_LIST)),
  };
}
