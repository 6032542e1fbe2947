import { Worker, type ResourceLimits } from 'node:worker_threads';
import type { Log } from '../telemetry.ts';

/** A thread that failed is made again after so long. Its leases, if it still held any, have run out by then or soon. */
const AGAIN_MS = 1_000;

/** To a thread of reducers. `stop`: finish what is at hand, give the leases back, and end. */
export type ToWorkerThread = { kind: 'stop' };

/** From it, besides what it counts. `token`: the fencing token of a region's lease, undefined when it is lost. */
export type LeaseMessage = { kind: 'lease'; region: string; token: string | undefined };

/** Runs reducers of regions in a thread of their own. */
export interface ThreadHost {
  start(): void;
  /** The fencing token while a worker here holds the region's lease. */
  token(region: string): string | undefined;
  /** Finishes the batches at hand and gives the leases back. */
  stop(): Promise<void>;
}

/**
 * @param parts `file`: the program of the thread, `data`: what it is given when it is made; `receive`: what else it tells;
 * `onLease`: a region's lease is taken, or gone
 */
export function createThreadHost<Message extends { kind: string }>(parts: {
  name: string;
  file: URL;
  data: object;
  receive: (message: Exclude<Message, LeaseMessage>) => void;
  onLease: (region: string, held: boolean) => void;
  log: Log;
  /** Of its heap; without any, those of the process. */
  limits?: ResourceLimits;
}): ThreadHost {
  const { name, file, data, receive, onLease, log, limits } = parts;
  const tokens = new Map<string, string>();
  let thread: Worker | undefined;
  let again: NodeJS.Timeout | undefined;
  let stopping = false;
  let ended: Promise<void> = Promise.resolve();

  function keep(region: string, token: string | undefined): void {
    if (token === undefined) tokens.delete(region);
    else tokens.set(region, token);
    onLease(region, token !== undefined);
  }

  function make(): void {
    const made = new Worker(file, { workerData: data, name, ...(limits ? { resourceLimits: limits } : {}) });
    thread = made;
    made.on('message', (message: Message | LeaseMessage) => {
      if (isLease(message)) keep(message.region, message.token);
      else receive(message as Exclude<Message, LeaseMessage>);
    });
    made.on('error', (error) => log.error({ error, thread: name }, 'worker: its thread failed, and is made again'));
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

function isLease(message: { kind: string }): message is LeaseMessage {
  return message.kind === 'lease';
}
