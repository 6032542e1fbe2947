import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import { HttpError } from '../http/client.ts';
import { Poller } from '../http/poller.ts';
import { signInNeeded } from '../http/signIn.ts';

export interface Resource<T> {
  value: ShallowRef<T | undefined>;
  /** Why it could not be read last time; what was read before stays. */
  problem: ShallowRef<HttpError | undefined>;
  refresh(): Promise<void>;
}

/** Something read for a page, at once and then every so often. Call in `setup`. */
export function useResource<T>(read: () => Promise<T>, everyMs?: number): Resource<T> {
  const value = shallowRef<T>();
  const problem = shallowRef<HttpError>();
  const poller = new Poller({
    everyMs: everyMs ?? 0,
    always: everyMs !== undefined,
    async run(signal) {
      try {
        const answer = await read();
        if (signal.aborted) return;
        value.value = answer;
        problem.value = undefined;
      } catch (error) {
        if (signal.aborted) return;
        problem.value = error instanceof HttpError ? error : new HttpError(0);
        if (problem.value.status === 401) signInNeeded();
      }
    },
  });
  poller.request();
  onScopeDispose(() => {
    poller.stop();
  });
  return { value, problem, refresh: () => poller.restart() };
}
