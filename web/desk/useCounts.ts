import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import type { FilterQuery } from '../../contract/deskFilters.ts';
import { toRfc3339 } from '../../common/regionTime.ts';
import { Poller } from '../http/poller.ts';
import { reads } from '../http/reads.ts';
import { groupEnds, listsOf, paramsOf, type DeskList, type DueGroup, type Worker } from './lists.ts';

/** Counted at most so often, however much happens. */
const EVERY_MS = 2_000;

/** How many alerts of a list are due when. */
export type GroupTotals = Record<DueGroup, number>;

/** How many alerts each list has, and the open list by its terms. Kept up as things change. Call in `setup`. */
export function useCounts(
  worker: () => Worker | undefined,
  list: () => DeskList,
  q: () => string,
  filter: () => FilterQuery,
  parts: { now: () => number; seq: () => unknown },
): {
  counts: ShallowRef<Partial<Record<DeskList, number>>>;
  groups: ComputedRef<GroupTotals | undefined>;
  /** The open list has groups, and they are not counted yet. */
  counting: ComputedRef<boolean>;
} {
  const counts = shallowRef<Partial<Record<DeskList, number>>>({});
  const parted = shallowRef<{ of: string; totals: GroupTotals }>();
  const total = (params: URLSearchParams, signal: AbortSignal, dueBy?: number) => {
    params.delete('sort');
    if (dueBy !== undefined) params.set('dueBy', toRfc3339(dueBy));
    return reads.count(params, signal);
  };
  const narrowed = (who: Worker) => paramsOf(list(), who, '', filter(), parts.now());
  const of = () => {
    const who = worker();
    // What is searched for is not counted: a number for a name would be as good as the list, without the trail.
    // A filter by term is one of these groups already.
    return who && list() !== 'done' && q().trim() === '' && filter().due === undefined
      ? narrowed(who).toString()
      : undefined;
  };

  /** How many of the open list are due when: what is due before each end, less what is due before the one before. */
  async function countGroups(who: Worker, all: number, signal: AbortSignal): Promise<void> {
    const asked = of();
    if (asked === undefined) return;
    const ends = groupEnds(parts.now());
    const [late, today, week] = await Promise.all(
      [ends.late, ends.today, ends.week].map((end) => total(narrowed(who), signal, end)),
    );
    if (signal.aborted || of() !== asked) return;
    parted.value = {
      of: asked,
      totals: { late: late!, today: today! - late!, week: week! - today!, later: all - week! },
    };
  }

  const poller = new Poller({
    everyMs: EVERY_MS,
    retryMs: EVERY_MS,
    async run(signal) {
      const who = worker();
      // Before the first frame, the server's time is not known.
      if (!who || parts.seq() === undefined) return;
      // Rows wait for the heads of their groups: these come first where they are not there yet.
      const isNew = of() !== undefined && parted.value?.of !== of();
      if (isNew) await countGroups(who, await total(narrowed(who), signal), signal);
      if (signal.aborted) return;
      const lists = listsOf(who);
      const totals = await Promise.all(lists.map((one) => total(paramsOf(one, who), signal)));
      if (signal.aborted) return;
      counts.value = Object.fromEntries(lists.map((one, i) => [one, totals[i]!]));
      if (of() === undefined || isNew) return;
      const narrow = Object.keys(filter()).length > 0;
      await countGroups(who, narrow ? await total(narrowed(who), signal) : (counts.value[list()] ?? 0), signal);
    },
  });
  watch([worker, parts.seq], ([who, seq], [, before]) => {
    // The first frame is what it has waited for.
    if (who && seq !== undefined && before === undefined) void poller.restart();
    else poller.request();
  });
  watch(of, () => void poller.restart());
  poller.request();
  onScopeDispose(() => {
    poller.stop();
  });
  const groups = computed(() => (parted.value?.of === of() ? parted.value?.totals : undefined));
  return { counts, groups, counting: computed(() => of() !== undefined && !groups.value) };
}
