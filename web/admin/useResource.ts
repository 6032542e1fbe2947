import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import { AccessProblem } from '../http/accessApi.ts';
import { signInNeeded } from '../http/signIn.ts';

export interface Resource<T> {
  value: ShallowRef<T | undefined>;
  /** Why it could not be read last time; what was read before stays. */
  problem: ShallowRef<AccessProblem | undefined>;
  refresh(): Promise<void>;
}

/** Something read for an admin, at once and then every so often. Call in `setup`. */
export function useResource<T>(read: () => Promise<T>, everyMs?: number): Resource<T> {
  const value = shallowRef<T>();
  const problem = shallowRef<AccessProblem>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let run = 0;
  let ended = false;
  async function refresh(): Promise<void> {
    clearTimeout(timer);
    const mine = ++run;
    try {
      const answer = await read();
      // What was asked before has been overtaken.
      if (mine !== run) return;
      value.value = answer;
      problem.value = undefined;
    } catch (error) {
      if (mine !== run) return;
      problem.value = error instanceof AccessProblem ? error : new AccessProblem(0, {});
      if (problem.value.status === 401) signInNeeded();
    }
    if (everyMs !== undefined && !ended)
      timer = setTimeout(() => {
        void refresh();
      }, everyMs);
  }
  void refresh();
  onScopeDispose(() => {
    ended = true;
    run++;
    clearTimeout(timer);
  });
  return { value, problem, refresh };
}
