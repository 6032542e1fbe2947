import type { TrailVerb } from '../../contract/roles.ts';
import { DAY_MS, midnight, toRfc3339 } from '../../common/regionTime.ts';

/** What an admin looks for in the trail; dates as `2026-11-22`, region's time, both inclusive. */
export interface TrailSearch {
  who: string;
  target: string;
  what: '' | TrailVerb;
  from: string;
  to: string;
}
export const NO_SEARCH: TrailSearch = { who: '', target: '', what: '', from: '', to: '' };

const dayOf = (text: string): number | undefined => {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  return match ? midnight(Number(match[1]), Number(match[2]), Number(match[3])) : undefined;
};

/** The query of `GET /api/v1/access/trail`. Pure. */
export function trailQuery(search: TrailSearch, cursor?: string): URLSearchParams {
  const query = new URLSearchParams();
  for (const key of ['who', 'target', 'what'] as const) if (search[key].trim()) query.set(key, search[key].trim());
  const [from, to] = [dayOf(search.from), dayOf(search.to)];
  if (from !== undefined) query.set('from', toRfc3339(from));
  if (to !== undefined) query.set('to', toRfc3339(to + DAY_MS));
  if (cursor !== undefined) query.set('cursor', cursor);
  return query;
}
