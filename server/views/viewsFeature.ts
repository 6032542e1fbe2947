import type { Feature, Platform } from '../feature.ts';
import type { Mask } from '../privacy/mask.ts';
import type { RegionPacks } from '../region/packs.ts';
import type { Regions } from '../region/region.ts';
import { alertRoutes } from './alerts/alertRoutes.ts';
import type { CasePort } from './alerts/casePort.ts';
import { enterpriseRoutes, type Assessed } from './enterprises/enterpriseRoutes.ts';
import { alertsExportRoutes } from './export/alertsExportRoutes.ts';
import { regionsRoute, type RegionsRouteParts } from './regions/regionsRoute.ts';
import { viewOfScope, type AlertReadParts } from './regionTables.ts';
import { seriesRoute } from './series/seriesRoute.ts';
import { snapshotRoute } from './snapshot/snapshotRoute.ts';

/** What is read over REST: figures, lists, portraits, exports, maps. Where the process has the role `push`. */
export function viewsFeature(
  { config, now }: Platform,
  {
    packs,
    regions,
    mask,
    subjects,
    deliveries,
    cases,
    demoSources,
  }: {
    packs: RegionPacks;
    regions: Regions;
    mask: Mask;
    subjects: (region: string) => Assessed | undefined;
    deliveries: NonNullable<AlertReadParts['deliveries']>;
    cases: CasePort;
    demoSources: RegionsRouteParts['demoSources'];
  },
): Feature {
  const situationOf = (scope: string) => viewOfScope(regions, scope);
  const figures = { situationOf, defaultScope: config.region, now, mask };
  const reads: AlertReadParts = { regions, defaultRegion: config.region, now, mask, deliveries };
  return {
    name: 'views',
    routes: config.roles.has('push')
      ? [
          snapshotRoute(figures),
          seriesRoute(figures),
          alertRoutes({ ...reads, cases }),
          alertsExportRoutes(reads),
          enterpriseRoutes({ ...reads, subjects }),
          regionsRoute({
            packs,
            demoSources,
            positionsOutside: (code) => regions.of(code)?.view()?.lists.positionsOutside,
          }),
        ]
      : [],
  };
}
