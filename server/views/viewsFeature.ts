import type { Feature, Platform } from '../feature.ts';
import { HttpProblem } from '../platform/http/problem.ts';
import type { Mask } from '../privacy/mask.ts';
import type { RegionPacks } from '../region/packs.ts';
import type { Regions, RegionView } from '../region/region.ts';
import { alertRoutes } from './alerts/alertRoutes.ts';
import { enterpriseRoutes } from './enterprises/enterpriseRoutes.ts';
import { alertsExportRoutes } from './export/alertsExportRoutes.ts';
import { regionsRoute } from './regions/regionsRoute.ts';
import type { AlertReadParts } from './regionTables.ts';
import { seriesRoute } from './series/seriesRoute.ts';
import { snapshotRoute } from './snapshot/snapshotRoute.ts';

/** What is read over REST: figures, lists, portraits, exports, maps. Where the process has the role `push`. */
export function viewsFeature(
  { config, now }: Platform,
  { packs, regions, mask }: { packs: RegionPacks; regions: Regions; mask: Mask },
): Feature {
  const situationOf = (scope: string): RegionView => {
    const region = regions.of(scope);
    if (!region) throw new HttpProblem(404, 'Unknown scope', `scope ${scope} is not known here`, 'scope');
    const view = region.view();
    if (!view) throw new HttpProblem(503, 'Not ready', 'the figures are still being loaded');
    return view;
  };
  const figures = { situationOf, defaultScope: config.region, now, mask };
  const reads: AlertReadParts = {
    regions: {
      get(code) {
        const region = regions.of(code);
        if (!region) return undefined;
        const { lists, table } = situationOf(code);
        return { lists, table, pack: region.pack };
      },
    },
    holders: (scope, alertId) => situationOf(scope).holders(alertId),
    documents: { events: (region, alertId) => regions.of(region)?.events(alertId) ?? Promise.resolve(undefined) },
    defaultRegion: config.region,
    now,
    mask,
  };
  return {
    name: 'views',
    routes: config.roles.has('push')
      ? [
          snapshotRoute(figures),
          seriesRoute(figures),
          ...[alertRoutes, alertsExportRoutes, enterpriseRoutes].map((route) => route(reads)),
          regionsRoute({
            packs,
            demo: config.demo,
            positionsOutside: (code) => regions.of(code)?.view()?.lists.positionsOutside,
          }),
        ]
      : [],
  };
}
