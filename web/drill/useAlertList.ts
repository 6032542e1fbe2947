import { computed, onScopeDispose, shallowRef, triggerRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import type { AlertList } from '../../contract/rest.ts';
import { Poller } from '../http/poller.ts';
import { AlertListModel } from './alertListModel.ts';
import { reads, PAGE_ROWS, type Reads } from '../http/reads.ts';
import { HttpError } from '../http/client.ts';
import { troubleOf, type Trouble } from './trouble.ts';
import type { SortOrder } from './query.ts';

/** Changes are looked for at most so often (issue: "refetch … at most once a second"). */
const FOLLOW_MS = 1_000;
/** How far back a look at the changes goes; more than that in a second only wait for the next page. */
const FOLLOW_ROWS = 100;
const RETRY_MS = 2_000;
/** Further from the rows at hand than this, reading goes on there instead of page after page. */
const JUMP_ROWS = 2 * PAGE_ROWS;
/** Rows that a page reaches into those at hand, to fit to them whatever has come or gone above. */
const OVERLAP = 50;

interface Step {
  kind: 'append' | 'prepend' | 'jump';
  page: { limit: number; cursor?: string; skip?: number };
}
const FIRST_ROWS = 100;

export interface AlertListReader {
  model: ShallowRef<AlertListModel | undefined>;
  /** No page has come yet for these filters. */
  loading: ComputedRef<boolean>;
  /** Why the list cannot be shown. */
  problem: ShallowRef<Trouble | undefined>;
  /** Has these rows read, page after page where they are near to those at hand. */
  want(first: number, last: number): void;
  /** Reads the list anew: those that waited take their places. */
  renew(): void;
}

/**
 * Reads a list page by page as it is scrolled, from another place on when it is scrolled far, and follows its changes.
 * @param seq changes whenever something may have changed (a frame's `seq`)
 * @param moved told when the rows at hand have moved by some places
 */
export function useAlertList(
  params: () => URLSearchParams | undefined,
  region: () => string | undefined,
  sort: () => SortOrder,
  seq: () => unknown,
  moved: (places: number) => void = () => undefined,
  list: Reads['list'] = reads.list,
): AlertListReader {
  const model = shallowRef<AlertListModel>();
  const problem = shallowRef<Trouble>();
  const key = computed(() => params()?.toString());
  let run = new AbortController();
  let wanted = { first: 0, last: 0 };
  /** Beginning of the window when the first page was read. */
  let span: string | undefined;
  /** The first page is still to come; what was shown before stays until then. */
  let fresh = true;
  let reading = false;
  let retry: ReturnType<typeof setTimeout> | undefined;

  /** What is to be read next for what is wanted, if anything. */
  function nextStep(now: AlertListModel | undefined): Step | undefined {
    if (!now) return { kind: 'append', page: { limit: FIRST_ROWS } };
    const { first, last } = wanted;
    if (first > now.end + JUMP_ROWS || last < now.start - JUMP_ROWS) return jumpTo(first);
    if (last >= now.end && now.cursor !== undefined)
      return { kind: 'append', page: { limit: PAGE_ROWS, cursor: now.cursor } };
    if (first < now.start)
      return { kind: 'prepend', page: { limit: PAGE_ROWS, skip: Math.max(0, now.start - PAGE_ROWS + OVERLAP) } };
    return undefined;
  }
  const jumpTo = (first: number): Step => ({
    kind: 'jump',
    page: { limit: PAGE_ROWS, skip: Math.max(0, first - OVERLAP) },
  });

  function take(now: AlertListModel, { kind, page: { skip = 0 } }: Step, page: AlertList): void {
    if (kind === 'append') now.append(page);
    // Past the end: the list has become shorter than what was scrolled to.
    else if (page.items.length === 0) renew();
    else if (kind === 'jump') now.jump(skip, page);
    else {
      const before = now.rows.length;
      const shift = now.prepend(page, skip);
      if (shift !== 0) moved(shift);
      // Nothing of it fits: more has changed above than the overlap covers.
      if (now.rows.length === before && now.start > 0) now.jump(skip, page);
    }
  }

  async function pump(): Promise<void> {
    if (reading) return;
    reading = true;
    const mine = run;
    try {
      while (!mine.signal.aborted) {
        const asked = params();
        const now = fresh ? undefined : model.value;
        const step = nextStep(now);
        if (!asked || !step) break;
        // What the window began with at the first page holds for the others, or they would not follow each other.
        if (now && span) {
          asked.delete('window');
          asked.set('from', span);
        }
        const page = await list(asked, step.page, mine.signal);
        if (mine.signal.aborted) break;
        problem.value = undefined;
        if (!now) {
          span = page.from;
          const made = new AlertListModel(sort());
          made.append(page);
          model.value = made;
          fresh = false;
        } else {
          const { total, enterprises } = now;
          take(now, step, page);
          // The total of now, not of the window as it was at the first page.
          if (span) Object.assign(now, { total, enterprises });
          triggerRef(model);
        }
      }
    } catch (error) {
      if (mine.signal.aborted) return;
      const refused = error instanceof HttpError && error.status >= 400 && error.status < 500;
      problem.value = troubleOf(error);
      if (refused && error.parameter === 'cursor') renew();
      else if (!refused)
        retry = setTimeout(() => {
          void pump();
        }, RETRY_MS);
    } finally {
      if (mine === run) reading = false;
    }
  }

  const follower = new Poller({
    everyMs: FOLLOW_MS,
    async run() {
      const now = fresh ? undefined : model.value;
      const asked = params();
      const code = region();
      if (!now || !asked || !code) return;
      const mine = run;
      asked.set('sort', '-changed');
      // A failure needs no word here: the line to the server says on top that it is down; the next change looks again.
      const [matching, everywhere] = await Promise.all([
        list(asked, { limit: FOLLOW_ROWS }, mine.signal),
        // Who may read one town only learns of what left the list when it is read anew.
        list(new URLSearchParams({ scope: code, sort: '-changed' }), { limit: FOLLOW_ROWS }, mine.signal).catch(() => ({
          total: 0,
          items: [],
        })),
      ]);
      if (!mine.signal.aborted && model.value === now && now.follow(matching, everywhere)) triggerRef(model);
    },
  });

  function renew(): void {
    run.abort();
    run = new AbortController();
    reading = false;
    clearTimeout(retry);
    problem.value = undefined;
    span = undefined;
    wanted = { first: 0, last: 0 };
    fresh = true;
    void pump();
  }

  watch(key, renew, { immediate: true });
  watch(seq, () => {
    follower.request();
  });
  onScopeDispose(() => {
    run.abort();
    follower.stop();
    clearTimeout(retry);
  });
  return {
    model,
    problem,
    renew,
    loading: computed(() => model.value === undefined && problem.value === undefined),
    want(first, last) {
      wanted = { first, last };
      void pump();
    },
  };
}
