import type { Delivery } from '../../contract/connectors.ts';
import { isUpper, regionOfCode } from '../../common/divisions.ts';
import type { AlertTable } from '../lists/alertTable.ts';
import { QueryError } from '../lists/query.ts';
import { coversRegion, type Principal } from '../platform/http/principal.ts';
import { HttpProblem } from '../platform/http/problem.ts';
import type { Mask } from '../privacy/mask.ts';
import type { Region, Regions, RegionView } from '../region/region.ts';

/** What the reads of alerts and enterprises are made from. */
export interface AlertReadParts {
  regions: Regions;
  /** The region meant where no scope is given. */
  defaultRegion: string;
  /** Epoch ms. */
  now: () => number;
  /** What displays are shown; the standard one where none is given. */
  mask?: Mask;
  /** How the latest events of an alert came to the platforms that it was dispatched to, newest first. */
  deliveries?: (region: string, alertId: string) => Promise<Delivery[]>;
}

/** The figures of a scope. @throws HttpProblem 404 if it is not shown here, 503 while it is being loaded */
export function viewOfScope(regions: Regions, scope: string): RegionView {
  const region = regions.of(scope);
  if (!region) throw new HttpProblem(404, 'Unknown scope', `scope ${scope} is not known here`, 'scope');
  const view = region.view();
  if (!view) throw new HttpProblem(503, 'Not ready', 'the figures are still being loaded');
  return view;
}

/** The view of the whole region that a scope belongs to. @throws HttpProblem as `viewOfScope` */
export function regionViewOf({ regions }: AlertReadParts, scope: string): RegionView {
  return viewOfScope(regions, regionOfCode(scope));
}

/**
 * The region that a scope belongs to, as one whose events are counted.
 * @throws HttpProblem as `viewOfScope`; 400 for a city or province, where ids and portraits are none
 */
export function countedRegionOf(parts: AlertReadParts, scope: string): { region: Region; table: AlertTable } {
  const { table } = regionViewOf(parts, scope);
  if (!table)
    throw new HttpProblem(
      400,
      'Too large a scope',
      `${scope} is the sum of other regions: ask with the code of the one it is about`,
      'scope',
    );
  return { region: parts.regions.of(regionOfCode(scope))!, table };
}

/**
 * The region that an alert lies in, where the scope asked for may be a city or province.
 * @param mayRead whether the asker may read anything of a region; what lies in others is not there, nor told to be
 * @throws HttpProblem as `viewOfScope`; 409 if several of its regions use that id
 */
export function regionOfAlert(
  parts: AlertReadParts,
  scope: string,
  alertId: string,
  mayRead: (region: string) => boolean,
): { region: Region; table: AlertTable } | undefined {
  const view = regionViewOf(parts, scope);
  if (!isUpper(view.pack)) return countedRegionOf(parts, scope);
  const holders = view.holders(alertId).filter(mayRead);
  if (holders.length > 1)
    throw new HttpProblem(
      409,
      'Several alerts',
      `${holders.join(', ')} each have an alert ${alertId}: ask with the code of one of them`,
      'scope',
    );
  return holders[0] === undefined ? undefined : countedRegionOf(parts, holders[0]);
}

/** The scope that somebody means who names none: their own or, where that is not shown here, the default region. */
export function ownScope({ regions, defaultRegion }: AlertReadParts, { role, scope }: Principal): string {
  return role !== 'admin' && regions.of(regionOfCode(scope)) ? scope : defaultRegion;
}

/**
 * Where an alert is looked for: in the scope that is asked for or, without one, in the asker's own.
 * @throws HttpProblem as `regionOfAlert`
 */
export function placeOfAlert(
  parts: AlertReadParts,
  principal: Principal,
  alertId: string,
  asked: string | undefined,
): { region: Region; table: AlertTable } | undefined {
  const scope = asked ?? ownScope(parts, principal);
  return regionOfAlert(parts, scope, alertId, (region) => coversRegion(principal, region));
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
