import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import type { WindowName } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import type { SeriesAnswer } from '../../contract/rest.ts';
import { Poller } from '../http/poller.ts';

/** Read anew at most so often, ms: a spark line is a glance. */
const REFRESH_MS = 30_000;

/** Workers who got their wages, by start of step (RFC 3339, as in a frame's `series`). */
export interface WorkersPaid {
  scope: string;
  window: WindowName;
  steps: Readonly<Record<string, number>>;
}

/** Reads a measure by the steps of a window from `from` to the moment of the frame (`GET /api/v1/series`). */
export type ReadSteps = (frame: Frame, from: string, signal: AbortSignal) => Promise<SeriesAnswer>;

const keyOf = ({ scope, window, totals }: Frame) => `${scope} ${window} ${totals.recoveredWorkers}`;

/**
 * Workers paid by step, which a frame's `series` does not carry: read when scope, window or the total changes. What was
 * read stays when a later reading fails.
 */
export function useWorkersPaid(
  frame: () => Frame | undefined,
  readSteps: ReadSteps,
): ShallowRef<WorkersPaid | undefined> {
  const paid = shallowRef<WorkersPaid>();
  let readKey = '';
  // A failed reading leaves the figure without its line; the next change tries again.
  const poller = new Poller({
    everyMs: REFRESH_MS,
    async run(signal) {
      const now = frame();
      const from = now && Object.keys(now.series).sort()[0];
      if (!now || from === undefined) return;
      readKey = keyOf(now);
      const { steps } = await readSteps(now, from, signal);
      if (signal.aborted) return;
      paid.value = {
        scope: now.scope,
        window: now.window,
        steps: Object.fromEntries(Object.entries(steps).map(([at, by]) => [at, by.all ?? 0])),
      };
    },
  });
  watch(
    frame,
    (now) => {
      if (!now || keyOf(now) === readKey) return;
      // Another scope or window is not kept waiting.
      if (readKey.startsWith(`${now.scope} ${now.window} `)) poller.request();
      else void poller.restart();
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    poller.stop();
  });
  return paid;
}
