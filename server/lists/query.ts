import type { Channel, Industry, Stage, Tier, Verdict } from '../../contract/codes.ts';
import { ALERT_SORTS, type ALERT_MEASURES } from '../../contract/rest.ts';
import type { RegionRow } from '../alerts/row.ts';
import { compareText } from './idStore.ts';
import { hashString } from './hash.ts';

export type SortKey = 'raised' | 'due' | 'amount' | 'workers' | 'changed';
/** Ascending by a key, or descending with a minus in front: `-raised` is newest first. */
export type SortOrder = (typeof ALERT_SORTS)[number];
export const DEFAULT_SORT: SortOrder = '-raised';
export type QueryMeasure = (typeof ALERT_MEASURES)[number];

export const MAX_LIMIT = 200;
export const DEFAULT_LIMIT = 50;

/** Which alerts, and in which order. Several values of a dimension mean any of them; different filters must all hold. */
export interface AlertQuery {
  /** The region (6 digits) or a town (9). */
  scope: string;
  tier?: readonly Tier[];
  stage?: readonly Stage[];
  industry?: readonly Industry[];
  channel?: readonly Channel[];
  verdict?: readonly Verdict[];
  /** Part of the enterprise's or project's name or of the alert id, in any case. */
  q?: string;
  /** Epoch ms; with `to` the half-open span in which `measure` happened. */
  from?: number;
  to?: number;
  /** Default `raised`; any other selects only alerts to which it has happened. */
  measure?: QueryMeasure;
  overdue?: boolean;
  /** As a frame counts `totals.dueToday` (contract §4). */
  dueToday?: boolean;
  /** Epoch ms: its running term ends before this. */
  dueBy?: number;
  open?: boolean;
  /** A supervision of it waits for an answer. */
  supervised?: boolean;
  recovered?: boolean;
  positionOutside?: boolean;
  /** H3 cell, resolution 8. */
  h3?: string;
  /** An enterprise's uscc, or its name. */
  uscc?: string;
  /** The code of a unit: alerts that were last dispatched to it, by its code or its name (casework §1). */
  unit?: string;
  sort?: SortOrder;
  cursor?: string;
  /** In place of a cursor: begin after so many alerts. For far jumps; pages that must fit together follow by cursor. */
  skip?: number;
  /** In place of a cursor, where the page belongs to a list of several regions. */
  after?: Position;
  /** 1…MAX_LIMIT, default DEFAULT_LIMIT. */
  limit?: number;
}

export interface AlertPage {
  /** How many alerts match, whatever the page. */
  total: number;
  rows: RegionRow[];
  /** Leads to the next page; absent on the last. */
  cursor?: string;
}

/** A query that cannot be answered; `parameter` names the field at fault. */
export class QueryError extends Error {
  readonly parameter: keyof AlertQuery;

  constructor(parameter: keyof AlertQuery, message: string) {
    super(message);
    this.name = 'QueryError';
    this.parameter = parameter;
  }
}

export function sortOf(order: SortOrder): { key: SortKey; descending: boolean } {
  return order.startsWith('-')
    ? { key: order.slice(1) as SortKey, descending: true }
    : { key: order as SortKey, descending: false };
}

/** Which page is asked for. @throws QueryError naming the field that is wrong */
export function pagingOf({ limit = DEFAULT_LIMIT, sort = DEFAULT_SORT, skip = 0, cursor }: AlertQuery): {
  limit: number;
  key: SortKey;
  descending: boolean;
  skip: number;
} {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
    throw new QueryError('limit', `not an integer from 1 to ${MAX_LIMIT}`);
  if (!ALERT_SORTS.includes(sort)) throw new QueryError('sort', `none of ${ALERT_SORTS.join(', ')}`);
  if (!Number.isInteger(skip) || skip < 0) throw new QueryError('skip', 'not a whole number from 0');
  if (skip > 0 && cursor !== undefined) throw new QueryError('skip', 'a cursor says already where to begin');
  return { limit, ...sortOf(sort), skip };
}

/** Where a page ended: the sort value and the id of its last alert. */
export interface Position {
  value: number;
  alertId: string;
  /** Whether an alert that stands just there is still to come: one of another region, with the same value and id. */
  inclusive?: boolean;
}

const VERSION = 1;
/** 500 characters of id in base64url, and some. */
const MAX_CURSOR = 4096;

/** A cursor: opaque base64url, good for the query it came from with any limit. */
export function encodeCursor(query: AlertQuery, { value, alertId }: Position): string {
  return Buffer.from(JSON.stringify([VERSION, fingerprint(query), value, alertId])).toString('base64url');
}

/** The alert at which the page before ended. @param cursor one that `encodeCursor` has made */
export function lastIdOf(cursor: string): string {
  return String((JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[]).at(-1));
}

/** @throws QueryError when it is no cursor of ours, or one of another query. */
export function decodeCursor(query: AlertQuery, cursor: string): Position {
  const invalid = () => new QueryError('cursor', 'not a cursor of this list');
  if (cursor.length > MAX_CURSOR || !/^[\w-]+$/.test(cursor)) throw invalid();
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw invalid();
  }
  if (!Array.isArray(parts) || parts.length !== 4) throw invalid();
  const [version, print, value, alertId] = parts as unknown[];
  if (version !== VERSION || typeof value !== 'number' || typeof alertId !== 'string') throw invalid();
  if (print !== fingerprint(query))
    throw new QueryError('cursor', 'the cursor belongs to a list with other filters or another order');
  return { value, alertId };
}

/** Equal for queries that select the same alerts in the same order. */
function fingerprint(query: AlertQuery): number {
  const {
    scope,
    tier,
    stage,
    industry,
    channel,
    verdict,
    q,
    from,
    to,
    measure,
    overdue,
    dueToday,
    dueBy,
    open,
    supervised,
    recovered,
    positionOutside,
    h3,
    uscc,
    unit,
    sort,
  } = query;
  const values = (list?: readonly string[]) => (list?.length ? [...new Set(list)].sort(compareText) : null);
  return hashString(
    JSON.stringify([
      scope,
      values(tier),
      values(stage),
      values(industry),
      values(channel),
      values(verdict),
      q ? normalise(q) : null,
      from ?? null,
      to ?? null,
      measure ?? 'raised',
      overdue ?? null,
      dueToday ?? null,
      dueBy ?? null,
      supervised ?? null,
      open ?? null,
      recovered ?? null,
      positionOutside ?? null,
      h3 ?? null,
      uscc ?? null,
      unit ?? null,
      sort ?? DEFAULT_SORT,
    ]),
  );
}

/** A search text as it is compared: in lower case, without blanks around it. */
export function normalise(q: string): string {
  return q.trim().toLowerCase();
}
