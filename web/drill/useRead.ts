import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { HttpError } from '../http/client.ts';
import { Poller } from '../http/poller.ts';
import { troubleOf, type Trouble } from './trouble.ts';

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
  const poller = new Poller({
    everyMs: AGAIN_MS,
    retryMs: RETRY_MS,
    async run(signal) {
      try {
        const answer = await read(signal);
        if (signal.aborted || answer === undefined) return;
        missing.value = false;
        problem.value = undefined;
        if (JSON.stringify(answer) !== JSON.stringify(value.value)) value.value = answer;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof HttpError && error.status === 404) {
          missing.value = value.value === undefined;
          return;
        }
        problem.value = troubleOf(error);
        if (!problem.value.forbidden) throw error;
      }
    },
  });
  watch(again, () => {
    if (!missing.value && !problem.value?.forbidden) poller.request();
  });
  poller.request();
  onScopeDispose(() => {
    poller.stop();
  });
  return { value, missing, problem };
}
