import { parentPort } from 'node:worker_threads';
import type { ToWorkerThread } from './threadHost.ts';

/**
 * Has a thread end when its host says so: its workers finish what is at hand and give their leases back, then what they went by is
 * closed, and the host is told.
 */
export function stopWhenTold(workers: readonly { stop(): Promise<void> }[], close: () => void): void {
  const parent = parentPort!;
  parent.on('message', ({ kind }: ToWorkerThread) => {
    if (kind !== 'stop') return;
    void Promise.all(workers.map((worker) => worker.stop())).then(() => {
      close();
      parent.postMessage({ kind: 'stopped' });
      parent.close();
    });
  });
}
