import { parseRfc3339 } from '../../../common/regionTime.ts';
import type { AlertFilter } from '../../../contract/rest.ts';
import type { AlertQuery } from '../../lists/query.ts';
import { windowRanges } from '../../aggregations/windows.ts';
import { unitOfView, type View } from '../../platform/http/principal.ts';
import { HttpProblem } from '../../platform/http/problem.ts';

/**
 * The table's query for filters as they came in a URL. A `window` becomes its span now, to the same bucket bounds as
 * in a frame (contract §3), so that a list and the figure that led to it count the same. Whoever is shown the alerts of a unit
 * alone has them selected in every list (casework §1).
 * @throws HttpProblem 400 naming a parameter that is wrong by itself or beside another
 */
export function alertQuery(
  filter: AlertFilter,
  { defaultScope, view, now }: { defaultScope: string; view: View; now: number },
): AlertQuery {
  const { from, to, window, dueBy, scope = defaultScope, ...rest } = filter;
  const query: AlertQuery = { scope, ...rest };
  if (dueBy !== undefined) query.dueBy = moment(dueBy, 'dueBy');
  const unit = unitOfView(view);
  if (unit !== undefined) {
    if (filter.unit !== undefined && filter.unit !== unit)
      throw new HttpProblem(403, 'Not allowed', 'the alerts of another unit are not shown to a handler', 'unit');
    query.unit = unit;
  }
  if (window !== undefined) {
    if (from !== undefined || to !== undefined) {
      throw new HttpProblem(
        400,
        'Parameters exclude each other',
        'window and from or to: give one or the other',
        'window',
      );
    }
    const { main } = windowRanges(window, now);
    if (Number.isFinite(main.lo)) query.from = main.lo;
    if (Number.isFinite(main.hi)) query.to = main.hi;
    return query;
  }
  if (from !== undefined) query.from = moment(from, 'from');
  if (to !== undefined) query.to = moment(to, 'to');
  return query;
}

function moment(text: string, parameter: string): number {
  const at = parseRfc3339(text);
  if (at === undefined)
    throw new HttpProblem(400, 'Parameter is not valid', `${parameter} is no RFC 3339 time`, parameter);
  return at;
}
