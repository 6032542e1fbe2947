import { isUpper } from '../../common/divisions.ts';
import type { Mask } from '../privacy/mask.ts';
import type { RegionPack } from '../../contract/region.ts';
import type { StoredEvent } from '../alerts/state.ts';
import { QueryError } from '../lists/query.ts';
import type { AlertLists } from '../lists/alertLists.ts';
import type { AlertTable } from '../lists/alertTable.ts';
import { HttpProblem } from '../platform/http/problem.ts';

/** What the reads of alerts and enterprises are made from. */
export interface AlertReadParts {
  /** By region code (6 digits); undefined for a region not watched here, no table for an upper one. May throw HttpProblem while one is loading. */
  regions: { get(code: string): { lists: AlertLists; table: AlertTable | undefined; pack: RegionPack } | undefined };
  /** Codes of the regions within a scope that have an alert of this id; the scope itself if it is one region. */
  holders(scope: string, alertId: string): string[];
  documents: { events(region: string, alertId: string): Promise<StoredEvent[] | undefined> };
  /** The region meant where no scope is given. */
  defaultRegion: string;
  /** Epoch ms. */
  now: () => number;
  /** What displays are shown; the standard one where none is given. */
  mask?: Mask;
}

/** The lists of the region or upper region that a scope belongs to. @throws HttpProblem 404 if it is not watched here */
export function listsOf({ regions }: AlertReadParts, scope: string): { lists: AlertLists; pack: RegionPack } {
  const region = regions.get(scope.slice(0, 6));
  if (!region) throw new HttpProblem(404, 'Unknown scope', `scope ${scope} is not known here`, 'scope');
  return region;
}

/**
 * The region that a scope belongs to, as one whose events are counted.
 * @throws HttpProblem 404 if it is not watched here, 400 for a city or province, where ids and portraits are none
 */
export function regionOf(parts: AlertReadParts, scope: string): { table: AlertTable; pack: RegionPack } {
  listsOf(parts, scope);
  const { table, pack } = parts.regions.get(scope.slice(0, 6))!;
  if (!table)
    throw new HttpProblem(
      400,
      'Too large a scope',
      `${scope} is the sum of other regions: ask with the code of the one it is about`,
      'scope',
    );
  return { table, pack };
}

/**
 * The region that an alert lies in, where the scope asked for may be a city or province.
 * @param mayRead whether the asker may read anything of a region; what lies in others is not there, nor told to be
 * @throws HttpProblem 404 if the scope is not watched here, 409 if several of its regions use that id
 */
export function regionOfAlert(
  parts: AlertReadParts,
  scope: string,
  alertId: string,
  mayRead: (region: string) => boolean,
): { table: AlertTable; pack: RegionPack } | undefined {
  if (!isUpper(listsOf(parts, scope).pack)) return regionOf(parts, scope);
  const holders = parts.holders(scope, alertId).filter(mayRead);
  if (holders.length > 1)
    throw new HttpProblem(
      409,
      'Several alerts',
      `${holders.join(', ')} each have an alert ${alertId}: ask with the code of one of them`,
      'scope',
    );
  return holders[0] === undefined ? undefined : regionOf(parts, holders[0]);
}

/** Runs a query of the table; what is wrong with it becomes a problem answer that names the parameter. */
export function answering<T>(query: () => T): T {
  try {
    return query();
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const unknown = error.parameter === 'scope';
    throw new HttpProblem(
      unknown ? 404 : 400,
      unknown ? 'Unknown scope' : 'Parameter is not valid',
      error.message,
      error.parameter,
    );
  }
}
