import { computed, type ComputedRef } from 'vue';
import { ROLE_RULES, type AccessRole } from '../../contract/roles.ts';
import { reads } from '../http/reads.ts';
import { useRead } from './useRead.ts';

/** The role of whoever looks; undefined until it is known, and for nobody. Call in `setup`. */
export function useRole(): ComputedRef<AccessRole | undefined> {
  const { value: session } = useRead(
    () => reads.session(),
    () => '',
  );
  return computed(() => session.value?.principal?.role);
}

/** Whether whoever looks is shown the alerts of their unit alone: what lists have is then less than the wall counts. Call in `setup`. */
export function useOwnOnly(role = useRole()): ComputedRef<boolean> {
  return computed(() => role.value !== undefined && ROLE_RULES[role.value].reads === 'own');
}
