import { setTimeout as sleep } from 'node:timers/promises';
import { compareStreamIds } from '../streamIds.ts';

const POLL_MS = 10;

/** Waits until a region's worker has counted an entry of its events. */
export interface OffsetWatch {
  /**
   * Resolves when the entry `id` has been counted. While Redis does not answer, it goes on asking.
   * @throws the signal's reason when that comes first
   */
  passed(id: string, signal: AbortSignal): Promise<void>;
}

/** Asks Redis once for all who wait, and not at all while nobody does. */
export function createOffsetWatch(progress: { read(): Promise<{ offset: string }> }): OffsetWatch {
  const waiting = new Set<{ id: string; done: () => void }>();
  let polling = false;

  async function poll(): Promise<void> {
    polling = true;
    while (waiting.size) {
      const offset = await progress.read().then(
        (read) => read.offset,
        () => undefined,
      );
      if (offset !== undefined)
        for (const waiter of waiting) if (compareStreamIds(offset, waiter.id) >= 0) waiter.done();
      if (waiting.size) await sleep(POLL_MS);
    }
    polling = false;
  }

  return {
    passed(id, signal) {
      return new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason as Error);
        const end = () => {
          waiting.delete(waiter);
          signal.removeEventListener('abort', aborted);
        };
        const waiter = {
          id,
          done: () => {
            end();
            resolve();
          },
        };
        const aborted = () => {
          end();
          reject(signal.reason as Error);
        };
        signal.addEventListener('abort', aborted);
        waiting.add(waiter);
        if (!polling) void poll();
      });
    },
  };
}
