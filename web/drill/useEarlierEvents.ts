import { computed, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import type { AlertDetail } from '../../contract/rest.ts';
import { troubleOf, type Trouble } from './trouble.ts';

/**
 * An alert with very many events comes with the latest of them; those before are read a page at a time when somebody asks.
 * @param read the detail with the events before a cursor
 */
export function useEarlierEvents(
  detail: ShallowRef<AlertDetail | undefined>,
  read: (cursor: string) => Promise<AlertDetail>,
): {
  /** The alert with all events that have been read. */
  whole: ComputedRef<AlertDetail | undefined>;
  /** How many events have not been read. */
  before: ComputedRef<number>;
  reading: Ref<boolean>;
  problem: ShallowRef<Trouble | undefined>;
  showEarlier: () => Promise<void>;
} {
  /** The last page that was read, and the events of all pages that were. */
  const earlier = shallowRef<Pick<AlertDetail, 'events' | 'eventsBefore' | 'cursor'>>();
  const reading = ref(false);
  const problem = shallowRef<Trouble>();
  // The latest page begins elsewhere once there are newer events: what was read before it no longer joins on.
  watch(
    () => [detail.value?.alertId, detail.value?.cursor].join(),
    () => {
      earlier.value = undefined;
      problem.value = undefined;
    },
  );
  const last = computed(() => earlier.value ?? detail.value);
  return {
    whole: computed(
      () => detail.value && { ...detail.value, events: [...(earlier.value?.events ?? []), ...detail.value.events] },
    ),
    before: computed(() => last.value?.eventsBefore ?? 0),
    reading,
    problem,
    async showEarlier() {
      const from = detail.value?.cursor;
      const cursor = last.value?.cursor;
      if (cursor === undefined || reading.value) return;
      reading.value = true;
      try {
        const { events, eventsBefore, cursor: next } = await read(cursor);
        if (detail.value?.cursor !== from) return;
        problem.value = undefined;
        earlier.value = {
          events: [...events, ...(earlier.value?.events ?? [])],
          ...(eventsBefore === undefined ? {} : { eventsBefore }),
          ...(next === undefined ? {} : { cursor: next }),
        };
      } catch (error) {
        problem.value = troubleOf(error);
      } finally {
        reading.value = false;
      }
    },
  };
}
