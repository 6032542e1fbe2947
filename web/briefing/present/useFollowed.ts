import { shallowRef, watch, type ShallowRef } from 'vue';
import type { BriefingAnswer } from '../../../contract/briefings.ts';
import type { Presentation } from '../../../contract/presenting.ts';
import { briefingsApi } from '../../http/briefingsApi.ts';
import { untilRead } from '../../http/untilRead.ts';

/** The briefing that is presented, read when it begins and when its pages have been changed; undefined while nothing is. Call in `setup`. */
export function useFollowed(presentation: () => Presentation | undefined): ShallowRef<BriefingAnswer | undefined> {
  const followed = shallowRef<BriefingAnswer>();
  watch(
    () => {
      const now = presentation();
      return now?.on ? `${now.briefing} ${now.edited}` : '';
    },
    async (wanted) => {
      const id = wanted.split(' ')[0]!;
      if (followed.value?.id !== id) followed.value = undefined;
      if (id === '') return;
      const read = await untilRead(() => briefingsApi.get(id)).catch(() => undefined);
      const now = presentation();
      if (now?.on && now.briefing === id) followed.value = read;
    },
    { immediate: true },
  );
  return followed;
}
