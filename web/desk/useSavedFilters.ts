import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { SavedFilter, SavedFilters } from '../../contract/deskFilters.ts';
import { casesApi } from '../http/casesApi.ts';
import { HttpError } from '../http/client.ts';
import { Poller } from '../http/poller.ts';
import { reads } from '../http/reads.ts';
import { paramsOf, type Worker } from './lists.ts';

/** Counted seldom: there may be many, and each is a request. */
const EVERY_MS = 10_000;

export interface Saved {
  items: ShallowRef<readonly SavedFilter[]>;
  /** By name; not of those that search for a name (docs/casework.md §6). */
  counts: ShallowRef<Readonly<Record<string, number>>>;
  /** A key of the texts below `desk.filters`. */
  problem: Ref<'changed' | 'notSaved' | undefined>;
  /** Saves them all, in their order. @returns whether that was done */
  save(items: readonly SavedFilter[]): Promise<boolean>;
}

/** The saved filters of whoever works here, kept by the server, with their counts. Call in `setup`. */
export function useSavedFilters(
  worker: () => Worker | undefined,
  parts: { now: () => number; seq: () => unknown },
): Saved {
  const items = shallowRef<readonly SavedFilter[]>([]);
  const counts = shallowRef<Readonly<Record<string, number>>>({});
  const problem = ref<'changed' | 'notSaved'>();
  let version = 0;
  function take(filters: SavedFilters): void {
    ({ version } = filters);
    items.value = filters.items;
  }
  const read = async () => {
    take(await casesApi.filters());
  };
  const poller = new Poller({
    everyMs: EVERY_MS,
    retryMs: EVERY_MS,
    async run(signal) {
      const who = worker();
      if (!who || parts.seq() === undefined) return;
      const now = parts.now();
      const found = await Promise.all(
        items.value
          .filter(({ query }) => query.q === undefined)
          .map(async ({ name, list, query }) => {
            const params = paramsOf(list, who, '', query, now);
            params.delete('sort');
            // A filter by a unit that is no longer theirs has no count, and keeps the others from none.
            return [name, await reads.count(params, signal).catch(() => undefined)] as const;
          }),
      );
      if (signal.aborted) return;
      counts.value = Object.fromEntries(found.flatMap(([name, n]) => (n === undefined ? [] : [[name, n]])));
    },
  });
  watch(
    worker,
    (who) => {
      if (who) void read().catch(() => undefined);
    },
    { immediate: true },
  );
  watch([items, parts.seq], () => {
    if (items.value.length) poller.request();
  });
  onScopeDispose(() => {
    poller.stop();
  });
  return {
    items,
    counts,
    problem,
    async save(next) {
      problem.value = undefined;
      try {
        take(await casesApi.setFilters({ version, items: [...next] }));
        void poller.restart();
        return true;
      } catch (error) {
        if (!(error instanceof HttpError)) throw error;
        problem.value = error.status === 409 ? 'changed' : 'notSaved';
        // What is there by now is shown, and what was wanted is done anew on it.
        if (error.status === 409) await read().catch(() => undefined);
        return false;
      }
    },
  };
}
