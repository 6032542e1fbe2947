import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import { alertKey } from '../../common/alertRef.ts';
import type { AlertBrief, Frame } from '../../contract/frame.ts';
import { Poller } from '../http/poller.ts';
import { PAGE_ROWS, reads, type Reads } from '../http/reads.ts';

/** No more than the map draws (map/mapping/alertData.ts). */
const MOST = 5_000;
/** A frame tells of changes of the newest alerts itself; the others are read anew at most so often, ms. */
const REFRESH_MS = 30_000;

/**
 * The alerts as they were read, brought up to date with the newest of a frame, those that closed since taken out. Pure.
 * @param read open alerts by region and id (`alertKey`)
 */
export function withLatest(
  read: ReadonlyMap<string, AlertBrief>,
  latest: Readonly<Record<string, AlertBrief>>,
): AlertBrief[] {
  const merged = new Map(read);
  for (const brief of Object.values(latest)) merged.set(alertKey(brief), brief);
  return [...merged.values()].filter(({ stage }) => stage !== 'closed');
}

/**
 * All open alerts of a region, for the map: a frame carries but the fifty newest. Undefined until they have been read;
 * what was read stays when a later reading fails.
 */
export function useOpenAlerts(
  frame: () => Frame | undefined,
  list: Reads['list'] = reads.list,
): ShallowRef<AlertBrief[] | undefined> {
  const alerts = shallowRef<AlertBrief[]>();
  /** The alerts of one region as of one state of it. */
  let read: { scope: string; seq: number; alerts: ReadonlyMap<string, AlertBrief> } | undefined;

  function merge(): void {
    const now = frame();
    if (now) alerts.value = read?.scope === now.scope ? withLatest(read.alerts, now.latest) : undefined;
  }

  async function readAll(scope: string, signal: AbortSignal): Promise<Map<string, AlertBrief>> {
    const found = new Map<string, AlertBrief>();
    const params = new URLSearchParams({ scope, open: 'true' });
    for (let cursor: string | undefined; found.size < MOST;) {
      const page = await list(params, { limit: PAGE_ROWS, ...(cursor === undefined ? {} : { cursor }) }, signal);
      for (const brief of page.items) found.set(alertKey(brief), brief);
      cursor = page.cursor;
      if (cursor === undefined) break;
    }
    return found;
  }

  // A reading that failed is repeated like any other; the newest are shown meanwhile.
  const poller = new Poller({
    everyMs: REFRESH_MS,
    retryMs: REFRESH_MS,
    async run(signal) {
      const now = frame();
      if (!now || (now.scope === read?.scope && now.seq === read.seq)) return;
      const found = await readAll(now.scope, signal);
      if (signal.aborted) return;
      read = { scope: now.scope, seq: now.seq, alerts: found };
      merge();
    },
  });
  watch(
    frame,
    (now, before) => {
      merge();
      if (!now) return;
      // The alerts of another region are not those of this one: they are read at once.
      if (before && before.scope !== now.scope) void poller.restart();
      else poller.request();
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    poller.stop();
  });
  return alerts;
}
