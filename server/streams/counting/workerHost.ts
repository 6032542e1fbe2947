import type { RegionPack } from '../../../contract/region.ts';
import type { StreamTelemetry, Log } from '../telemetry.ts';
import { createThreadHost, type ThreadHost } from '../worker/threadHost.ts';
import type { FromWorkerThread, WorkerThreadData } from './workerMessages.ts';

/**
 * Counts the events of all regions of this process, in a thread of its own: counting (parsing, folding, writing documents) is
 * half of the work an event makes. Taking events in and showing them go on meanwhile on another core, and a large backlog
 * does not delay a tick.
 */
export function createWorkerHost(parts: {
  data: Omit<WorkerThreadData, 'regions'> & { packs: readonly RegionPack[] };
  telemetry: StreamTelemetry;
  log: Log;
}): ThreadHost {
  const { telemetry, log } = parts;
  const { packs, ...rest } = parts.data;
  const data: WorkerThreadData = {
    ...rest,
    regions: packs,
  };
  return createThreadHost<FromWorkerThread>({
    name: 'counting',
    file: new URL('./workerThread.js', import.meta.url),
    data,
    receive(message) {
      if (message.kind === 'counted') telemetry.counted(message.events, message.duplicates, message.commitMs);
    },
    onLease: (region, held) => telemetry.lease(region, held),
    log,
  });
}
