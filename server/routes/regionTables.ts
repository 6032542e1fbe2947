import type { RegionPack } from '../../contract/region.ts';
import type { StoredEvent } from '../alerts/state.ts';
import { QueryError } from '../alerts/table/query.ts';
import type { AlertTable } from '../alerts/table/alertTable.ts';
import { HttpProblem } from './problem.ts';

/** What the reads of alerts and enterprises are made from. */
export interface AlertReadParts {
  /** By region code (6 digits); undefined for a region not watched here. May throw HttpProblem while one is loading. */
  regions: { get(code: string): { table: AlertTable; pack: RegionPack } | undefined };
  documents: { events(region: string, alertId: string): Promise<StoredEvent[] | undefined> };
  /** The region meant where no scope is given. */
  defaultRegion: string;
  /** Epoch ms. */
  now: () => number;
}

/** The region that a scope belongs to. @throws HttpProblem 404 if it is not watched here */
export function regionOf({ regions }: AlertReadParts, scope: string): { table: AlertTable; pack: RegionPack } {
  const region = regions.get(scope.slice(0, 6));
  if (!region) throw new HttpProblem(404, 'Unknown scope', `scope ${scope} is not known here`, 'scope');
  return region;
}

/** Runs a query of the table; what is wrong with it becomes a problem answer that names the parameter. */
export function answering<T>(query: () => T): T {
  try {
    return query();
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const unknown = error.parameter === 'scope';
    throw new HttpProblem(unknown ? 404 : 400, unknown ? 'Unknown scope' : 'Parameter is not valid', error.message, error.parameter);
  }
}
