import { isRegionCode } from '../../../common/divisions.ts';
import { programCalendars } from '../../calendar/shipped.ts';
import type { Feature, Platform } from '../../feature.ts';
import type { RegionPacks } from '../../region/packs.ts';
import type { Regions } from '../../region/region.ts';
import type { Desk } from '../desk/desk.ts';
import { whileLeased } from '../../streams/regionBackup.ts';
import { createThreadHost } from '../../streams/worker/threadHost.ts';
import { allCounted } from './allCounted.ts';
import type { ClockThreadData, FromClockThread } from './clockMessages.ts';
import { hasCasework } from './hasCasework.ts';
import { inboxRoute } from './inboxRoute.ts';
import { createInboxStore } from './inboxStore.ts';
import { clockKeys } from './keys.ts';
import { createClockMetrics } from './metrics.ts';
import { supervisionRoutes, type SupervisionParts } from './supervisionRoutes.ts';
import { createSupervisionStore } from './supervisionStore.ts';

/** What it keeps in the heap is small: a line for each open case. */
const HEAP = { maxYoungGenerationSizeMb: 12, maxOldGenerationSizeMb: 512 };

/** For so long a leader who issues a supervision waits until it shows, ms. */
const COUNTED_MS = 5_000;

/**
 * The clock of casework, where the process has the role `worker`: it reminds, urges and prepares supervisions (docs/casework.md §3). What
 * it has said is read, and decided about, where the process has the role `push`.
 */
export function clockFeature(
  { config, redis, endpoint, log, metrics, now }: Platform,
  packs: RegionPacks,
  { regions, desk }: { regions: Regions; desk: Desk },
): Feature {
  const watched = packs.counted().filter(hasCasework);
  const data: ClockThreadData = {
    endpoint,
    packs: watched,
    calendars: programCalendars(),
    leaseMs: config.leaseMs,
    logLevel: config.logLevel,
  };
  const telemetry = createClockMetrics(metrics);
  const host =
    config.roles.has('worker') && watched.length > 0
      ? createThreadHost<FromClockThread>({
          name: 'clock',
          file: new URL('./clockThread.js', import.meta.url),
          data,
          receive(message) {
            if (message.kind === 'spoken') telemetry.spoken(message);
            else if (message.kind === 'held') telemetry.held(message.region, message.cases);
          },
          onLease: (region, held) => telemetry.lease(region, held),
          log,
          limits: HEAP,
        })
      : undefined;
  const parts: SupervisionParts = {
    regions,
    desk,
    defaultRegion: config.region,
    store: (region) => createSupervisionStore(redis, region),
    counted: (region) =>
      allCounted(redis, region, AbortSignal.timeout(COUNTED_MS)).then(
        () => true,
        // It is in the stream, and is counted all the same.
        () => false,
      ),
    now,
  };
  return {
    name: 'clock',
    routes: config.roles.has('push')
      ? [supervisionRoutes(parts), inboxRoute({ ...parts, inbox: (region) => createInboxStore(redis, region) })]
      : [],
    // Its keys are copied with all of the region: nobody may speak meanwhile.
    backup: { owns: isRegionCode, whileQuiet: whileLeased(clockKeys) },
    async readiness() {
      if (!host) return {};
      const isHeld = async (region: string) =>
        host.token(region) !== undefined || (await redis.exists(clockKeys(region).lease)) === 1;
      const checks = watched.map(async ({ code }): Promise<[string, string]> => {
        const state = await isHeld(code).then(
          (held) => (held ? 'ok' : 'nobody watches the terms of its cases'),
          (error: Error) => error.message,
        );
        return [`clock ${code}`, state];
      });
      return Object.fromEntries(await Promise.all(checks));
    },
    start: () => host?.start(),
    stop: () => host?.stop(),
  };
}
