import { computed, shallowRef, watch, type ComputedRef, type WritableComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { levelOf } from '../../common/divisions.ts';
import type { RulePack } from '../../contract/rulePack.ts';
import type { Sources } from '../../contract/subjects.ts';
import { rulesApi } from '../http/rulesApi.ts';
import { subjectsApi } from '../http/subjectsApi.ts';
import { useResource, type Resource } from '../shell/useResource.ts';
import { useScopes, type Scopes } from '../shell/useScopes.ts';

/** Sources and rules change seldom, while a page may stay open for hours. */
const AGAIN_MS = 30_000;

export interface WatchedRegion {
  scopes: Scopes;
  regions: ComputedRef<Scopes['regions']['value']>;
  /** Code of the district that the page is about; '' while that is not known. */
  region: WritableComputedRef<string>;
  sources: Resource<Sources | undefined>;
  /** The version in force; undefined where there is none. */
  pack: Resource<RulePack | undefined>;
  /** Both were read, or could not be: before that, nothing follows from there being none. */
  ready: ComputedRef<boolean>;
}

/** The district that a page is about (`?region=`, else the first), its sources and its rules in force. Call in `setup`. */
export function useRegion(): WatchedRegion {
  const route = useRoute();
  const router = useRouter();
  const scopes = useScopes();
  const regions = computed(() => scopes.regions.value.filter(({ code }) => levelOf(code) === 'district'));
  const region = computed<string>({
    get: () => regions.value.find(({ code }) => code === route.query['region'])?.code ?? regions.value[0]?.code ?? '',
    set: (code) => void router.replace({ query: { region: code } }),
  });
  const sources = useResource(async () => (region.value ? subjectsApi.sources(region.value) : undefined), AGAIN_MS);
  /** The region whose rules were read last. */
  const packOf = shallowRef('');
  const pack = useResource(async () => {
    if (!region.value) return undefined;
    const of = region.value;
    const { active } = await rulesApi.list(of);
    const found = active === undefined ? undefined : await rulesApi.pack(of, active);
    packOf.value = of;
    return found;
  }, AGAIN_MS);
  const ready = computed(
    () =>
      region.value !== '' &&
      (packOf.value === region.value || pack.problem.value !== undefined) &&
      (sources.value.value ?? sources.problem.value) !== undefined,
  );
  watch(region, () => {
    void sources.refresh();
    void pack.refresh();
  });
  return { scopes, regions, region, sources, pack, ready };
}
