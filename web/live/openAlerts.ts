import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import type { AlertBrief, Frame } from '../../contract/frame.ts';
import type { AlertList } from '../../contract/rest.ts';

/** No more than the map draws (map/mapping/alertData.ts). */
const MOST = 5_000;
const PAGE = 200;
/** A frame tells of changes of the newest alerts itself; the others are read anew at most so often, ms. */
const REFRESH_MS = 30_000;

/** Reads one page of a region's open alerts (`GET /api/v1/alerts`). */
export type ListOpen = (scope: string, page: { limit: number; cursor?: string }) => Promise<AlertList>;

/**
 * The alerts as they were read, brought up to date with the newest of a frame, those that closed since taken out. Pure.
 * @param read open alerts by id
 */
export function withLatest(
  read: ReadonlyMap<string, AlertBrief>,
  latest: Readonly<Record<string, AlertBrief>>,
): AlertBrief[] {
  const merged = new Map(read);
  for (const brief of Object.values(latest)) merged.set(brief.alertId, brief);
  return [...merged.values()].filter(({ stage }) => stage !== 'closed');
}

/**
 * All open alerts of a region, for the map: a frame carries but the fifty newest. Undefined until they have been read;
 * what was read stays when a later reading fails.
 */
export function useOpenAlerts(frame: () => Frame | undefined, list: ListOpen): ShallowRef<AlertBrief[] | undefined> {
  const alerts = shallowRef<AlertBrief[]>();
  let read: Map<string, AlertBrief> | undefined;
  let readSeq: number | undefined;
  let busy = false;
  let due: ReturnType<typeof setTimeout> | undefined;
  let ended = false;

  function merge(): void {
    const now = frame();
    if (read && now) alerts.value = withLatest(read, now.latest);
  }

  async function readAll(scope: string): Promise<Map<string, AlertBrief>> {
    const found = new Map<string, AlertBrief>();
    for (let cursor: string | undefined; found.size < MOST;) {
      const page = await list(scope, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
      for (const brief of page.items) found.set(brief.alertId, brief);
      cursor = page.cursor;
      if (cursor === undefined) break;
    }
    return found;
  }

  async function refresh(): Promise<void> {
    const now = frame();
    if (!now || busy || ended || now.seq === readSeq) return;
    busy = true;
    try {
      read = await readAll(now.scope);
      readSeq = now.seq;
      merge();
    } catch {
      // The newest are still shown, and the next reading may succeed.
    } finally {
      busy = false;
      due = setTimeout(() => {
        due = undefined;
        void refresh();
      }, REFRESH_MS);
    }
  }

  watch(
    frame,
    () => {
      merge();
      if (due === undefined) void refresh();
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    ended = true;
    clearTimeout(due);
  });
  return alerts;
}
