import type { Stage } from '../../contract/codes.ts';
import type { AccessRole } from '../../contract/roles.ts';
import type { FilterQuery } from '../../contract/deskFilters.ts';
import { contains } from '../../common/divisions.ts';
import { DAY_MS, floorTo, startOfWeek, toRfc3339 } from '../../common/regionTime.ts';
import type { SortOrder } from '../drill/query.ts';

/** The lists of the desk: whose step is next, and by when. Pure. */

export const DESK_LISTS = ['mine', 'unit', 'open', 'waiting', 'supervised', 'done'] as const;
export type DeskList = (typeof DESK_LISTS)[number];

/** Whoever works at the desk. */
export interface Worker {
  role: AccessRole;
  /** A region or a town. */
  scope: string;
  /** Code of their unit. */
  unit?: string | undefined;
}

/** The stages in which the next step is somebody's: a unit's staff accept and handle, officers dispatch, audit and close. */
const OWN_STAGES: Partial<Record<AccessRole, readonly Stage[]>> = {
  handler: ['dispatched', 'accepted'],
  officer: ['raised', 'handled', 'audited'],
  admin: ['raised', 'handled', 'audited'],
};
const WAITING_STAGES: Partial<Record<AccessRole, readonly Stage[]>> = {
  handler: ['handled', 'audited'],
  officer: ['dispatched', 'accepted'],
  admin: ['dispatched', 'accepted'],
};

/** The lists that somebody has. A handler sees their unit's alerts alone, so the list of all is that of the unit. */
export function listsOf({ role, unit }: Pick<Worker, 'role' | 'unit'>): DeskList[] {
  return DESK_LISTS.filter((list) => {
    if (list === 'unit') return unit !== undefined;
    if (list === 'open') return role !== 'handler';
    // A leader's step is to urge and to supervise: what is late is theirs.
    if (list === 'waiting') return role !== 'leader';
    return true;
  });
}

/** Ended cases are in the order in which they changed; all others by their terms. */
export function sortOf(list: DeskList): SortOrder {
  return list === 'done' ? '-changed' : 'due';
}

/**
 * The query of `GET /api/v1/alerts` for a list.
 * @param q part of an employer's, a project's name or an id
 * @param filter narrows it further; its own search is for `q`
 * @param now epoch ms: terms of a filter are reckoned from it
 */
export function paramsOf(
  list: DeskList,
  { role, scope, unit }: Worker,
  q = '',
  filter: FilterQuery = {},
  now = 0,
): URLSearchParams {
  const town = filter.town !== undefined && contains(scope, filter.town) ? filter.town : scope;
  const params = new URLSearchParams({ scope: town });
  const stages = (all?: readonly Stage[]) => {
    const both =
      filter.stage && all ? all.filter((stage) => filter.stage!.includes(stage)) : (filter.stage ?? all ?? []);
    // Nothing is both: no open alert is closed.
    for (const stage of both.length || !filter.stage ? both : (['closed'] as const)) params.append('stage', stage);
  };
  if (list === 'done') params.append('stage', 'closed');
  else params.set('open', 'true');
  if (list === 'mine') {
    if (role === 'leader') params.set('overdue', 'true');
    stages(OWN_STAGES[role]);
  } else if (list === 'waiting') stages(WAITING_STAGES[role]);
  else if (list !== 'done') stages();
  if (list === 'supervised' || filter.supervised) params.set('supervised', 'true');
  if (list === 'unit' && unit !== undefined) params.set('unit', unit);
  else if (filter.unit !== undefined && role !== 'handler') params.set('unit', filter.unit);
  for (const tier of filter.tier ?? []) params.append('tier', tier);
  if (filter.due === 'late') params.set('overdue', 'true');
  else if (filter.due && list !== 'done') params.set('dueBy', toRfc3339(groupEnds(now)[filter.due]));
  if (q.trim()) params.set('q', q.trim());
  params.set('sort', sortOf(list));
  return params;
}

/** When something must be done, as a day's work is laid out. */
export const DUE_GROUPS = ['late', 'today', 'week', 'later'] as const;
export type DueGroup = (typeof DUE_GROUPS)[number];

/** Epoch ms before which terms belong to each group but the last: now, the next midnight, and the end of Sunday. */
export function groupEnds(now: number): Record<Exclude<DueGroup, 'later'>, number> {
  // A term given in days ends at 24:00, which is the next midnight, and belongs to the day that it ends.
  return { late: now, today: floorTo(now, DAY_MS) + DAY_MS + 1, week: startOfWeek(now) + 7 * DAY_MS + 1 };
}

/** @param dueAt epoch ms; undefined where no term runs */
export function groupOf(dueAt: number | undefined, now: number): DueGroup {
  if (dueAt === undefined) return 'later';
  const ends = groupEnds(now);
  return DUE_GROUPS.find((group) => group !== 'later' && dueAt < ends[group]) ?? 'later';
}
