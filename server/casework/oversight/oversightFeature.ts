import type { Feature, Platform } from '../../feature.ts';
import type { Mask } from '../../privacy/mask.ts';
import type { Region, Regions } from '../../region/region.ts';
import type { CasePort } from '../../views/alerts/casePort.ts';
import type { WorkPort } from '../../views/reports/workPort.ts';
import { createSupervisionStore } from '../clock/supervisionStore.ts';
import { createHistories, type Histories } from './histories.ts';
import { letterRoutes, type OversightParts } from './letterRoutes.ts';
import { performanceRoutes } from './performanceRoutes.ts';
import { createReportWork } from './reportWork.ts';

/** What was urged and supervised, and how units have done (docs/casework.md §7 and §8), where the process has the role `push`. */
export function oversightFeature(
  { config, redis, now }: Platform,
  { regions, mask, cases }: { regions: Regions; mask: Mask; cases: CasePort },
): Feature & { work: WorkPort } {
  const known = new Map<string, Histories>();
  const parts: OversightParts = {
    regions,
    defaultRegion: config.region,
    mask,
    cases,
    supervisions: (region) => createSupervisionStore(redis, region),
    histories(region: Region) {
      let found = known.get(region.code);
      if (!found) known.set(region.code, (found = createHistories(redis, region)));
      return found;
    },
    now,
  };
  return {
    name: 'oversight',
    routes: config.roles.has('push') ? [letterRoutes(parts), performanceRoutes(parts)] : [],
    work: createReportWork(parts.histories, now),
  };
}
