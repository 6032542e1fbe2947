import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import type { AlertRef } from '../../contract/frame.ts';
import type { AlertDetail } from '../../contract/rest.ts';
import { HttpError } from '../http/client.ts';
import { reads } from '../http/reads.ts';
import { joinPages } from './archive.ts';

const RETRY_MS = 3_000;

/**
 * An alert with all of its events, read once: page after page, and from the beginning where something has happened meanwhile.
 * @param alert undefined until it may be read
 */
export function useWholeCase(alert: () => AlertRef | undefined): {
  detail: ShallowRef<AlertDetail | undefined>;
  problem: ShallowRef<HttpError | undefined>;
} {
  const detail = shallowRef<AlertDetail>();
  const problem = shallowRef<HttpError>();
  let run = new AbortController();
  let again: ReturnType<typeof setTimeout> | undefined;

  async function read({ region, alertId }: AlertRef, signal: AbortSignal): Promise<void> {
    try {
      let whole = await reads.alert(alertId, region, signal);
      while (whole.cursor !== undefined) {
        const earlier = await reads.alert(alertId, region, signal, whole.cursor);
        if (earlier.eventsTotal !== whole.eventsTotal) {
          // What came meanwhile belongs on the page, too.
          whole = await reads.alert(alertId, region, signal);
          continue;
        }
        whole = joinPages(earlier, whole);
      }
      if (signal.aborted) return;
      problem.value = undefined;
      detail.value = whole;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof HttpError)) throw error;
      problem.value = error;
      if (error.status === 0 || error.status >= 500 || error.status === 429)
        again = setTimeout(() => void read({ region, alertId }, signal), error.retryMs ?? RETRY_MS);
    }
  }
  const stop = () => {
    run.abort();
    clearTimeout(again);
  };
  watch(
    () => JSON.stringify(alert() ?? null),
    () => {
      stop();
      run = new AbortController();
      detail.value = undefined;
      const wanted = alert();
      if (wanted) void read(wanted, run.signal);
    },
    { immediate: true },
  );
  onScopeDispose(stop);
  return { detail, problem };
}
