import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { ReadError, troubleOf, type Trouble } from '../http/drillApi.ts';

const RETRY_MS = 3_000;
/** Read again at most so often, however fast things change. */
const AGAIN_MS = 1_000;

/**
 * Something read over HTTP, kept while it is read again. `again` changes when it may have changed.
 * A 404 is final, and so is what this screen may not be shown; anything else is tried until it succeeds.
 */
export function useRead<T>(
  read: (signal: AbortSignal) => Promise<T> | undefined,
  again: () => unknown,
): { value: ShallowRef<T | undefined>; missing: Ref<boolean>; problem: ShallowRef<Trouble | undefined> } {
  const value = shallowRef<T>();
  const missing = ref(false);
  const problem = shallowRef<Trouble>();
  let run: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = Number.NEGATIVE_INFINITY;

  async function now(): Promise<void> {
    timer = undefined;
    last = performance.now();
    run?.abort();
    const mine = (run = new AbortController());
    try {
      const answer = await read(mine.signal);
      if (mine.signal.aborted || answer === undefined) return;
      missing.value = false;
      problem.value = undefined;
      if (JSON.stringify(answer) !== JSON.stringify(value.value)) value.value = answer;
    } catch (error) {
      if (mine.signal.aborted) return;
      if (error instanceof ReadError && error.status === 404) missing.value = value.value === undefined;
      else {
        problem.value = troubleOf(error);
        if (problem.value.forbidden) return;
        timer ??= setTimeout(() => {
          void now();
        }, RETRY_MS);
      }
    }
  }
  watch(again, () => {
    if (missing.value || problem.value?.forbidden) return;
    timer ??= setTimeout(
      () => {
        void now();
      },
      Math.max(0, last + AGAIN_MS - performance.now()),
    );
  });
  void now();
  onScopeDispose(() => {
    run?.abort();
    clearTimeout(timer);
  });
  return { value, missing, problem };
}
