import type { Frame } from '../../contract/frame.ts';
import type { Feature, Platform } from '../feature.ts';
import type { Mask } from '../privacy/mask.ts';
import type { Regions } from '../region/region.ts';
import { marksRoute } from './marksRoute.ts';
import { OpenReplays } from './openReplays.ts';
import { replayRoute } from './replayRoute.ts';
import { Keeper } from './shown/keeper.ts';
import { createShownStore } from './shown/shownStore.ts';
import { shownRoutes } from './shown/shownRoutes.ts';
import { WaitingFrames } from './shown/waitingFrames.ts';

export interface ReplayFeature extends Feature {
  /** The frame that was kept of the hour (of a town: of the day) in which `at` lies, unmasked; undefined if there is none. */
  kept(scope: string, at: number): Promise<Frame | undefined>;
}

/**
 * The past: as it is known today, where the process has the role `push`; and as it was shown, kept by the process that counts a
 * region and read by all that share `FILES_DIR`.
 * @param token the fencing token while this process counts a region
 */
export function replayFeature(
  { config, log, metrics, now }: Platform,
  { regions, mask, token }: { regions: Regions; mask: Mask; token: (region: string) => string | undefined },
): ReplayFeature {
  const store = createShownStore(config.filesDir, log);
  const written = metrics.counter('shown_frames_total', 'Files of frames kept as they were shown');
  const waiting = new WaitingFrames(store, log, () => {
    written.inc();
  });
  metrics.gauge('shown_frames_waiting', 'Kept frames that could not be written yet', [], (gauge) => {
    gauge.set(waiting.size);
  });
  const keeper = config.roles.has('worker') ? new Keeper({ regions, token, store, waiting, log, now }) : undefined;
  const open = new OpenReplays();
  metrics.gauge('replays_open', 'Replays that are being read', [], (gauge) => {
    gauge.set(open.size);
  });
  const parts = { regions, defaultScope: config.region, store, mask, open, now };
  return {
    name: 'replay',
    routes: config.roles.has('push') ? [replayRoute, marksRoute, shownRoutes].map((route) => route(parts)) : [],
    readiness: () => (keeper ? { 'kept frames': waiting.problem ?? 'ok' } : {}),
    async kept(scope, at) {
      const hour = await store.find(scope, at);
      const frames = hour === undefined ? undefined : await store.read(scope, hour);
      return frames?.today ?? frames?.['30d'];
    },
    start: () => keeper?.start(),
    stop: () => keeper?.stop(),
  };
}
