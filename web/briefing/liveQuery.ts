import { DAY_MS, floorTo, parseRfc3339, toRfc3339 } from '../../common/regionTime.ts';
import type { BriefingContent } from '../../contract/briefings.ts';
import { OUTLOOK_DAYS } from '../../contract/briefingLimits.ts';
import type { Narrowed } from './context.ts';

/** The list behind a figure of now, as `GET /api/v1/alerts` is asked for it. Pure. */
export function liveQuery(
  { list, town, tier, stage, industry, channel }: Narrowed,
  { scope, window, at }: Pick<BriefingContent, 'scope' | 'window' | 'at'>,
): URLSearchParams {
  const query = new URLSearchParams({ scope: town ?? scope });
  const put = (values: Record<string, string | undefined>) => {
    for (const [name, value] of Object.entries(values)) if (value !== undefined) query.set(name, value);
  };
  put({ tier, stage, industry, channel });
  if (list === 'open') put({ open: 'true', sort: 'due' });
  else if (list === 'overdue') put({ overdue: 'true', sort: 'due' });
  else if (list === 'due') {
    const end = floorTo(parseRfc3339(at)!, DAY_MS) + OUTLOOK_DAYS * DAY_MS + 1;
    put({ overdue: 'false', dueBy: toRfc3339(end), sort: 'due' });
  } else put({ window, measure: list, sort: list === 'raised' ? '-raised' : '-changed' });
  return query;
}
