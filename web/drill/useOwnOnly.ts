import { computed, type ComputedRef } from 'vue';
import { ROLE_RULES } from '../../contract/roles.ts';
import { reads } from '../http/reads.ts';
import { useRead } from './useRead.ts';

/** Whether whoever looks is shown the alerts of their unit alone: what lists have is then less than the wall counts. Call in `setup`. */
export function useOwnOnly(): ComputedRef<boolean> {
  const { value: session } = useRead(
    () => reads.session(),
    () => '',
  );
  return computed(() => {
    const role = session.value?.principal?.role;
    return role !== undefined && ROLE_RULES[role].reads === 'own';
  });
}
