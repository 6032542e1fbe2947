import type { Feature, Platform } from '../../feature.ts';
import type { RegionPacks } from '../../region/packs.ts';
import { programCalendars } from '../../calendar/shipped.ts';
import { regionBackup } from '../regionBackup.ts';
import type { StreamTelemetry } from '../telemetry.ts';
import { createWorkerHost } from './workerHost.ts';

export interface CountingFeature extends Feature {
  /** The fencing token while this process counts a region. */
  token(region: string): string | undefined;
}

/** Counts events, where the process has the role `worker`. */
export function countingFeature(
  { config, endpoint, log }: Platform,
  packs: RegionPacks,
  telemetry: StreamTelemetry,
): CountingFeature {
  const host = config.roles.has('worker')
    ? createWorkerHost({
        data: {
          endpoint,
          packs: packs.counted(),
          calendars: programCalendars(),
          dispatches: true,
          leaseMs: config.leaseMs,
          logLevel: config.logLevel,
        },
        telemetry,
        log,
      })
    : undefined;
  return {
    name: 'counting',
    backup: regionBackup,
    token: (region) => host?.token(region),
    start: () => host?.start(),
    stop: () => host?.stop(),
  };
}
