import { computed, type ComputedRef, type WritableComputedRef } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { levelOf } from '../../common/divisions.ts';
import type { RulePack } from '../../contract/rulePack.ts';
import type { Sources } from '../../contract/subjects.ts';
import { rulesApi } from '../http/rulesApi.ts';
import { subjectsApi } from '../http/subjectsApi.ts';
import { useResource, type Resource } from '../shell/useResource.ts';
import { useScopes, type Scopes } from '../shell/useScopes.ts';
import { watch } from 'vue';

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
  const pack = useResource(async () => {
    if (!region.value) return undefined;
    const { active } = await rulesApi.list(region.value);
    return active === undefined ? undefined : rulesApi.pack(region.value, active);
  }, AGAIN_MS);
  watch(region, () => {
    void sources.refresh();
    void pack.refresh();
  });
  return { scopes, regions, region, sources, pack };
}
