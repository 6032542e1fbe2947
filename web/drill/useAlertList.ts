import { computed, onScopeDispose, shallowRef, triggerRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import { AlertListModel } from './alertListModel.ts';
import { drillApi, PAGE_ROWS, ReadError, type ListApi } from './drillApi.ts';
import type { SortOrder } from './query.ts';

/** Changes are looked for at most so often (issue: "refetch … at most once a second"). */
const FOLLOW_MS = 1_000;
/** How far back a look at the changes goes; more than that in a second only wait for the next page. */
const FOLLOW_ROWS = 100;
const RETRY_MS = 2_000;

export interface AlertListReader {
  model: ShallowRef<AlertListModel | undefined>;
  /** No page has come yet for these filters. */
  loading: ComputedRef<boolean>;
  /** Why the list cannot be shown, in the server's words. */
  problem: ShallowRef<string | undefined>;
  /** Has the rows up to this one read, page after page. */
  want(index: number): void;
  /** Reads the list anew: those that waited take their places. */
  renew(): void;
}

/**
 * Reads a list page by page as it is scrolled, and follows the changes of it.
 * @param seq changes whenever something may have changed (a frame's `seq`)
 */
export function useAlertList(
  params: () => URLSearchParams | undefined, region: () => string | undefined, sort: () => SortOrder, seq: () => unknown, api: ListApi = drillApi,
): AlertListReader {
  const model = shallowRef<AlertListModel>();
  const problem = shallowRef<string>();
  const key = computed(() => params()?.toString());
  let run = new AbortController();
  let wanted = 0;
  /** Beginning of the window when the first page was read. */
  let span: string | undefined;
  /** The first page is still to come; what was shown before stays until then. */
  let fresh = true;
  let reading = false;
  let following = false;
  let stale = false;
  let lastFollow = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  async function pump(): Promise<void> {
    if (reading) return;
    reading = true;
    const mine = run;
    try {
      while (!mine.signal.aborted) {
        const asked = params();
        const now = fresh ? undefined : model.value;
        if (!asked || (now && (now.cursor === undefined || now.rows.length > wanted))) break;
        const first = !now;
        // What the window began with at the first page holds for the others, or they would not follow each other.
        if (!first && span) {
          asked.delete('window');
          asked.set('from', span);
        }
        const page = await api.list(asked, { limit: first ? 100 : PAGE_ROWS, ...(now?.cursor ? { cursor: now.cursor } : {}) }, mine.signal);
        if (mine.signal.aborted) break;
        problem.value = undefined;
        if (first) {
          span = page.from;
          const made = new AlertListModel(sort());
          made.append(page);
          model.value = made;
          fresh = false;
        } else {
          const { total, enterprises } = now;
          now.append(page);
          // The total of now, not of the window as it was at the first page.
          if (span) Object.assign(now, { total, enterprises });
          triggerRef(model);
        }
      }
    } catch (error) {
      if (mine.signal.aborted) return;
      const refused = error instanceof ReadError && error.status >= 400 && error.status < 500;
      problem.value = error instanceof Error ? error.message : String(error);
      if (refused && error.parameter === 'cursor') renew();
      else if (!refused) retry = setTimeout(() => { void pump(); }, RETRY_MS);
    } finally {
      if (mine === run) reading = false;
    }
  }

  async function follow(): Promise<void> {
    timer = undefined;
    const now = fresh ? undefined : model.value;
    const asked = params();
    const code = region();
    if (!now || !asked || !code || following) return;
    following = true;
    stale = false;
    lastFollow = performance.now();
    const mine = run;
    try {
      asked.set('sort', '-changed');
      const [matching, everywhere] = await Promise.all([
        api.list(asked, { limit: FOLLOW_ROWS }, mine.signal),
        // Who may read one town only learns of what left the list when it is read anew.
        api.list(new URLSearchParams({ scope: code, sort: '-changed' }), { limit: FOLLOW_ROWS }, mine.signal).catch(() => ({ total: 0, items: [] })),
      ]);
      if (!mine.signal.aborted && model.value === now && now.follow(matching, everywhere)) triggerRef(model);
    } catch {
      // The line to the server says on top that it is down; the next change looks again.
    } finally {
      following = false;
      if (stale) followSoon();
    }
  }
  function followSoon(): void {
    stale = true;
    if (timer !== undefined || following) return;
    timer = setTimeout(() => { void follow(); }, Math.max(0, lastFollow + FOLLOW_MS - performance.now()));
  }

  function renew(): void {
    run.abort();
    run = new AbortController();
    reading = false;
    clearTimeout(retry);
    problem.value = undefined;
    span = undefined;
    wanted = 0;
    fresh = true;
    void pump();
  }

  watch(key, renew, { immediate: true });
  watch(seq, followSoon);
  onScopeDispose(() => {
    run.abort();
    clearTimeout(timer);
    clearTimeout(retry);
  });
  return {
    model, problem, renew,
    loading: computed(() => model.value === undefined && problem.value === undefined),
    want(index) {
      if (index <= wanted) return;
      wanted = index;
      void pump();
    },
  };
}
