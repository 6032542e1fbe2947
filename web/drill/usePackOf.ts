import { computed, type ComputedRef } from 'vue';
import type { RegionAnswer } from '../../contract/rest.ts';
import { reads } from '../http/reads.ts';
import { useFrameStore } from '../live/frameStore.ts';
import { provideSourceNames } from '../shell/sourceNames.ts';
import { useRead } from './useRead.ts';

/**
 * The pack of the district that an alert lies in, which on the screens of a city is not theirs, and by which the sources of the
 * alert are named. Call in `setup`.
 * @returns undefined until it has been read
 */
export function usePackOf(region: () => string | undefined): ComputedRef<RegionAnswer | undefined> {
  const store = useFrameStore();
  const isOther = () => store.pack !== undefined && region() !== undefined && store.pack.code !== region();
  const { value: other } = useRead(
    () => (isOther() ? reads.region(region()!) : undefined),
    () => [region(), store.pack?.code].join(),
  );
  const pack = computed(() => (isOther() ? other.value : store.pack));
  provideSourceNames(() => pack.value);
  return pack;
}
