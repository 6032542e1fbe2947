import { computed, onMounted, shallowRef, type ComputedRef } from 'vue';
import { contains } from '../../common/divisions.ts';
import { accessApi } from '../http/accessApi.ts';
import { useScopes, type Scopes } from '../shell/useScopes.ts';

export interface OwnScopes {
  scopes: Scopes;
  /** Regions and towns that whoever asks may have reports of, in order: a region, then its towns. */
  own: ComputedRef<{ code: string; name: string; town: boolean }[]>;
}

/** The scopes that are within one's own. Call in `setup`. */
export function useOwnScopes(): OwnScopes {
  const scopes = useScopes();
  const mine = shallowRef<string>();
  onMounted(async () => {
    const session = await accessApi.session().catch(() => undefined);
    const principal = session?.principal;
    // Admins have no bounds.
    mine.value = principal && principal.role !== 'admin' ? principal.scope : '';
  });
  const own = computed(() =>
    mine.value === undefined
      ? []
      : scopes.regions.value
          .flatMap(({ code, name, towns }) => [
            { code, name, town: false },
            ...towns.map((one) => ({ ...one, town: one.code.length === 9 })),
          ])
          .filter(({ code }, i, all) => all.findIndex((one) => one.code === code) === i)
          .filter(({ code }) => mine.value === '' || contains(mine.value!, code)),
  );
  return { scopes, own };
}
