import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { HttpError } from '../http/client.ts';

export interface Task {
  busy: Ref<boolean>;
  problem: ShallowRef<HttpError | undefined>;
  /** The problem in the screen's language. */
  message: () => string;
  /** Runs what changes something; false when it failed, with `problem` saying why. One at a time. */
  run(work: () => Promise<void>): Promise<boolean>;
}

/**
 * A form's work and what came of it. Call in `setup`.
 * @param words key of the texts by status: `${words}.401`, else those of every form
 */
export function useTask(words?: string): Task {
  const { t, te } = useI18n();
  const busy = ref(false);
  const problem = shallowRef<HttpError>();
  function message(): string {
    const now = problem.value;
    if (!now) return '';
    const own = `${words}.${now.status}`;
    if (words !== undefined && te(own))
      return t(own, { minutes: Math.ceil((now.retryMs ?? 60_000) / 60_000), detail: now.message });
    if (now.status === 0 || now.status >= 500) return t('access.problems.unreachable');
    const shared = `access.problems.${now.status}`;
    return te(shared) ? t(shared, { detail: now.message }) : now.message;
  }
  return {
    busy,
    problem,
    message,
    async run(work) {
      if (busy.value) return false;
      busy.value = true;
      problem.value = undefined;
      try {
        await work();
        return true;
      } catch (error) {
        problem.value = error instanceof HttpError ? error : new HttpError(0);
        if (!(error instanceof HttpError)) console.error(error);
        return false;
      } finally {
        busy.value = false;
      }
    },
  };
}
