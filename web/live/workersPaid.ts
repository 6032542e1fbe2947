import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import type { WindowName } from '../../contract/codes.ts';
import type { Frame } from '../../contract/frame.ts';
import type { SeriesAnswer } from '../../contract/rest.ts';

/** Read anew at most so often, ms: a spark line is a glance. */
const REFRESH_MS = 30_000;

/** Workers who got their wages, by start of step (RFC 3339, as in a frame's `series`). */
export interface WorkersPaid {
  scope: string;
  window: WindowName;
  steps: Readonly<Record<string, number>>;
}

/** Reads a measure by the steps of a window from `from` to `to` (`GET /api/v1/series`). */
export type ReadSteps = (frame: Frame, from: string) => Promise<SeriesAnswer>;

/**
 * Workers paid by step, which a frame's `series` does not carry: read when scope, window or the total changes. What was
 * read stays when a later reading fails.
 */
export function useWorkersPaid(frame: () => Frame | undefined, read: ReadSteps): ShallowRef<WorkersPaid | undefined> {
  const paid = shallowRef<WorkersPaid>();
  let readKey = '';
  let readAt = -Infinity;
  let due: ReturnType<typeof setTimeout> | undefined;
  let ended = false;

  async function refresh(): Promise<void> {
    const now = frame();
    const from = now && Object.keys(now.series).sort()[0];
    if (!now || from === undefined || ended) return;
    const { scope, window } = now;
    readKey = keyOf(now);
    readAt = performance.now();
    try {
      const { steps } = await read(now, from);
      paid.value = {
        scope,
        window,
        steps: Object.fromEntries(Object.entries(steps).map(([at, by]) => [at, by.all ?? 0])),
      };
    } catch {
      // The figure is there without its line; the next change tries again.
    }
  }
  const keyOf = ({ scope, window, totals }: Frame) => `${scope} ${window} ${totals.recoveredWorkers}`;
  watch(
    frame,
    (now) => {
      if (!now || keyOf(now) === readKey) return;
      const other = !readKey.startsWith(`${now.scope} ${now.window} `);
      if (other) {
        clearTimeout(due);
        due = undefined;
      } else if (due !== undefined) return;
      due = setTimeout(
        () => {
          due = undefined;
          void refresh();
        },
        other ? 0 : Math.max(0, readAt + REFRESH_MS - performance.now()),
      );
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    ended = true;
    clearTimeout(due);
  });
  return paid;
}
