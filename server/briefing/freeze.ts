import type { WindowName } from '../../contract/codes.ts';
import type { BriefingContent, BriefingListAnswer } from '../../contract/briefings.ts';
import { BRIEFING_LISTS, MAX_FROZEN, OUTLOOK_DAYS, type BriefingList } from '../../contract/briefingLimits.ts';
import { DAY_MS, floorTo, MINUTE_MS, toRfc3339 } from '../../common/regionTime.ts';
import { windowRanges } from '../aggregations/windows.ts';
import { toBrief } from '../alerts/row.ts';
import type { AlertLists } from '../lists/alertLists.ts';
import { firstRows, type FirstRows } from '../lists/openAt.ts';
import type { AlertQuery } from '../lists/query.ts';
import type { RegionView } from '../region/region.ts';
import { gravestOf } from './gravest.ts';
import { historyOf } from './history.ts';
import { outlookOf } from './outlook.ts';

export type FrozenList = Pick<BriefingListAnswer, 'total' | 'items'>;
/** All that is kept of a moment. */
export interface Frozen {
  content: BriefingContent;
  /** Of a moment of the past, nobody knows who was late or due then: those are left out. */
  lists: Partial<Record<BriefingList, FrozenList>>;
}

/** The situation of a scope as a briefing shows it, unmasked. */
export async function contentOf(
  view: () => RegionView,
  scope: string,
  window: WindowName,
  now: () => number,
): Promise<BriefingContent> {
  return (await momentOf(view, scope, window, now)).content;
}

/**
 * The same with the alerts behind its figures. All but the history is read at one moment, between two events.
 * @param view asked again after a wait: all may have been read anew
 */
export async function frozenOf(
  view: () => RegionView,
  scope: string,
  window: WindowName,
  now: () => number,
): Promise<Frozen> {
  const { content, at, lists } = await momentOf(view, scope, window, now);
  const queries = listQueries(scope, window, at);
  return {
    content,
    lists: Object.fromEntries(BRIEFING_LISTS.map((name) => [name, firstOf(lists, queries[name], at)])),
  };
}

async function momentOf(view: () => RegionView, scope: string, window: WindowName, now: () => number) {
  const history = await historyOf(view(), scope, now(), now());
  const at = now();
  const shown = view();
  shown.advance(at);
  const { lists, pack } = shown;
  const tiers = pack.tiers.map(({ tier }) => tier);
  const frame = shown.frame(scope, window, at, at);
  const queries = listQueries(scope, window, at);
  const { main } = windowRanges(window, at);
  const content: BriefingContent = {
    at: toRfc3339(at),
    scope,
    window,
    frame,
    history,
    cases: gravestOf(lists, scope, tiers, at).map((row) => toBrief(row, at)),
    outlook: outlookOf(lists, scope, tiers, at),
    totals: Object.fromEntries(
      BRIEFING_LISTS.map((name) => [name, lists.query({ ...queries[name], limit: 1 }, at).total]),
    ),
  };
  const before = openBefore(shown, scope, window, main.lo, at);
  if (before) content.before = before;
  return { content, at, lists };
}

/** Open alerts when a window began, in today's facts. @param began epoch ms; nothing is known of what began ever */
export function openBefore(
  view: RegionView,
  scope: string,
  window: WindowName,
  began: number,
  now: number,
): BriefingContent['before'] {
  if (!Number.isFinite(began)) return undefined;
  const past = view.pastFrame(scope, window, began - MINUTE_MS, now);
  return {
    at: toRfc3339(began),
    open: past.totals.open,
    byTown: Object.fromEntries(Object.entries(past.byTown).map(([code, { open }]) => [code, open])),
  };
}

export function listQueries(scope: string, window: WindowName, at: number): Record<BriefingList, AlertQuery> {
  const { main } = windowRanges(window, at);
  const span: AlertQuery = { scope };
  if (Number.isFinite(main.lo)) span.from = main.lo;
  if (Number.isFinite(main.hi)) span.to = main.hi;
  const dueBy = floorTo(at, DAY_MS) + OUTLOOK_DAYS * DAY_MS + 1;
  return {
    raised: { ...span, measure: 'raised', sort: '-raised' },
    audited: { ...span, measure: 'audited', sort: '-changed' },
    recovered: { ...span, measure: 'recovered', sort: '-changed' },
    closed: { ...span, measure: 'closed', sort: '-changed' },
    open: { scope, open: true, sort: 'due' },
    overdue: { scope, overdue: true, sort: 'due' },
    due: { scope, overdue: false, dueBy, sort: 'due' },
  };
}

/** The first alerts of a list, and how many there are. */
export const firstOf = (lists: AlertLists, query: AlertQuery, at: number): FrozenList =>
  toldOf(firstRows(lists, query, at, MAX_FROZEN), at);

/** Rows as they are kept. @param now epoch ms, by which they are late or not */
export const toldOf = ({ total, rows }: FirstRows, now: number): FrozenList => ({
  total,
  items: rows.map((row) => toBrief(row, now)),
});
