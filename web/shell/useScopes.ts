import { computed, onMounted, shallowRef, type ComputedRef } from 'vue';
import { regionOfCode } from '../../common/divisions.ts';
import type { RegionAnswer } from '../../contract/rest.ts';
import { localName, useLang } from '../i18n/index.ts';
import { reads } from '../http/reads.ts';
import { untilRead } from '../http/untilRead.ts';

export interface Scopes {
  /** Regions, each with its towns, in the screen's language. */
  regions: ComputedRef<{ code: string; name: string; towns: { code: string; name: string }[] }[]>;
  nameOf(code: string): string;
  /** The name of a unit of the region that a scope is, or lies in; its code where it is not known. */
  unitName(scope: string, unit: string): string;
  /** The pack of a region, once it has been read. */
  packOf(code: string): RegionAnswer | undefined;
}

/** The scopes that can be given to somebody. Call in `setup`. */
export function useScopes(): Scopes {
  const lang = useLang();
  const packs = shallowRef<RegionAnswer[]>([]);
  onMounted(async () => {
    const { items } = await untilRead(() => reads.regions());
    packs.value = await Promise.all(items.map(({ code }) => untilRead(() => reads.region(code))));
  });
  const regions = computed(() =>
    packs.value.map(({ code, name, towns }) => ({
      code,
      name: localName(name, lang.value),
      towns: towns.map((town) => ({ code: town.code, name: localName(town.name, lang.value) })),
    })),
  );
  const names = computed(
    () =>
      new Map(
        regions.value.flatMap((region) => [
          [region.code, region.name] as const,
          ...region.towns.map((town) => [town.code, town.name] as const),
        ]),
      ),
  );
  const packOf = (code: string) => packs.value.find((pack) => pack.code === code);
  return {
    regions,
    nameOf: (code) => names.value.get(code) ?? code,
    unitName(scope, unit) {
      const name = packOf(regionOfCode(scope))?.units?.find(({ code }) => code === unit)?.name;
      return name ? localName(name, lang.value) : unit;
    },
    packOf,
  };
}
