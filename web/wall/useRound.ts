import { computed, onScopeDispose, ref, watch, type ComputedRef } from 'vue';
import type { useFrameStore } from '../live/frameStore.ts';
import { rotates, stopAt, stopsOf } from './rotation.ts';

export interface Round {
  /** The scope to show now, while the round goes on. */
  stop: ComputedRef<string | undefined>;
  /** A hand, a key or an alarm took over: the round rests for a minute. */
  touch(): void;
  /** Server's clock (ms) of the last touch; −∞ if there was none. */
  touchedAt: () => number;
}

/** The rotation of an untouched wall, by the server's clock. */
export function useRound(store: ReturnType<typeof useFrameStore>, wanted: () => boolean): Round {
  const touchedAt = ref(-Infinity);
  const stops = computed(() => stopsOf(store.regionFrame, store.pack));
  const goesOn = computed(() => store.second > 0 && rotates(wanted(), store.second, touchedAt.value));
  const stop = computed(() => (goesOn.value ? stopAt(store.second, stops.value) : undefined));
  const touch = () => {
    touchedAt.value = store.serverNow();
  };
  const events = ['pointerdown', 'keydown', 'wheel'] as const;
  for (const event of events) addEventListener(event, touch, { passive: true });
  onScopeDispose(() => {
    for (const event of events) removeEventListener(event, touch);
  });
  // A clock set back must not stop the round for ever.
  watch(
    () => store.second,
    (now) => {
      if (touchedAt.value > now + 60_000) touchedAt.value = now;
    },
  );
  return { stop, touch, touchedAt: () => touchedAt.value };
}
