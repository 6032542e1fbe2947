import type { Staff } from '../access/staff.ts';
import type { Feature, Platform } from '../feature.ts';
import { Turns } from '../platform/http/turns.ts';
import type { Regions } from '../region/region.ts';
import type { Intake } from '../streams/intake/intake.ts';
import type { CasePort } from '../views/alerts/casePort.ts';
import { actionsRoutes } from './actionsRoutes.ts';
import { clueRoute } from './clues/clueRoute.ts';
import { photoRoutes, type PhotoRoutesParts } from './clues/photoRoutes.ts';
import { createPhotoStore, type PhotoStore } from './clues/photoStore.ts';
import { sweepPhotos } from './clues/sweepPhotos.ts';
import { attachmentRoutes } from './attachments/attachmentRoutes.ts';
import { createAttachmentStore, type AttachmentStore } from './attachments/attachmentStore.ts';
import { sweepFiles } from './attachments/sweep.ts';
import { Desk } from './desk/desk.ts';
import { clerkCasesRoute } from './clerk/clerkCasesRoute.ts';
import { createFilterStore } from './filters/filterStore.ts';
import { filterRoutes } from './filters/filterRoutes.ts';
import { unitPeopleRoute } from './people/unitPeopleRoute.ts';
import { createDeskStore, type DeskStore } from './desk/deskStore.ts';

/** After so long an action that is not counted yet is answered all the same, ms. */
const PATIENCE_MS = 5_000;
/** Between two looks at what nobody has named, ms. */
const SWEEP_MS = 10 * 60_000;
/** Files that a process looks at, at the same time: a picture is held in memory while it is written anew. */
const LOOKED_AT = 2;

/** What people do about alerts (docs/casework.md §2), where the process has the role `push`. Its keys are those of their regions. */
export function caseworkFeature(
  { config, redis, log, now }: Platform,
  {
    regions,
    intake,
    staff,
    cases,
    cluesBehind,
  }: {
    regions: Regions;
    intake: Intake;
    staff: Staff;
    cases: CasePort;
    cluesBehind: PhotoRoutesParts['cluesBehind'];
  },
): { feature: Feature; desk: Desk; photos: (region: string) => Pick<PhotoStore, 'photosOf'> } {
  const store = byRegion((region): DeskStore => createDeskStore(redis, region));
  const files = byRegion((region): AttachmentStore => createAttachmentStore(redis, config.filesDir, region));
  const photos = byRegion((region): PhotoStore => createPhotoStore(redis, config.filesDir, region));
  const looking = new Turns(LOOKED_AT);
  const desk = new Desk({ intake, store, files, staff, cases, now, patienceMs: PATIENCE_MS });
  const read = { regions, defaultRegion: config.region, now, store };
  let sweeping: ReturnType<typeof setInterval> | undefined;
  const stopping = new AbortController();
  let swept: Promise<void> = Promise.resolve();
  const sweep = () => {
    const parts = { regions, log, now, signal: stopping.signal };
    swept = swept.then(() => sweepFiles({ redis, store: files }, parts)).then(() => sweepPhotos(photos, parts));
  };
  return {
    feature: {
      name: 'casework',
      routes: config.roles.has('push')
        ? [
            actionsRoutes({ ...read, desk }),
            attachmentRoutes({ ...read, store: files, desk, looking, log }),
            clueRoute({ ...read, intake, photos, patienceMs: PATIENCE_MS }),
            photoRoutes({ ...read, photos, cluesBehind, looking, log }),
            unitPeopleRoute({ ...read, staff }),
            clerkCasesRoute(read),
            filterRoutes({ ...read, filters: (region) => createFilterStore(redis, region) }),
          ]
        : [],
      start() {
        if (!config.roles.has('push')) return;
        sweep();
        sweeping = setInterval(sweep, SWEEP_MS);
      },
      stop() {
        clearInterval(sweeping);
        stopping.abort();
        return swept;
      },
    },
    desk,
    photos,
  };
}

/** What is made for each region that is asked for, once. */
function byRegion<T>(make: (region: string) => T): (region: string) => T {
  const made = new Map<string, T>();
  return (region) => {
    let found = made.get(region);
    if (found === undefined) made.set(region, (found = make(region)));
    return found;
  };
}
