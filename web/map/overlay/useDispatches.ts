import { computed, onBeforeUnmount, shallowRef, watch, type ShallowRef } from 'vue';
import { knownAlerts, newDispatches, stagesOf, type StageMemory } from '../mapping/flights.ts';
import type { MapData, MapProps } from '../useMapData.ts';

/** An alert that has just been handed to a platform, and where it lies. */
export interface Dispatched {
  id: string;
  /** Mercator units. */
  x: number;
  y: number;
  area: string;
  platform: string;
}

/** A line of dispatch stands for so long, ms, and so many stand at once. */
const STANDS_MS = 3_000;
const MOST = 8;

/** What has been handed over within the last moments. */
export function useDispatches(props: { map: MapProps; data: MapData }): ShallowRef<Dispatched[]> {
  const standing = shallowRef<Dispatched[]>([]);
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let seen: StageMemory | undefined;
  let seenScope = '';
  const known = computed(() => knownAlerts(props.map.frame, props.map.alerts));
  watch(
    known,
    (briefs) => {
      const scope = props.map.frame?.scope ?? '';
      const fresh = newDispatches(scope === seenScope ? seen : undefined, briefs, props.map.pack);
      seen = props.map.frame ? stagesOf(briefs) : undefined;
      seenScope = scope;
      if (fresh.length === 0) return;
      const byKey = new Map(props.data.points.value.map((point) => [point.key, point]));
      for (const { key, platform } of fresh) {
        const from = byKey.get(key);
        if (!from) continue;
        const { x, y, area } = from;
        standing.value = [...standing.value.filter(({ id }) => id !== key), { id: key, x, y, area, platform }].slice(
          -MOST,
        );
        const timer = setTimeout(() => {
          timers.delete(timer);
          standing.value = standing.value.filter(({ id }) => id !== key);
        }, STANDS_MS);
        timers.add(timer);
      }
    },
    { immediate: true },
  );
  onBeforeUnmount(() => {
    for (const timer of timers) clearTimeout(timer);
  });
  return standing;
}
