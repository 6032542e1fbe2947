import type { FastifyRequest } from 'fastify';
import type { AlertRef } from '../../contract/frame.ts';
import { MAX_FUTURE_MS, MIN_TIME_MS } from '../../contract/events.ts';
import { parseRfc3339 } from '../../common/regionTime.ts';
import { HttpProblem } from '../platform/http/problem.ts';
import type { RegionRow } from '../alerts/row.ts';
import type { AlertLists } from '../lists/alertLists.ts';
import type { Mask } from '../privacy/mask.ts';
import type { Region, Regions } from '../region/region.ts';
import type { OpenReplays } from './openReplays.ts';
import type { ShownStore } from './shown/shownStore.ts';

/** What the routes of replays are made from. */
export interface ReplayParts {
  regions: Regions;
  /** The scope meant where none is given. */
  defaultScope: string;
  store: ShownStore;
  mask: Mask;
  open: OpenReplays;
  /** Epoch ms. */
  now: () => number;
}

/** The region of a scope. @throws HttpProblem 404 if it is not shown here */
export function regionOf({ regions }: ReplayParts, scope: string): Region {
  const region = regions.of(scope);
  if (!region) throw new HttpProblem(404, 'Unknown scope', `scope ${scope} is not known here`, 'scope');
  return region;
}

/** How an alert of a kept frame stands now, for whoever asks; undefined where it is there no more, or not for them. */
export function isNow(
  lists: Pick<AlertLists, 'find'> | undefined,
  asker: Pick<FastifyRequest, 'mayRead'>,
): (ref: AlertRef) => RegionRow | undefined {
  return (ref) => {
    const row = lists?.find(ref);
    return row && asker.mayRead(row.town) ? row : undefined;
  };
}

/** A moment of the past as epoch ms. @throws HttpProblem 400 for one in the future or before the year 2000 */
export function pastMoment(text: string, parameter: string, now: number): number {
  const moment = parseRfc3339(text);
  if (moment === undefined)
    throw new HttpProblem(400, 'Parameter is not valid', `${parameter} is no moment: ${text}`, parameter);
  if (moment > now + MAX_FUTURE_MS)
    throw new HttpProblem(400, 'Moment is in the future', `${parameter} ${text} has not come yet`, parameter);
  if (moment < MIN_TIME_MS)
    throw new HttpProblem(400, 'Moment is too early', `${parameter} ${text} is before the year 2000`, parameter);
  return moment;
}
