import { Worker } from 'node:worker_threads';
import { foldRulesOf } from '../../alerts/fold.ts';
import type { RegionPack } from '../../../contract/region.ts';
import type { StreamTelemetry, Log } from '../telemetry.ts';
import type { FromWorkerThread, ToWorkerThread, WorkerThreadData } from './workerMessages.ts';

/** A thread that failed is made again after so long. Its leases, if it still held any, have run out by then or soon. */
const AGAIN_MS = 1_000;

/** Counts the events of all regions of this process, in a thread of its own. */
export interface WorkerHost {
  start(): void;
  /** The fencing token while a worker here holds the region's lease. */
  token(region: string): string | undefined;
  /** Finishes the batches at hand and gives the leases back. */
  stop(): Promise<void>;
}

/**
 * A thread, because counting (parsing, folding, writing documents) is half of the work an event makes: taking events
 * in and showing them go on meanwhile on another core, and a large backlog does not delay a tick.
 */
export function createWorkerHost(parts: {
  data: Omit<WorkerThreadData, 'regions'> & { packs: readonly RegionPack[] };
  telemetry: StreamTelemetry;
  log: Log;
}): WorkerHost {
  const { telemetry, log } = parts;
  const { packs, ...rest } = parts.data;
  const data: WorkerThreadData = {
    ...rest,
    regions: packs.map((pack) => ({ region: pack.code, rules: foldRulesOf(pack) })),
  };
  const tokens = new Map<string, string>();
  let thread: Worker | undefined;
  let again: NodeJS.Timeout | undefined;
  let stopping = false;
  let ended: Promise<void> = Promise.resolve();

  function receive(message: FromWorkerThread): void {
    if (message.kind === 'counted') telemetry.counted(message.events, message.duplicates, message.commitMs);
    else if (message.kind === 'lease') keep(message.region, message.token);
  }

  function keep(region: string, token: string | undefined): void {
    if (token === undefined) tokens.delete(region);
    else tokens.set(region, token);
    telemetry.lease(region, token !== undefined);
  }

  function make(): void {
    const made = new Worker(new URL('./workerThread.js', import.meta.url), { workerData: data, name: 'counting' });
    thread = made;
    made.on('message', receive);
    made.on('error', (error) => log.error({ error }, 'worker: its thread failed, and is made again'));
    ended = new Promise((resolve) => {
      made.on('exit', () => {
        for (const region of [...tokens.keys()]) keep(region, undefined);
        resolve();
        if (!stopping) again = setTimeout(make, AGAIN_MS);
      });
    });
  }

  return {
    start: make,
    token: (region) => tokens.get(region),
    async stop() {
      stopping = true;
      clearTimeout(again);
      thread?.postMessage({ kind: 'stop' } satisfies ToWorkerThread);
      await ended;
    },
  };
}
