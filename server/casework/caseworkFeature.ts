import type { Staff } from '../access/staff.ts';
import type { Feature, Platform } from '../feature.ts';
import type { Regions } from '../region/region.ts';
import type { Intake } from '../streams/intake/intake.ts';
import type { CasePort } from '../views/alerts/casePort.ts';
import { actionsRoutes } from './actionsRoutes.ts';
import { clueRoute } from './clues/clueRoute.ts';
import { Desk } from './desk/desk.ts';
import { clerkCasesRoute } from './clerk/clerkCasesRoute.ts';
import { createFilterStore } from './filters/filterStore.ts';
import { filterRoutes } from './filters/filterRoutes.ts';
import { unitPeopleRoute } from './people/unitPeopleRoute.ts';
import { createDeskStore, type DeskStore } from './desk/deskStore.ts';

/** After so long an action that is not counted yet is answered all the same, ms. */
const PATIENCE_MS = 5_000;

/** What people do about alerts (docs/casework.md §2), where the process has the role `push`. Its keys are those of their regions. */
export function caseworkFeature(
  { config, redis, now }: Platform,
  { regions, intake, staff, cases }: { regions: Regions; intake: Intake; staff: Staff; cases: CasePort },
): { feature: Feature; desk: Desk } {
  const stores = new Map<string, DeskStore>();
  const store = (region: string) => {
    let found = stores.get(region);
    if (!found) stores.set(region, (found = createDeskStore(redis, region)));
    return found;
  };
  const desk = new Desk({ intake, store, staff, cases, now, patienceMs: PATIENCE_MS });
  const read = { regions, defaultRegion: config.region, now, store };
  return {
    feature: {
      name: 'casework',
      routes: config.roles.has('push')
        ? [
            actionsRoutes({ ...read, desk }),
            clueRoute({ ...read, intake, patienceMs: PATIENCE_MS }),
            unitPeopleRoute({ ...read, staff }),
            clerkCasesRoute(read),
            filterRoutes({ ...read, filters: (region) => createFilterStore(redis, region) }),
          ]
        : [],
    },
    desk,
  };
}
