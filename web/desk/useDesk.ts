import { computed, onMounted, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import type { Session } from '../../contract/access.ts';
import { CASE_READERS } from '../../contract/roles.ts';
import { accessApi } from '../http/accessApi.ts';
import { HttpError } from '../http/client.ts';
import { signInNeeded } from '../http/signIn.ts';
import { untilRead } from '../http/untilRead.ts';
import { useFrameStore } from '../live/frameStore.ts';
import { pageSize } from '../shell/layout/pageSize.ts';
import { useRootSize } from '../shell/layout/useRootSize.ts';
import { useSettingsStore } from '../shell/settings/settingsStore.ts';
import type { Worker } from './lists.ts';

type Principal = NonNullable<Session['principal']>;

export interface Desk {
  session: ShallowRef<Session | undefined>;
  principal: ComputedRef<Principal | undefined>;
  /** Undefined until it is known who it is; false for somebody whom the desk is not for. */
  allowed: ComputedRef<boolean | undefined>;
  worker: ComputedRef<Worker | undefined>;
}

/** Who works at the desk, and the line to the server: the same for all its pages. Call in `setup`. */
export function useDesk(): Desk {
  const store = useFrameStore();
  const settings = useSettingsStore();
  useRootSize(pageSize);
  const session = shallowRef<Session>();
  const principal = computed(() => session.value?.principal);
  const allowed = computed(() => principal.value && CASE_READERS.includes(principal.value.role));
  const worker = computed<Worker | undefined>(() => {
    const who = principal.value;
    const scope = who?.scope ?? store.home;
    return who && allowed.value && scope ? { role: who.role, scope, unit: who.unit } : undefined;
  });
  onMounted(async () => {
    session.value = await untilRead(() => accessApi.session());
    if (!session.value.principal) {
      signInNeeded();
      return;
    }
    store.start({ scope: principal.value?.scope ?? settings.scope, window: '30d' }).catch((error: unknown) => {
      if (!(error instanceof HttpError && error.status === 401)) throw error;
    });
  });
  return { session, principal, allowed, worker };
}
