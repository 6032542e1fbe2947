import type { Feature, Platform } from '../feature.ts';
import type { Mask } from '../privacy/mask.ts';
import type { RedisClient } from '../platform/redis/connect.ts';
import type { Regions } from '../region/region.ts';
import { createDeadLetterStore } from '../streams/intake/deadLetterStore.ts';
import { rejectedSignals } from '../streams/intake/rejectedSignals.ts';
import type { IndicatorChannels } from '../streams/intake/signalRecord.ts';
import { createRuleStore } from './packs/ruleStore.ts';
import { alertSignalsRoute } from './subjects/alertSignalsRoute.ts';
import { cluesBehind as cluesBehindOf } from './subjects/behindAlert.ts';
import type { CluePhotos } from './subjects/cluePhotos.ts';
import { subjectsExportRoute } from './subjects/exportRoute.ts';
import { subjectHeatRoute } from './subjects/heatRoute.ts';
import { sourcesRoute } from './subjects/sourcesRoute.ts';
import type { SubjectReadParts } from './subjects/subjectScope.ts';
import type { Subjects } from './subjects/subjects.ts';
import { suggestRoute } from './subjects/suggestRoute.ts';
import { subjectsRoutes } from './subjects/subjectsRoutes.ts';

/** What is read over REST of subjects and sources (signals §5). Where the process has the role `push`. */
export function subjectsFeature(
  { config, redis, now }: Platform,
  {
    regions,
    subjects,
    indicators,
    mask,
    photos,
  }: {
    regions: Regions;
    mask: Mask;
    subjects: (region: string) => Subjects | undefined;
    indicators: (region: string) => IndicatorChannels | undefined;
    photos: CluePhotos;
  },
): Feature {
  const letters = createDeadLetterStore(redis);
  const parts: SubjectReadParts = {
    regions,
    of: subjects,
    knows: (region, indicator) => indicators(region)?.has(indicator) === true,
    now,
  };
  return {
    name: 'subjects',
    routes: config.roles.has('push')
      ? [
          subjectsRoutes({ ...parts, photos }),
          suggestRoute({ ...parts, defaultRegion: config.region }),
          subjectHeatRoute(parts),
          subjectsExportRoute(parts),
          sourcesRoute({ ...parts, rejected: (region) => rejectedSignals(letters, region) }),
          alertSignalsRoute({
            ...parts,
            defaultRegion: config.region,
            mask,
            photos,
            rulePack: rulePacks(redis),
          }),
        ]
      : [],
  };
}

const rulePacks = (redis: RedisClient) => (region: string, version: string) =>
  createRuleStore(redis, region).pack(version);

/** Which clues an alert speaks of in its reasons, for casework. */
export const cluesBehind = ({ redis }: Platform, of: (region: string) => Subjects | undefined) =>
  cluesBehindOf({ of, rulePack: rulePacks(redis) });
